package live_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
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

// asked runs a function whenever it is asked for sign-ins.
type asked struct {
	owners
	each func(who []live.Who)
}

func (a asked) Ended(ctx context.Context, who []live.Who) ([]string, error) {
	a.each(who)
	return a.owners.Ended(ctx, who)
}

// The old sign-in ends while a new one is tried in its place, which then proves to
// have ended as well.
func TestASessionWhoseSignInEndsWhileItIsRenewedInVainEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSchool(1)
		signIns := owners{"old": s.people[0]}
		var node *live.Node
		node = live.New(newBus(1).join(), s, asked{signIns, func(who []live.Who) {
			if who[0].SignIn == "new" {
				delete(signIns, "old")
				node.Publish(t.Context(), hub.Event{District: s.district, Out: &hub.Out{People: s.people, Session: "old"}})
				time.Sleep(time.Second) // everybody hears of it
			}
		}}, live.Options{Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			node.Run(ctx)
		}()
		p := newPage(t, s, s.people[0])
		p.who.SignIn = "old"
		if err := p.connect(node); err != nil {
			t.Fatal(err)
		}
		if valid, err := p.session.Renew(t.Context(), "new"); valid || err != nil {
			t.Errorf("renewed: %v, %v", valid, err)
		}
		synctest.Wait()
		if how := p.how(); p.connected() || how != live.CloseSignedOut {
			t.Errorf("it is connected: %v; closed with %v", p.connected(), how)
		}
		stop()
		<-stopped
	})
}
