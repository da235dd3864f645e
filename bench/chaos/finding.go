package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/bench/page"
)

// kind is a column of the table in which there must be nothing.
type kind string

// The kinds. Refused is whatever a client was told that none should be.
const (
	lost     kind = "lost"
	doubled  kind = "doubled"
	disorder kind = "out of order"
	late     kind = "late"
	wrong    kind = "wrong counts"
	stranger kind = "strangers"
	refused  kind = "refused"
)

var kinds = []kind{lost, doubled, disorder, late, wrong, stranger, refused}

// finding is one thing that is not as it should be.
type finding struct {
	kind   kind
	record *page.Record // of the client that was wronged; nil where it is the database itself
	what   string
}

func (f finding) String() string {
	if f.record == nil {
		return fmt.Sprintf("%s: %s", f.kind, f.what)
	}
	return fmt.Sprintf("%s: %s: %s", f.kind, f.record.Device, f.what)
}

// letterName is how a message is named to a person.
func letterName(conversation uuid.UUID, seq int64) string {
	return fmt.Sprintf("message %d of %s", seq, conversation)
}

// bound is the latest that something may be shown after a fault has ended (G4).
const bound = 5 * time.Second
