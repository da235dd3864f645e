package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"
	"time"
)

// Signature is how Mailgun signs what it calls us with. It covers the time and
// the token, and nothing else of the body: it is the token that makes a call one
// of its kind.
type Signature struct {
	Timestamp string `json:"timestamp"` // s since 1970
	Token     string `json:"token"`
	Signature string `json:"signature"` // hex
}

var (
	validToken     = regexp.MustCompile(`^[!-~]{1,100}$`)
	validTimestamp = regexp.MustCompile(`^[0-9]{1,12}$`)
)

// Time is when it was signed. It says what is no signature without repeating it.
func (s Signature) Time() (time.Time, error) {
	if !validToken.MatchString(s.Token) {
		return time.Time{}, errors.New("signature.token is no token")
	}
	seconds, err := strconv.ParseInt(s.Timestamp, 10, 64)
	if err != nil || !validTimestamp.MatchString(s.Timestamp) {
		return time.Time{}, errors.New("signature.timestamp is no time")
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// SignedBy says whether the key made it.
func (s Signature) SignedBy(key []byte) bool {
	given, err := hex.DecodeString(s.Signature)
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(s.Timestamp + s.Token))
	return hmac.Equal(given, mac.Sum(nil)) // in constant time
}
