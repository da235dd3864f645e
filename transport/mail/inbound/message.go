package inbound

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/mail"
	"net/textproto"
	"strings"

	gomessage "github.com/emersion/go-message"
	"github.com/emersion/go-message/charset"
)

// message is a mail that was read.
type message struct {
	header      textproto.MIMEHeader
	from        string // the one address of its one From header, else empty
	to, cc      []string
	id          string // its Message-ID, with the brackets
	subject     string
	text        string // all of it: what was quoted as well
	attachments int
}

// How much of a mail is looked at.
const (
	maxHeader  = 256 << 10 // bytes, of the mail and of each part
	maxSubject = 4 << 10   // bytes
	maxParts   = 100
	maxText    = 256 << 10 // bytes of text, and as many of HTML
)

var (
	errMalformed    = errors.New("it is malformed")
	errTooManyParts = errors.New("it has too many parts")
)

// parse reads a mail. What is wrong with a part leaves that part out.
func parse(raw []byte) (message, error) {
	m, e, err := parseHeader(bounded(raw))
	if e == nil {
		return message{}, err
	}
	m.id = strings.TrimSpace(m.header.Get("Message-Id"))
	if from := m.header["From"]; len(from) == 1 {
		if all := addresses(from[0]); len(all) == 1 {
			m.from = all[0]
		}
	}
	m.to, m.cc = addresses(m.header.Get("To")), addresses(m.header.Get("Cc"))
	var b bodies
	whole := err // what is wrong with the mail itself, that Walk does not tell
	err = e.Walk(func(path []int, part *gomessage.Entity, err error) error {
		if len(path) == 0 {
			err = whole
		}
		return b.take(path, part, err)
	})
	if err != nil && b.parts == 0 {
		return message{}, errMalformed
	}
	m.text, m.attachments = b.text(), b.attachments
	return m, nil
}

// parseHeader reads as far as the header, with the subject decoded. err is also
// what is wrong with the mail where it can be read further.
func parseHeader(raw []byte) (m message, e *gomessage.Entity, err error) {
	e, err = gomessage.ReadWithOptions(bytes.NewReader(raw), &gomessage.ReadOptions{MaxHeaderBytes: maxHeader})
	if e == nil {
		return message{}, nil, errMalformed // the library's error repeats it
	}
	m.header = textproto.MIMEHeader{}
	for fields := e.Header.Fields(); fields.Next(); {
		m.header.Add(fields.Key(), fields.Value())
	}
	subject := m.header.Get("Subject")
	m.subject = decoded(subject[:min(len(subject), maxSubject)])
	return m, e, err
}

// bounded is a mail up to a part whose header is longer than one may be: the
// library reads it whole, and takes eighty times its length for it.
func bounded(raw []byte) []byte {
	begins := -1 // of what may be a part's header
	for at := 0; at < len(raw); {
		end := bytes.IndexByte(raw[at:], '\n') + 1
		if end == 0 {
			end = len(raw) - at
		}
		switch line := raw[at : at+end]; {
		case begins >= 0 && at+end-begins > maxHeader:
			return raw[:begins]
		case begins < 0 && bytes.HasPrefix(line, []byte("--")):
			begins = at
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			begins = -1
		}
		at += end
	}
	return raw
}

// identity stands for a Message-ID that nobody vouches for: the same for the same
// words written at the same time.
func (m message) identity() string {
	said := strings.Join(strings.Fields(m.text), " ")
	sum := sha256.Sum256([]byte(m.from + "\x00" + m.header.Get("Date") + "\x00" + said))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// encodedWords decodes headers, also of character sets that it does not know.
var encodedWords = mime.WordDecoder{CharsetReader: func(name string, r io.Reader) (io.Reader, error) {
	if known, err := charset.Reader(name, r); err == nil {
		return known, nil
	}
	return r, nil
}}

func decoded(header string) string {
	text, err := encodedWords.DecodeHeader(header)
	if err != nil {
		return header
	}
	return text
}

// addresses are those of a header, in lower case, none where it is malformed.
func addresses(header string) (all []string) {
	parser := mail.AddressParser{WordDecoder: &encodedWords}
	list, err := parser.ParseList(header)
	if err != nil {
		return nil
	}
	for _, a := range list {
		all = append(all, strings.ToLower(a.Address))
	}
	return all
}
