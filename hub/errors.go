package hub

import (
	"errors"
	"fmt"
)

// Code names what is wrong, the same word on every way into the program: the
// JSON API, the socket, and the keys of the catalogue of words.
type Code string

// The codes of errors. docs/protocol.md explains each.
const (
	CodeInvalid           Code = "invalid"       // Field says what
	CodeNotFound          Code = "not_found"     // unknown, or not yours: the same answer
	CodeMessagingOff      Code = "messaging_off" // R1
	CodeOut               Code = "out"           // the sender is no longer on the roster (R24)
	CodeSealed            Code = "sealed"        // R25
	CodeKeyReused         Code = "key_reused"    // Stored holds what was stored under it
	CodeNotAllowed        Code = "not_allowed"   // R3, R4, R6, R26: Reasons say whom and why
	CodeTooManyRecipients Code = "too_many_recipients"
	CodeTooLong           Code = "too_long" // Field, Limit
	CodeRequired          Code = "required" // Field
	CodeBusy              Code = "busy"     // try again with the same key
	CodeRateLimited       Code = "rate_limited"
)

// Error is a refusal that the caller can act on.
type Error struct {
	Code  Code
	Field string // subject, body, recipients, mode, key, reason …
	Limit int    // of CodeTooLong and CodeTooManyRecipients
	Got   int    // how much there was
	// Detail says in English what is wrong, for a developer; empty if Code and
	// Field say it.
	Detail string
	// Refused are the recipients of CodeNotAllowed, with the verdict on each.
	Refused []Refused
	// Stored is what was stored under the key of CodeKeyReused.
	Stored []Receipt
}

// Error says it in English, for logs and for integrators.
func (e *Error) Error() string {
	switch {
	case e.Field != "" && e.Limit > 0:
		return fmt.Sprintf("%s: %s (%d, at most %d)", e.Code, e.Field, e.Got, e.Limit)
	case e.Field != "":
		return fmt.Sprintf("%s: %s", e.Code, e.Field)
	case len(e.Refused) > 0:
		return fmt.Sprintf("%s: %s", e.Code, e.Refused[0].Verdict.Code)
	}
	return string(e.Code)
}

// Is makes errors.Is compare by code alone.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Field == ""
}

// ErrNotFound is the answer to what is unknown and to what is not yours alike.
var ErrNotFound = &Error{Code: CodeNotFound}

// CodeOf is the code of a refusal in the chain of err, empty where there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Failed says whether err is of what the hub stands on, and no answer by a rule:
// whoever asked can only try again, so that its cause belongs into the log.
func Failed(err error) bool {
	code := CodeOf(err)
	return err != nil && (code == "" || code == CodeBusy)
}

// StorageError: the store answers, and can keep nothing, since its disk is full,
// say. Why says so to everybody; Err is for the log.
type StorageError struct {
	Why string
	Err error
}

// Error says both.
func (e *StorageError) Error() string { return fmt.Sprintf("%s: %v", e.Why, e.Err) }

// Unwrap is the cause.
func (e *StorageError) Unwrap() error { return e.Err }
