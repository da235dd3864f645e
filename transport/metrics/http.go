package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/homeline/homeline/transport/route"
)

// HTTP times what next serves, which is everything: routers below it tell their
// routes with [route.Note].
func (m *Metrics) HTTP(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		r, taken := route.Watch(r)
		answer := &answer{ResponseWriter: w}
		served := false
		defer func() { // also where it panics
			m.requests.WithLabelValues(taken.String(), answer.code(served)).Observe(time.Since(began).Seconds())
		}()
		next.ServeHTTP(answer, r)
		served = true
	})
}

// answer notes the status of an answer.
type answer struct {
	http.ResponseWriter
	status int
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader notes the first status that is not only informational.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// code is the status as a label. Where none was said it is that of an answer that
// was served, or was not.
func (a *answer) code(served bool) string {
	switch {
	case a.status != 0:
		return strconv.Itoa(a.status)
	case served:
		return strconv.Itoa(http.StatusOK)
	}
	return strconv.Itoa(http.StatusInternalServerError)
}
