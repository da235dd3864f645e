package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/google/uuid"
)

// ErrNoToken is answered for a token that this installation never made. It does
// not say what is wrong with it.
var ErrNoToken = errors.New("the token is not one of ours")

// unsubscribing keeps what is signed here apart from whatever else is signed
// with the same secret.
const unsubscribing = "homeline unsubscribe\x00"

const tokenBytes = 2*16 + sha256.Size

// UnsubscribeToken names a person in the address that ends their mails. It holds
// for ever, since mails are kept for ever; all that it can do is end mails.
func UnsubscribeToken(secret []byte, district, person uuid.UUID) string {
	token := append(district[:], person[:]...)
	token = append(token, unsubscribeMAC(secret, token)...)
	return base64.RawURLEncoding.EncodeToString(token)
}

// ReadUnsubscribeToken is whom a token names; ErrNoToken where it was made with
// no such secret.
func ReadUnsubscribeToken(secret []byte, token string) (district, person uuid.UUID, err error) {
	// A token has one way to be written; even a strict decoder skips line breaks.
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return uuid.Nil, uuid.Nil, ErrNoToken
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenBytes {
		return uuid.Nil, uuid.Nil, ErrNoToken
	}
	named, mac := b[:tokenBytes-sha256.Size], b[tokenBytes-sha256.Size:]
	if !hmac.Equal(mac, unsubscribeMAC(secret, named)) {
		return uuid.Nil, uuid.Nil, ErrNoToken
	}
	copy(district[:], named[:16])
	copy(person[:], named[16:])
	return district, person, nil
}

// UnsubscribeAddress takes mails that unsubscribe, at the domain of replies.
func UnsubscribeAddress(domain string) string { return "unsubscribe@" + domain }

// UnsubscribeSubject is that of such a mail.
func UnsubscribeSubject(secret []byte, district, person uuid.UUID) string {
	return "unsubscribe " + UnsubscribeToken(secret, district, person)
}

// ReadUnsubscribeSubject is whom a mail with that subject unsubscribes, whatever
// a mailbox wrote before the token; ErrNoToken where there is none.
func ReadUnsubscribeSubject(secret []byte, subject string) (district, person uuid.UUID, err error) {
	words := strings.Fields(subject)
	if len(words) == 0 {
		return uuid.Nil, uuid.Nil, ErrNoToken
	}
	return ReadUnsubscribeToken(secret, words[len(words)-1])
}

func unsubscribeMAC(secret, named []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(unsubscribing))
	h.Write(named)
	return h.Sum(nil)
}
