package notify_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// night are quiet hours that the clocks are changed in.
var night = &roster.Quiet{From: "21:30", Until: "07:00"}

// everywhere are people of three zones, each with and without quiet hours and a
// mail once a day, and one who wants none.
func everywhere() (all []identity.Preferences) {
	for _, zone := range []string{"America/New_York", "Europe/Madrid", "Australia/Lord_Howe"} {
		all = append(all,
			identity.Preferences{TimeZone: zone},
			identity.Preferences{TimeZone: zone, Quiet: night},
			identity.Preferences{TimeZone: zone, Mail: identity.MailDaily, DailyAt: 17},
		)
	}
	return append(all, identity.Preferences{Mail: identity.MailOff})
}

// together lets nodes work while live does, and until everything is over.
func together(w *world, live func(), nodes ...*node) {
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, n := range nodes {
		all.Go(func() { n.run(ctx) })
	}
	live()
	time.Sleep(latest + 24*time.Hour)
	stop()
	all.Wait()
}

// TestAYear begins on 1 January 2000: with a leap day, and both changes of all
// the clocks.
func TestAYear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, everywhere()...)
		p := newProvider(w, time.Minute, 0)
		n := newNode(w, 1, p, 0)
		n.rest = 10 * time.Minute
		months := 12
		if raced {
			months = 2
		}
		together(w, func() { w.live(w.now().AddDate(0, months, 0), 8, 20*time.Hour, 20*time.Hour) }, n)
		a := w.audit(p)
		t.Logf("%+v", a)
		if a.wrong() != 0 || a.given != 0 {
			t.Errorf("in a year: %+v", a)
		}
		if a.mails < 80*months || a.spared < 8*months {
			t.Errorf("too little happened: %+v", a)
		}
	})
}
