package mailtest

import (
	"bytes"
	"io/fs"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"

	gomail "github.com/wneessen/go-mail"
)

// Mail is one that arrived, as its reader sees it.
type Mail struct {
	To, Subject, Text, HTML string
	MessageID               string // without angle brackets
	ReplyTo                 string // the address alone
	Unsubscribe             string // List-Unsubscribe
	// Suppresses says that the mail asks not to be answered by machines.
	Suppresses bool
}

// Read are the mails in a folder of .eml files, in the order of their names.
func Read(t testing.TB, folder fs.FS) []Mail {
	t.Helper()
	names, err := fs.Glob(folder, "*.eml")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	mails := make([]Mail, len(names))
	for i, name := range names {
		mails[i] = readFile(t, folder, name)
	}
	return mails
}

func readFile(t testing.TB, folder fs.FS, name string) Mail {
	t.Helper()
	content, err := fs.ReadFile(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(t, name, content)
}

// Parse is the mail of what was sent, called name where it is none.
func Parse(t testing.TB, name string, content []byte) (m Mail) {
	t.Helper()
	plain, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(plain.Header.Get("Subject")); err != nil {
		t.Fatalf("%s: subject: %v", name, err)
	}
	m.Suppresses = plain.Header.Get("Auto-Submitted") == "auto-generated"
	m.MessageID = strings.Trim(plain.Header.Get("Message-ID"), "<>")
	m.Unsubscribe = plain.Header.Get("List-Unsubscribe")
	if to, err := plain.Header.AddressList("Reply-To"); err == nil {
		m.ReplyTo = to[0].Address
	}
	msg, err := gomail.EMLToMsgFromReader(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, to := range msg.GetTo() {
		m.To = to.Address
	}
	for _, part := range msg.GetParts() {
		content, err := part.GetContent()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := strings.ReplaceAll(string(content), "\r\n", "\n")
		switch part.GetContentType() {
		case gomail.TypeTextPlain:
			m.Text = text
		case gomail.TypeTextHTML:
			m.HTML = text
		}
	}
	return m
}
