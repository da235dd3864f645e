package page

import (
	"context"
	"errors"

	"github.com/google/uuid"
)

// What somebody does by the JSON API alone, without a page.

// Write tries once to send a letter, and gives it as it is stored.
func (d *Device) Write(ctx context.Context, conversation, key uuid.UUID, body string) (Message, error) {
	var answer storedAnswer
	err := d.call(ctx, "POST", "/conversations/"+conversation.String()+"/messages", map[string]any{"key": key, "body": body}, &answer)
	return answer.Message, err
}

// Read tries once to mark a conversation as read up to a letter.
func (d *Device) Read(ctx context.Context, conversation uuid.UUID, upTo int64) error {
	var answer any
	return d.call(ctx, "POST", "/conversations/"+conversation.String()+"/read", map[string]any{"up_to": upTo}, &answer)
}

// Again says of an error that the same may be tried again.
func Again(err error) bool {
	var again unknown
	return errors.As(err, &again)
}
