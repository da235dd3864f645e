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
)

// message is a mail that was read.
type message struct {
	header      textproto.MIMEHeader
	from        string // the one address of its one From header, else empty
	unclear     bool   // it has a From of which nobody knows whose it is, or none
	to, cc      []string
	id          string // its Message-ID, with the brackets
	subject     string
	text        string // all of it: what was quoted as well
	attachments int
	cut         bool // there is more than is looked at
	unreadable  bool // it cannot be read: an unknown set of characters, or encrypted
}

// How much of a mail is looked at.
const (
	maxHeader  = 256 << 10 // bytes, of the mail and of each part
	maxSubject = 4 << 10   // bytes
	maxText    = 256 << 10 // bytes of text, and as many of HTML
)

var errMalformed = errors.New("it is malformed")

// parse reads a mail that was mended. What is wrong with a part leaves that part out.
func parse(raw []byte) (message, error) {
	m, body, err := parseHeader(raw)
	if err != nil {
		return message{}, err
	}
	m.id = strings.TrimSpace(m.header.Get("Message-Id"))
	if from := m.header["From"]; len(from) <= 1 {
		m.from = senderOf(only(m.header, "From"))
		m.unclear = m.from == ""
	}
	m.to, m.cc = addresses(m.header.Get("To")), addresses(m.header.Get("Cc"))
	var w walk
	w.into(m.header, body, 0, 0)
	b := bodies{cut: w.cut, unreadable: w.encrypted}
	for _, p := range w.parts {
		b.take(p)
	}
	m.text = b.text()
	m.attachments, m.cut, m.unreadable = b.files, b.cut, b.unreadable
	return m, nil
}

// parseHeader reads as far as the header, with the subject decoded.
func parseHeader(raw []byte) (m message, body []byte, err error) {
	if end, last := headerEnd(raw); last < 0 || end > maxHeader {
		return message{}, nil, errMalformed
	}
	m.header, body = header(raw)
	subject := m.header.Get("Subject")
	m.subject = decoded(subject[:min(len(subject), maxSubject)])
	return m, body, nil
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
	b, err := io.ReadAll(io.LimitReader(r, maxSubject))
	if text, ok := textIn(b, name, false); ok && err == nil {
		return strings.NewReader(text), nil
	}
	return bytes.NewReader(b), err
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
