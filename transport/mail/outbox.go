package mail

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// Outbox is a folder that mails are put into as .eml files, instead of being
// sent. They hold live sign-in links: only the owner may read folder and files.
type Outbox struct{ dir string }

const (
	suffix   = ".eml"
	nameTime = "20060102T150405.000000Z"
)

// OpenOutbox makes the folder where it is not there yet.
func OpenOutbox(dir string) (*Outbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return &Outbox{dir: dir}, nil
}

// Dir is where the mails are.
func (o *Outbox) Dir() string { return o.dir }

// Send writes the message whole or not at all.
func (o *Outbox) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	msg, err := compose(m)
	if err != nil {
		return err
	}
	var unique [4]byte
	rand.Read(unique[:])
	name := m.Date.UTC().Format(nameTime) + "-" + hex.EncodeToString(unique[:]) + suffix
	part, err := os.OpenFile(filepath.Join(o.dir, "."+name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	if _, err = msg.WriteTo(part); err == nil {
		err = part.Sync()
	}
	if closeErr := part.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(part.Name(), filepath.Join(o.dir, name))
	}
	if err != nil {
		os.Remove(part.Name())
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}
