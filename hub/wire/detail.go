package wire

import (
	"fmt"
	"strings"

	"github.com/homeline/homeline/hub"
)

// detail says in English, for a developer, what is wrong with which field.
func detail(e *hub.Error) string {
	switch {
	case e.Detail != "":
		return e.Detail
	case e.Code == hub.CodeTooLong:
		return fmt.Sprintf("%s: %d characters, at most %d", e.Field, e.Got, e.Limit)
	case e.Code == hub.CodeTooManyRecipients:
		return fmt.Sprintf("%s: %d people, at most %d", e.Field, e.Got, e.Limit)
	case e.Code == hub.CodeInvalid && e.Field == "channel" && e.Limit > 0:
		return fmt.Sprintf("channel: at most %d conversations are subscribed to at once; unsubscribe from one", e.Limit)
	case e.Code == hub.CodeNotAllowed && e.Field == "recipients":
		return fmt.Sprintf("recipients: %d of them cannot be written to; refused says whom and why", len(e.Refused))
	case e.Code == hub.CodeInvalid && (strings.HasSuffix(e.Field, "].person") || strings.HasSuffix(e.Field, "].student")):
		return e.Field + ": a UUID in its usual form of 36 characters"
	case e.Code == hub.CodeRateLimited && e.Field != "":
		return e.Field + ": too many; wait and ask again"
	}
	if sentence, known := fieldDetails[key{e.Code, e.Field}]; known {
		return e.Field + ": " + sentence
	}
	sentence, known := details[e.Code]
	switch {
	case !known:
		return e.Error()
	case e.Field != "":
		return e.Field + ": " + sentence
	}
	return sentence
}

type key struct {
	code  hub.Code
	field string
}

// fieldDetails say what belongs into a field.
var fieldDetails = map[key]string{
	{hub.CodeRequired, "side"}:        "missing; staff or family",
	{hub.CodeInvalid, "side"}:         "staff or family",
	{hub.CodeRequired, "mode"}:        "missing; the recipients are of several families: together, per_family or per_guardian",
	{hub.CodeInvalid, "mode"}:         "together, per_family or per_guardian; and not per_guardian with a student among the recipients where guardians always read along",
	{hub.CodeRequired, "key"}:         "missing; a UUID made by the client, the same for every try",
	{hub.CodeRequired, "channel"}:     "missing; user or conversation:<uuid>",
	{hub.CodeInvalid, "channel"}:      "user or conversation:<uuid>",
	{hub.CodeInvalid, "limit"}:        "a whole number within the bounds of this request",
	{hub.CodeInvalid, "after"}:        "a number that is not negative, or the next of the page before",
	{hub.CodeInvalid, "before"}:       "a number that is not negative, and not together with after",
	{hub.CodeInvalid, "up_to"}:        "a number that is not negative",
	{hub.CodeInvalid, "continues"}:    "a sealed conversation in which you take part as staff",
	{hub.CodeInvalid, "unread_only"}:  "true or false",
	{CodeUnauthenticated, "token"}:    "nobody is signed in with it",
	{CodeExpired, "token"}:            "it has expired; get a new one",
	{hub.CodeNotAllowed, "token"}:     "it is another person's",
	{CodeBadRequest, "id"}:            "missing, or neither a number nor a string of at most 64 bytes",
	{CodeBadRequest, "type"}:          "missing, or not a string",
	{CodeUnknownType, "type"}:         "there is no request of this type",
	{hub.CodeInvalid, "conversation"}: "a UUID in its usual form of 36 characters",
	{hub.CodeInvalid, "key"}:          "a UUID in its usual form of 36 characters, not all zeros",
	{hub.CodeInvalid, "epoch"}:        "a UUID in its usual form of 36 characters",
	{hub.CodeInvalid, "section"}:      "a UUID in its usual form of 36 characters",
	{hub.CodeInvalid, "school"}:       "a UUID in its usual form of 36 characters",
	{hub.CodeInvalid, "teacher"}:      "a UUID in its usual form of 36 characters",
}

// details say what a code means.
var details = map[hub.Code]string{
	hub.CodeInvalid:      "malformed",
	hub.CodeRequired:     "missing or empty",
	hub.CodeNotAllowed:   "you do not take part in the conversation as staff",
	hub.CodeNotFound:     "it does not exist, or it is not yours",
	hub.CodeMessagingOff: "the district has not switched messaging on; nothing can be sent",
	hub.CodeOut:          "you are no longer on the roster; nothing can be sent",
	hub.CodeSealed:       "the conversation is sealed; nothing can be sent to it",
	hub.CodeKeyReused:    "the key was used for another text; messages holds what was stored under it",
	hub.CodeBusy:         "it was not stored, or it is not known; try again with the same key",
	hub.CodeRateLimited:  "too many requests; wait and ask again, with the same key",
	CodeUnauthenticated:  "no token, or one with which nobody is signed in",
	CodeAnotherEpoch:     "the database tells another history by now; read everything again",
	CodeExpired:          "the token has expired; get a new one",
	CodeBadRequest:       "malformed",
	CodeUnknownType:      "there is no request of this type",
}
