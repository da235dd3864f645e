package live_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
)

// owners are the people of sign-ins, as of now.
type owners map[string]uuid.UUID

func (o owners) Ended(_ context.Context, who []live.Who) (ended []string, err error) {
	for _, w := range who {
		if o[w.SignIn] != w.Person {
			ended = append(ended, w.SignIn)
		}
	}
	return ended, nil
}

// One browser is its mother's, then its father's: her open page ends though the
// event of it was lost, and his does not.
func TestWhoChangesOverIsNotSignedOutWithWhoTheyWere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSchool(2)
		signIns := owners{"browser": s.people[0]}
		node := live.New(newBus(1).join(), s, signIns, live.Options{Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			node.Run(ctx)
		}()
		open := func(person uuid.UUID) *page {
			p := newPage(t, s, person)
			p.who.SignIn = "browser"
			if err := p.connect(node); err != nil {
				t.Fatal(err)
			}
			return p
		}
		hers, again := open(s.people[0]), open(s.people[0])
		signIns["browser"] = s.people[1]
		his := open(s.people[1])
		time.Sleep(time.Minute)
		if hers.connected() || again.connected() {
			t.Error("a page of whom the browser was before is still open")
		}
		if !his.connected() {
			t.Errorf("the page of whom the browser is now was closed with %v", his.how())
		}
		stop()
		<-stopped
	})
}
