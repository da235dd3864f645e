package mail

import "net/http"

// mostCalls are how many calls of a provider are taken at once: what anybody posts
// there is kept until its signature has been seen.
const mostCalls = 64

// Bounded takes no more calls at once than a node has room for, however slowly they
// come in. More are answered 429, which Mailgun repeats.
func Bounded(h http.Handler) http.Handler {
	places := make(chan struct{}, mostCalls)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			h.ServeHTTP(w, r)
		default:
			http.Error(w, "other calls are being taken: bring it later", http.StatusTooManyRequests)
		}
	})
}
