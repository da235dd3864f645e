package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	gomail "github.com/wneessen/go-mail"

	"github.com/homeline/homeline/hub/notify"
)

// Outbox is a folder that mails are put into as .eml files, instead of being
// sent. They hold live sign-in links: only the owner may read folder and files.
//
// A file is named after its time and its Message-ID, and there is one for each
// Message-ID however often it is delivered, by however many processes.
type Outbox struct{ dir string }

const (
	suffix     = ".eml"
	suffixPart = ".part"
	lockFile   = ".lock"
	nameTime   = "20060102T150405.000000Z"
	lockRetry  = 2 * time.Millisecond
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

// Send is Deliver.
func (o *Outbox) Send(ctx context.Context, m Message) error {
	_, err := o.Deliver(ctx, m)
	return err
}

// Deliver writes the message whole or not at all; what cannot be written was not
// taken. The name is that of the file.
func (o *Outbox) Deliver(ctx context.Context, m Message) (string, error) {
	m, err := checked(m)
	if err != nil {
		return "", refuse(err)
	}
	msg, err := compose(m)
	if err != nil {
		return "", refuse(err)
	}
	name, err := o.keep(ctx, m, msg)
	if err != nil {
		return "", &notify.LaterError{Err: fmt.Errorf("outbox: %w", err)}
	}
	return name, nil
}

// Ask looks whether the file is there.
func (o *Outbox) Ask(ctx context.Context, messageID, _ string, _ time.Time) (notify.Fate, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	name, err := o.find(messageID)
	switch {
	case err != nil:
		return "", fmt.Errorf("outbox: %w", err)
	case name == "":
		return notify.FateNotTaken, nil
	}
	return notify.FateTaken, nil
}

// Lag is none: a file is there, or it is not.
func (o *Outbox) Lag() time.Duration { return 0 }

// Check writes a file and removes it.
func (o *Outbox) Check(context.Context) error {
	f, err := os.CreateTemp(o.dir, ".check-*"+suffixPart)
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return fmt.Errorf("outbox: mails cannot be written: %w: give the folder to the user that runs homeline", err)
	}
	return nil
}

// keep writes the message unless it is there. The lock is what makes it once:
// the time in the name differs from one attempt to the next.
func (o *Outbox) keep(ctx context.Context, m Message, msg *gomail.Msg) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	lock := flock.New(filepath.Join(o.dir, lockFile), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockRetry); err != nil {
		return "", err
	}
	defer lock.Close()
	if name, err := o.find(m.ID); name != "" || err != nil {
		return name, err
	}
	name := m.Date.UTC().Format(nameTime) + "-" + digest(m.ID) + suffix
	part := filepath.Join(o.dir, "."+name+suffixPart)
	if err := write(part, msg); err != nil {
		os.Remove(part)
		return "", err
	}
	return name, os.Rename(part, filepath.Join(o.dir, name))
}

// write leaves a file that outlives a crash. One that a crash cut short is
// written anew.
func write(path string, msg *gomail.Msg) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err = msg.WriteTo(f); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// find is the name of the message's file, empty where there is none.
func (o *Outbox) find(messageID string) (string, error) {
	// Glob tells nobody that a folder is missing: it would read as not taken.
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return "", err
	}
	wanted := "*-" + digest(messageID) + suffix
	for _, entry := range entries {
		if match, _ := filepath.Match(wanted, entry.Name()); match {
			return entry.Name(), nil
		}
	}
	return "", nil
}

// digest stands for a Message-ID in the name of a file.
func digest(messageID string) string {
	sum := sha256.Sum256([]byte(messageID))
	return hex.EncodeToString(sum[:16])
}
