package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
)

// maxBody is the size of a request in bytes: a letter of the longest kind, of
// characters that take the longest to escape, fits in.
const maxBody = 256 << 10

// body reads a request from JSON. Only application/json counts: a foreign page
// cannot send that without being asked first.
func body(r *http.Request, request any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return &hub.Error{Code: wire.CodeBadRequest, Field: "Content-Type"}
	}
	raw, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &hub.Error{Code: wire.CodeTooLarge, Limit: maxBody}
	case err != nil:
		return &hub.Error{Code: wire.CodeBadRequest}
	}
	return operation.Decode(raw, request)
}

func conversationOf(r *http.Request) string { return mux.Vars(r)["id"] }

// key is the idempotency key: the header's, or else that of the body.
func key(r *http.Request, inBody string) string {
	if k := r.Header.Get("Idempotency-Key"); k != "" {
		return k
	}
	return inBody
}

// query reads numbers and switches, and keeps the first thing that is wrong.
type query struct {
	values url.Values
	err    error
}

func (q *query) number(name string) int64 {
	text := q.values.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		q.refuse(name)
	}
	return n
}

func (q *query) flag(name string) bool {
	text := q.values.Get(name)
	if text == "" {
		return false
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		q.refuse(name)
	}
	return on
}

func (q *query) refuse(name string) {
	if q.err == nil {
		q.err = &hub.Error{Code: hub.CodeInvalid, Field: name}
	}
}
