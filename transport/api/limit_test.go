package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

func TestAHundredParallelReadsOfOnePersonDoNotAllHoldTheirAnswers(t *testing.T) {
	l := newLimits()
	rosa, tom := hub.Actor{Person: uuid.New()}, hub.Actor{Person: uuid.New()}
	entered := 0
	for range 50 {
		if l.enter(rosa) {
			entered++
		}
	}
	if entered != maxAtOnce {
		t.Errorf("%d at once", entered)
	}
	if !l.enter(tom) {
		t.Error("another waits for them")
	}
	l.leave(rosa)
	if !l.enter(rosa) {
		t.Error("one has left and none may enter")
	}
}

func TestWhoIsBeingAnsweredIsNotForgottenWhenThousandsAsk(t *testing.T) {
	l := newLimits()
	rosa := hub.Actor{Person: uuid.New()}
	for range maxAtOnce {
		l.enter(rosa)
	}
	for range maxLimits + 10 {
		other := hub.Actor{Person: uuid.New()}
		l.enter(other)
		l.leave(other)
	}
	if len(l.people) > maxLimits+1 {
		t.Errorf("%d people are remembered", len(l.people))
	}
	if l.enter(rosa) {
		t.Error("one more than may be at once")
	}
	l.leave(rosa)
}

func TestACodeWithoutAStatusIsA500(t *testing.T) {
	a := &api{}
	w := httptest.NewRecorder()
	a.refuse(w, httptest.NewRequest(http.MethodGet, "/", nil), &hub.Error{Code: "news"})
	if w.Code != http.StatusInternalServerError {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
