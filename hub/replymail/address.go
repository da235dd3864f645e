package replymail

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
)

// DefaultLife is how long a mail may be answered.
const DefaultLife = 14 * 24 * time.Hour

// prefix is what every local part begins with: mail servers that are asked by
// hand for such an address then show what it is.
const prefix = "reply-"

// An address is written in base32, since some mailboxes change the case of a
// local part. It holds a mail's identifier, the day on which it expires, and the
// first bytes of their HMAC: 55 characters with 128 bits of it, 61 with the
// prefix, of the 64 that a local part may have.
const (
	macBytes   = 16
	namedBytes = 16 + 2
	tokenBytes = namedBytes + macBytes
)

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// replying and silent keep what is signed here apart from whatever else is signed
// with the same secret, and addresses at which one replies from those at which one is
// told that one cannot.
const (
	replying = "homeline reply\x00"
	silent   = "homeline no reply\x00"
)

// ErrNoAddress is answered for an address that this installation never made. It
// does not say what is wrong with it.
var ErrNoAddress = errors.New("the address is not one of ours")

// Addresses makes the addresses that mails are answered at.
type Addresses struct {
	Secret []byte        // of the installation
	Domain string        // that incoming mail is routed for
	Life   time.Duration // from when the mail was made, in whole days; zero: DefaultLife
}

// Make is the address of a mail, the same each time.
func (a Addresses) Make(mail uuid.UUID) string { return a.make(mail, replying) }

// MakeSilent is the address of a mail that cannot be replied to: whoever writes there
// is told so.
func (a Addresses) MakeSilent(mail uuid.UUID) string { return a.make(mail, silent) }

func (a Addresses) make(mail uuid.UUID, purpose string) string {
	named := binary.BigEndian.AppendUint16(mail[:], day(a.expiry(mail)))
	return prefix + encoding.EncodeToString(append(named, a.mac(named, purpose)...)) + "@" + a.Domain
}

// Of is the address at which a letter is answered.
func (a Addresses) Of(l notify.Letter) string { return a.Make(l.Mail) }

// OfSilent is the address of a letter that cannot be answered.
func (a Addresses) OfSilent(l notify.Letter) string { return a.MakeSilent(l.Mail) }

// Silent reports whether an address is of a mail that cannot be replied to.
func (a Addresses) Silent(address string) bool {
	_, _, purpose, err := a.parse(address)
	return err == nil && purpose == silent
}

// Parse is the mail that an address is of, and when it expires, whether that is
// over or not. ErrNoAddress where it is none of ours.
func (a Addresses) Parse(address string) (mail uuid.UUID, expires time.Time, err error) {
	mail, expires, _, err = a.parse(address)
	return mail, expires, err
}

func (a Addresses) parse(address string) (mail uuid.UUID, expires time.Time, purpose string, err error) {
	local, domain, ok := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	token, named := strings.CutPrefix(local, prefix)
	if !ok || !named || domain != strings.ToLower(a.Domain) || len(token) != encoding.EncodedLen(tokenBytes) {
		return uuid.Nil, time.Time{}, "", ErrNoAddress
	}
	b, err := encoding.DecodeString(token)
	// A token has one way to be written: the last character has bits to spare.
	if err != nil || encoding.EncodeToString(b) != token {
		return uuid.Nil, time.Time{}, "", ErrNoAddress
	}
	for _, purpose := range []string{replying, silent} {
		if hmac.Equal(b[namedBytes:], a.mac(b[:namedBytes], purpose)) {
			return uuid.UUID(b[:16]), time.Unix(int64(binary.BigEndian.Uint16(b[16:]))*secondsADay, 0).UTC(), purpose, nil
		}
	}
	return uuid.Nil, time.Time{}, "", ErrNoAddress
}

// MadeAt is when the mail was made that an address is of, zero where it is none
// of ours.
func (a Addresses) MadeAt(address string) time.Time {
	mail, _, err := a.Parse(address)
	if err != nil {
		return time.Time{}
	}
	seconds, nanoseconds := mail.Time().UnixTime()
	return time.Unix(seconds, nanoseconds).UTC()
}

const secondsADay = 24 * 60 * 60

// expiry is the end of the day on which a mail can be answered last. The time at
// which it was made is in its identifier.
func (a Addresses) expiry(mail uuid.UUID) time.Time {
	life := a.Life
	if life == 0 {
		life = DefaultLife
	}
	seconds, _ := mail.Time().UnixTime()
	return time.Unix(seconds, 0).Add(life + 24*time.Hour)
}

func day(t time.Time) uint16 { return uint16(t.Unix() / secondsADay) }

func (a Addresses) mac(named []byte, purpose string) []byte {
	h := hmac.New(sha256.New, a.Secret)
	h.Write([]byte(purpose))
	h.Write(named)
	return h.Sum(nil)[:macBytes]
}
