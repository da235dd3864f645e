package api

import (
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
)

// body reads a request from JSON. Only application/json counts: a foreign page
// cannot send that without being asked first.
func body(r *http.Request, request any) error {
	if err := mediaType(r.Header); err != nil {
		return err
	}
	raw, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return operation.TooLarge(operation.MaxRequest)
	case err != nil:
		return &hub.Error{Code: wire.CodeBadRequest, Detail: "the body ended too early"}
	}
	return operation.Decode(raw, request)
}

func mediaType(h http.Header) error {
	refuse := func(field, detail string) error {
		return &hub.Error{Code: wire.CodeMediaType, Field: field, Detail: field + ": " + detail}
	}
	kind, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	switch charset, given := parameters["charset"]; {
	case err != nil || kind != "application/json":
		return refuse("Content-Type", "application/json")
	case given && !strings.EqualFold(charset, "utf-8"):
		return refuse("Content-Type", "JSON is UTF-8, not "+strconv.Quote(charset))
	}
	for _, coding := range h.Values("Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(coding), "identity") {
			return refuse("Content-Encoding", "send the body as it is")
		}
	}
	return nil
}

func conversationOf(r *http.Request) string { return mux.Vars(r)["id"] }

const keyHeader = "Idempotency-Key"

// key is the idempotency key: the header's, with quotes around it or without, or
// else that of the body.
func key(r *http.Request, inBody string) (string, error) {
	switch given := r.Header.Values(keyHeader); len(given) {
	case 0:
		return inBody, nil
	case 1:
		k := strings.TrimSpace(given[0])
		if n := len(k); n >= 2 && k[0] == '"' && k[n-1] == '"' {
			k = k[1 : n-1]
		}
		return k, nil
	}
	return "", &hub.Error{Code: hub.CodeInvalid, Field: keyHeader, Detail: keyHeader + ": given more than once"}
}

// query reads the parameters of a request, and keeps the first thing that is
// wrong.
type query struct {
	values url.Values
	err    error
}

func queryOf(r *http.Request) *query {
	values, err := url.ParseQuery(r.URL.RawQuery)
	q := &query{values: values}
	if err != nil {
		q.err = &hub.Error{Code: wire.CodeBadRequest, Detail: "the query is malformed: " + err.Error()}
	}
	return q
}

// text is a parameter, which may be given once.
func (q *query) text(name string) string {
	given := q.values[name]
	switch {
	case len(given) == 0:
		return ""
	case len(given) > 1:
		q.refuse(name, "given more than once")
	case !utf8.ValidString(given[0]):
		q.refuse(name, "not valid UTF-8")
	case strings.IndexByte(given[0], 0) >= 0:
		q.refuse(name, "NUL is not text")
	}
	return given[0]
}

func (q *query) number(name string) int64 {
	text := q.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || text[0] == '+' {
		q.refuse(name, "a whole number belongs here")
	}
	return n
}

// count is a number that is not large.
func (q *query) count(name string) int {
	n := q.number(name)
	if n > math.MaxInt32 || n < math.MinInt32 {
		q.refuse(name, "out of bounds")
	}
	return int(n)
}

func (q *query) flag(name string) bool {
	switch q.text(name) {
	case "", "false", "0":
		return false
	case "true", "1":
		return true
	}
	q.refuse(name, "true or false")
	return false
}

func (q *query) refuse(name, detail string) {
	if q.err == nil {
		q.err = &hub.Error{Code: hub.CodeInvalid, Field: name, Detail: name + ": " + detail}
	}
}
