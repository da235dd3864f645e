package route

import (
	"net/http"
	"strconv"
)

// Answer is a ResponseWriter that notes the status of the answer.
type Answer struct {
	http.ResponseWriter
	status int
}

// Observe is w, observed.
func Observe(w http.ResponseWriter) *Answer { return &Answer{ResponseWriter: w} }

// Unwrap is for http.ResponseController.
func (a *Answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader notes the first status that is not only informational.
func (a *Answer) WriteHeader(status int) {
	if a.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Code is the status as a label. Where none was said it is that of an answer that
// was served, or was not.
func (a *Answer) Code(served bool) string {
	switch {
	case a.status != 0:
		return strconv.Itoa(a.status)
	case served:
		return strconv.Itoa(http.StatusOK)
	}
	return strconv.Itoa(http.StatusInternalServerError)
}
