package hub

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// The hash chain makes it seen when somebody with the database file changed,
// removed or inserted a message. Both stores and this file compute it alike:
//
//	root  = SHA-256("homeline conversation 1\n" | district 16 | conversation 16 | starter 16 | started 8 | subject)
//	hash1 = SHA-256("homeline message 1\n" | root 32 | seq 8 | sender 16 | sent 8 | key 16 | body)
//	hashN = the same with hash N-1 in place of root
//
// where | joins bytes, numbers are big-endian, instants are microseconds since
// 1970 UTC, and text is UTF-8 to the end. All but the text has a fixed length,
// so that no two different messages have the same encoding. The conversation
// row holds the last number and its hash: cutting the end off is seen too.

const (
	chainConversation = "homeline conversation 1\n"
	chainMessage      = "homeline message 1\n"
)

// ChainRoot is the hash that the first message of a conversation builds on.
func ChainRoot(district, conversation, starter uuid.UUID, started time.Time, subject string) [32]byte {
	b := make([]byte, 0, len(chainConversation)+56+len(subject))
	b = append(b, chainConversation...)
	b = append(b, district[:]...)
	b = append(b, conversation[:]...)
	b = append(b, starter[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(started.UnixMicro()))
	b = append(b, subject...)
	return sha256.Sum256(b)
}

// ChainHash is the hash of m, given the hash of the message before it.
func ChainHash(previous [32]byte, m Message) [32]byte {
	b := make([]byte, 0, len(chainMessage)+80+len(m.Body))
	b = append(b, chainMessage...)
	b = append(b, previous[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(m.Seq))
	b = append(b, m.Sender[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(m.SentAt.UnixMicro()))
	b = append(b, m.Key[:]...)
	b = append(b, m.Body...)
	return sha256.Sum256(b)
}
