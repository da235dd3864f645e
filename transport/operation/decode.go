package operation

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/strict"
)

// envelope are the fields of a frame that are not of an operation.
type envelope struct {
	ID        json.RawMessage `json:"id"`
	Type      string          `json:"type"`
	Token     string          `json:"token"`
	Channel   string          `json:"channel"`
	Limit     int             `json:"limit"`
	Subscribe []string        `json:"subscribe"`
}

var keys = strict.KeysOf(envelope{}, SendRequest{}, StartRequest{}, ReadRequest{}, SealRequest{},
	ContactsRequest{}, InboxRequest{}, ConversationRequest{}, MessagesRequest{})

// Check says whether raw is a JSON object that can be read in one way only, and
// gives its members to each. Its error is [strict.ErrNotUTF8],
// [strict.ErrNotObject] or a *hub.Error that names the key.
func Check(raw []byte, each func(key, value []byte)) error { return strict.Object(raw, keys, each) }

// Decode checks a JSON object and fills a request from it. Its error is a
// *hub.Error.
func Decode(raw []byte, request any) error {
	switch err := Check(raw, nil); {
	case errors.Is(err, strict.ErrNotUTF8), errors.Is(err, strict.ErrNotObject):
		return &hub.Error{Code: wire.CodeBadRequest, Detail: "the body is " + err.Error()}
	case err != nil:
		return err
	}
	return Fill(request, raw)
}

// Fill fills a request from a JSON object that [Check] has let pass. Its error is
// a *hub.Error that names the field.
func Fill(request any, raw []byte) error {
	err := json.Unmarshal(raw, request)
	var mistyped *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &mistyped) && mistyped.Field != "":
		return &hub.Error{Code: hub.CodeInvalid, Field: mistyped.Field, Detail: fmt.Sprintf(
			"%s: %s where %s belongs", mistyped.Field, article(mistyped.Value), kindName(mistyped.Type))}
	}
	return &hub.Error{Code: wire.CodeBadRequest, Detail: "the request is not a JSON object of the right shape"}
}

func article(value string) string {
	if value == "bool" {
		value = "true or false"
	} else if strings.IndexAny(value, "aeiou") == 0 {
		value = "an " + value
	} else {
		value = "a " + value
	}
	return value
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "an array"
	case reflect.Struct:
		return "an object"
	}
	return "a string"
}
