package wire

import (
	"encoding/json"
	"errors"

	"github.com/homeline/homeline/hub"
)

// The codes that only the ways into the program know, beside those of hub.
const (
	CodeUnknownType      hub.Code = "unknown_type"
	CodeBadRequest       hub.Code = "bad_request"
	CodeUnauthenticated  hub.Code = "unauthenticated"
	CodeExpired          hub.Code = "token_expired"
	CodeAnotherEpoch     hub.Code = "another_epoch"
	CodeTooLarge         hub.Code = "too_large"
	CodeMethodNotAllowed hub.Code = "method_not_allowed"     // over HTTP
	CodeMediaType        hub.Code = "unsupported_media_type" // over HTTP
)

// Error is a refusal, as the socket and the JSON API tell it.
type Error struct {
	Code       hub.Code  `json:"code"`
	Field      string    `json:"field,omitempty"`
	Limit      int       `json:"limit,omitempty"`
	Got        int       `json:"got,omitempty"`
	Refused    []Refused `json:"refused,omitempty"`
	Messages   []Message `json:"messages,omitempty"`    // of key_reused: what was stored
	RetryAfter int       `json:"retry_after,omitempty"` // seconds, of rate_limited and busy
	Detail     string    `json:"detail"`
}

// ErrorFrame is an Error as the answer to a request. ID is null where the
// request had none.
type ErrorFrame struct {
	ID   json.RawMessage `json:"id"`
	Type string          `json:"type"` // error
	Error
}

// busyRetry is how many seconds somebody waits before trying again what the
// store could not do.
const busyRetry = 1

// maxRefused is how many of the recipients that are refused an error names.
const maxRefused = 400

// FromError is err as it is told. What is no refusal of the hub is busy: it was
// not stored, or not known to be, and its words stay in the log.
func FromError(err error) Error {
	var refusal *hub.Error
	if !errors.As(err, &refusal) {
		refusal = &hub.Error{Code: hub.CodeBusy}
	}
	e := Error{
		Code: refusal.Code, Field: refusal.Field, Limit: refusal.Limit, Got: refusal.Got,
		Detail: detail(refusal),
	}
	if e.Code == hub.CodeBusy || e.Code == hub.CodeRateLimited {
		e.RetryAfter = busyRetry
	}
	for _, r := range refusal.Refused[:min(len(refusal.Refused), maxRefused)] {
		e.Refused = append(e.Refused, Refused{Person: r.Recipient.Person, Student: r.Recipient.Student, Code: r.Verdict.Code})
	}
	for _, r := range refusal.Stored {
		e.Messages = append(e.Messages, FromReceipt(r))
	}
	e.Messages = Page(e.Messages, MessagesBytes)
	return e
}
