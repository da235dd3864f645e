package metrics

import (
	"net/http"
	"time"

	"github.com/homeline/homeline/transport/route"
)

// HTTP times what next serves, which is everything: routers below it tell their
// routes with [route.Note].
func (m *Metrics) HTTP(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		r, taken := route.Watch(r)
		answer := route.Observe(w)
		served := false
		defer func() { // also where it panics
			m.requests.WithLabelValues(taken.String(), answer.Code(served)).Observe(time.Since(began).Seconds())
		}()
		next.ServeHTTP(answer, r)
		served = true
	})
}
