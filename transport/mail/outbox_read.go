package mail

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// ErrNoMail is what reading a mail returns that is not in the outbox.
var ErrNoMail = errors.New("no such mail in the outbox")

// Newest are the latest mails, newest first, at most limit.
func (o *Outbox) Newest(limit int) ([]Kept, error) {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	var kept []Kept
	for _, e := range slices.Backward(entries) {
		if len(kept) == limit {
			break
		}
		if !isMail(e.Name()) {
			continue
		}
		k, err := o.Read(e.Name())
		if errors.Is(err, ErrNoMail) {
			continue // taken away between the two
		}
		if err != nil {
			return nil, err
		}
		kept = append(kept, k)
	}
	return kept, nil
}

// Read is the mail of that name. ErrNoMail where there is none.
func (o *Outbox) Read(name string) (Kept, error) {
	if !isMail(name) {
		return Kept{}, ErrNoMail
	}
	f, err := os.Open(filepath.Join(o.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return Kept{}, ErrNoMail
	}
	if err != nil {
		return Kept{}, fmt.Errorf("outbox: %w", err)
	}
	defer f.Close()
	msg, err := gomail.EMLToMsgFromReader(f)
	if err != nil {
		return Kept{}, fmt.Errorf("outbox: %s: %w", name, err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(strings.Join(msg.GetGenHeader(gomail.HeaderSubject), " "))
	if err != nil {
		return Kept{}, fmt.Errorf("outbox: %s: subject: %w", name, err)
	}
	k := Kept{Name: name, Subject: subject, Date: strings.Join(msg.GetGenHeader(gomail.HeaderDate), " ")}
	for _, to := range msg.GetTo() {
		k.To = to.Address
	}
	for _, part := range msg.GetParts() {
		content, err := part.GetContent()
		if err != nil {
			return Kept{}, fmt.Errorf("outbox: %s: %w", name, err)
		}
		switch part.GetContentType() {
		case gomail.TypeTextPlain:
			k.Text = string(content)
		case gomail.TypeTextHTML:
			k.HTML = string(content)
		}
	}
	return k, nil
}

// isMail keeps to the files that Send writes, whole ones, in this folder.
func isMail(name string) bool {
	return strings.HasSuffix(name, suffix) && !strings.HasPrefix(name, ".") && filepath.Base(name) == name
}
