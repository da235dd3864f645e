package mail_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/homeline/homeline/transport/mail"
)

func TestCallsThatComeSlowlyAreNotTakenWithoutBound(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	h := mail.Bounded(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		began <- struct{}{}
		<-end
	}))
	call := func() int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/hooks/mailgun/events", nil))
		return w.Code
	}
	var slow sync.WaitGroup
	for range 64 {
		slow.Go(func() { call() })
	}
	for range 64 {
		<-began
	}
	if code := call(); code != http.StatusTooManyRequests {
		t.Errorf("one more is answered %d", code)
	}
	close(end)
	slow.Wait()
	slow.Go(func() {
		if code := call(); code != http.StatusOK {
			t.Errorf("after them one is answered %d", code)
		}
	})
	<-began
	slow.Wait()
}
