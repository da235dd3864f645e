package hub

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// The hash chain makes it seen when somebody with the database file changed,
// removed or inserted what is never changed: a message, what a conversation
// began with, or its seal. Stores and this file compute it alike:
//
//	root  = SHA-256("homeline conversation 1\n" | district 16 | conversation 16 | starter 16 | started 8 |
//	                predecessor 16 | text(subject) | participants 8 | participant …)
//	participant = person 16 | ties 8 | tie …
//	tie   = student 16 | text(part) | text(detail)
//	hash1 = SHA-256("homeline message 1\n" | root 32 | seq 8 | sender 16 | sent 8 | key 16 | body)
//	hashN = the same with hash N-1 in place of root
//	seal  = SHA-256("homeline seal 1\n" | district 16 | conversation 16 | seq 8 | hash 32 | at 8 |
//	                by 16 | guardian 16 | student 16 | text(cause) | text(reason) | text(staff reason))
//
// where | joins bytes, numbers are big-endian, instants are microseconds since
// 1970 UTC, an identifier that there is none of is 16 zeros, participants and
// their ties stand in their order, and text is its length in bytes as a number
// of 8, then its UTF-8; the body, which ends a message, is without its length.
// So no two different things have the same encoding. seq and hash of a seal are
// those of the last message.
//
// The conversation row holds the last number and its hash, and the hash of the
// seal: that the end was cut off, or a seal broken, is seen too.

const (
	chainConversation = "homeline conversation 1\n"
	chainMessage      = "homeline message 1\n"
	chainSeal         = "homeline seal 1\n"
)

// ChainRoot is the hash that the first message of a conversation builds on. Of
// c it takes all but the message itself.
func ChainRoot(district, starter uuid.UUID, started time.Time, c NewConversation) [32]byte {
	b := []byte(chainConversation)
	b = appendIDs(b, district, c.ID, starter)
	b = appendNumber(b, started.UnixMicro())
	b = appendIDs(b, c.Predecessor)
	b = appendText(b, c.Subject)
	b = appendNumber(b, int64(len(c.Participants)))
	for _, p := range c.Participants {
		b = appendIDs(b, p.Person)
		b = appendNumber(b, int64(len(p.Ties)))
		for _, t := range p.Ties {
			b = appendIDs(b, t.Student)
			b = appendText(b, string(t.Part))
			b = appendText(b, t.Detail)
		}
	}
	return sha256.Sum256(b)
}

// ChainSeal is the hash of the seal of a conversation whose last message has
// that number and hash.
func ChainSeal(district, conversation uuid.UUID, lastSeq int64, lastHash [32]byte, s Seal) [32]byte {
	b := []byte(chainSeal)
	b = appendIDs(b, district, conversation)
	b = appendNumber(b, lastSeq)
	b = append(b, lastHash[:]...)
	b = appendNumber(b, s.At.UnixMicro())
	b = appendIDs(b, s.By, s.Guardian, s.Student)
	for _, text := range []string{string(s.Cause), s.Reason, s.StaffReason} {
		b = appendText(b, text)
	}
	return sha256.Sum256(b)
}

func appendIDs(b []byte, ids ...uuid.UUID) []byte {
	for _, id := range ids {
		b = append(b, id[:]...)
	}
	return b
}

func appendNumber(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

func appendText(b []byte, text string) []byte {
	return append(appendNumber(b, int64(len(text))), text...)
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
