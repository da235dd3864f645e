package page

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// Recipient is to whom one writes, and about which student.
type Recipient struct {
	Person  uuid.UUID `json:"person"`
	Student uuid.UUID `json:"student"`
}

// Start is a conversation to be started, with the one key for every try.
type Start struct {
	Key        uuid.UUID   `json:"key"`
	Side       string      `json:"side"`
	Mode       string      `json:"mode"`
	Subject    string      `json:"subject"`
	Body       string      `json:"body"`
	Recipients []Recipient `json:"recipients"`
}

// Start tries once to start a conversation.
func (d *Device) Start(ctx context.Context, s Start) error {
	_, err := d.Begin(ctx, s)
	return err
}

// Begin is Start that says which conversations there are now.
func (d *Device) Begin(ctx context.Context, s Start) ([]uuid.UUID, error) {
	var answer struct {
		Conversations []uuid.UUID `json:"conversations"`
	}
	err := d.call(ctx, "POST", "/conversations", s, &answer)
	if err == nil {
		d.Record.fact(func(f *Facts) {
			f.Started = append(f.Started, Started{s.Key, s.Body, answer.Conversations})
		})
	}
	return answer.Conversations, err
}

// Family is a student whom one can write to, with their guardians.
type Family struct {
	Person    uuid.UUID `json:"person"`
	Guardians []struct {
		Person uuid.UUID `json:"person"`
	} `json:"guardians"`
}

// Families are those that somebody of staff reaches, at most a hundred.
func (d *Device) Families(ctx context.Context) ([]Family, error) {
	var answer struct {
		Students []Family `json:"students"`
	}
	err := d.call(ctx, "GET", "/contacts?side=staff&limit=100", nil, &answer)
	return answer.Students, err
}

// Probe asks for a conversation that is not one's own, in the ways there are; it
// must look as if there were none.
func (d *Device) Probe(ctx context.Context, id uuid.UUID) {
	for _, path := range []string{"/conversations/%s", "/conversations/%s/messages"} {
		var answer any
		err := d.call(ctx, "GET", fmt.Sprintf(path, id), nil, &answer)
		if err == nil {
			d.Record.Stranger(id, "it was shown at "+path)
		} else if refused, ok := err.(*Refused); ok && refused.Code != "not_found" {
			d.Record.Stranger(id, "refused with "+refused.Code+" and not not_found")
		}
	}
}
