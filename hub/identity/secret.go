package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

const secretBytes = 32

// newSecret is 256 random bits, fit for a URL and a cookie.
func newSecret() string {
	var b [secretBytes]byte
	rand.Read(b[:]) // never fails, says its doc
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashSecret is what is kept of a secret. It is random and long, so that a fast
// hash without salt is enough. ok is false for what never was a secret of ours.
func hashSecret(secret string) (hash [32]byte, ok bool) {
	if b, err := base64.RawURLEncoding.DecodeString(secret); err != nil || len(b) != secretBytes {
		return hash, false
	}
	return sha256.Sum256([]byte(secret)), true
}

// sessionID is the ID of the session that the token opens.
func sessionID(token string) (id string, ok bool) {
	hash, ok := hashSecret(token)
	return hex.EncodeToString(hash[:]), ok
}
