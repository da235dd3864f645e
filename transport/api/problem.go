package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
)

// problem is an error as RFC 9457 has it, with the fields of the socket's errors
// beside it.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	wire.Error
}

const problemType = "https://homeline.invalid/errors/"

// refuse answers with a problem. What failed beneath the hub goes to
// the log, which alone says why.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := wire.FromError(err)
	if hub.Failed(err) {
		a.log.ErrorContext(r.Context(), "a request failed", "method", r.Method, "error", err)
	}
	switch e.Code {
	case wire.CodeUnauthenticated:
		w.Header().Set("WWW-Authenticate", `Bearer realm="homeline"`)
	case wire.CodeExpired:
		w.Header().Set("WWW-Authenticate", `Bearer realm="homeline", error="invalid_token", error_description="expired"`)
	}
	a.problem(w, r, e)
}

func (a *api) problem(w http.ResponseWriter, r *http.Request, e wire.Error) {
	status := operation.Status(e.Code)
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.RetryAfter))
	}
	a.write(w, r, status, "application/problem+json", problem{
		Type: problemType + string(e.Code), Title: strings.ReplaceAll(string(e.Code), "_", " "),
		Status: status, Error: e,
	})
}

func (a *api) noSuchPath(w http.ResponseWriter, r *http.Request) {
	a.problem(w, r, wire.Error{Code: hub.CodeNotFound, Detail: "there is nothing at this path"})
}

func (a *api) noSuchMethod(w http.ResponseWriter, r *http.Request) {
	a.problem(w, r, wire.Error{Code: wire.CodeMethodNotAllowed, Detail: r.Method + " is not a method of this path; " + w.Header().Get("Allow") + " are"})
}

func (a *api) write(w http.ResponseWriter, r *http.Request, status int, kind string, body any) {
	encoded, err := json.Marshal(body)
	if err != nil {
		a.log.Error("an answer could not be encoded", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Length", strconv.Itoa(len(encoded)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(encoded) // whoever asked may have gone away
	}
}
