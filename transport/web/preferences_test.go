package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

func TestThePreferencesSayWhichMailsOneGets(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	b.get("/preferences").says("You get one e-mail when something stays unread for 15 minutes.", "As my district: none")
	s.change(func(d *roster.District) {
		d.Settings.MailDelayMinutes, d.Settings.Quiet = 120, roster.Quiet{From: "21:00", Until: "07:00"}
	})
	b.get("/preferences").says("stays unread for 2 hours, not between 21:00 and 07:00.", "As my district: 21:00 to 07:00")
	for _, c := range []struct {
		chosen url.Values
		says   string
	}{
		{url.Values{"quiet": {"none"}}, "stays unread for 2 hours."},
		{url.Values{"quiet": {"own"}, "quiet_from": {"22:00"}, "quiet_until": {"06:30"}}, "not between 22:00 and 06:30."},
		{url.Values{"mail": {"daily"}, "daily_at": {"17"}}, "You get one e-mail a day, at 17:00,"},
		{url.Values{"mail": {"daily"}, "daily_at": {"5"}}, "You get one e-mail a day, at 06:30,"}, // once it is no longer quiet
		{url.Values{"mail": {"off"}}, "You get no e-mails about unread messages."},
	} {
		b.post("/preferences", c.chosen).leadsTo("/preferences")
		b.get("/preferences").says("Your preferences are saved.", c.says)
	}
	b.get("/preferences").has(`name="quiet" value="own" checked`, `name="mail" value="off" checked`, `<option value="22:00" selected>`)
	s.change(func(d *roster.District) { d.Enabled = false })
	b.get("/preferences").says("You get no e-mails while messaging is off in your district.")
}

func TestWhoWantsMailsAgainIsMailedWhatStayedUnread(t *testing.T) {
	s := open(t)
	mails := func() (n int) {
		t.Helper()
		claimed, err := s.store.(notify.Store).Claim(t.Context(), s.clock.Now(), 10, time.Minute, notify.Judge)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range claimed.Mails {
			if m.Mail.Person == s.actor(ana).Person {
				n++
			}
		}
		return n
	}
	s.as(ana).post("/preferences", url.Values{"mail": {"off"}}).leadsTo("/preferences")
	s.letter("Trip", "On Friday.")
	s.clock.advance(time.Hour)
	if n := mails(); n != 0 {
		t.Errorf("who wants none has %d mails", n)
	}
	s.as(ana).post("/preferences", url.Values{"mail": {"on"}}).leadsTo("/preferences")
	if n := mails(); n != 0 {
		t.Errorf("at once there are %d mails", n)
	}
	s.clock.advance(15 * time.Minute)
	if n := mails(); n != 1 {
		t.Errorf("after the delay there are %d mails", n)
	}
}

func TestADailyMailWaitsForTheEndOfQuietHours(t *testing.T) {
	night, noon := roster.Quiet{From: "21:30", Until: "07:00"}, roster.Quiet{From: "12:00", Until: "13:00"}
	for _, c := range []struct {
		hour  int
		quiet roster.Quiet
		want  string
	}{
		{21, night, "21:00"}, {22, night, "07:00"}, {0, night, "07:00"}, {7, night, "07:00"}, {17, night, "17:00"},
		{11, noon, "11:00"}, {12, noon, "13:00"}, {13, noon, "13:00"}, {3, roster.Quiet{}, "03:00"},
		{9, roster.Quiet{From: "09:00", Until: "09:00"}, "09:00"},
	} {
		if got := dailyTime(c.hour, c.quiet); got != c.want {
			t.Errorf("%d with %v: %s, want %s", c.hour, c.quiet, got, c.want)
		}
	}
}

func TestWhatCannotBePreferredIsSaidAtItsFieldAndWhatWasChosenIsKept(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	a := b.post("/preferences", url.Values{
		"language": {"es"}, "time_zone": {"America/Denver"}, "mail": {"daily"}, "daily_at": {"noon"},
		"quiet": {"own"}, "quiet_from": {"21:00"}, "quiet_until": {"21:00"},
	}).is(http.StatusBadRequest)
	a.says("There are 2 problems", "Choose the hour of the daily e-mail.", "another time than they begin.")
	a.has(`<a href="#daily_at">`, `<a href="#quiet_until">`, `name="mail" value="daily" checked`, `name="quiet" value="own" checked`,
		`name="language" value="es" checked`, `<option value="America/Denver" selected>`)
	if !strings.HasPrefix(a.title(), "Error: ") {
		t.Errorf("title %q", a.title())
	}
	for field, value := range map[string]string{"mail": "", "quiet": "never", "language": "tlh", "time_zone": "Mars/Olympus"} {
		b.post("/preferences", url.Values{field: {value}}).is(http.StatusBadRequest).has(`<a href="#` + field + `">`)
	}
	b.post("/preferences", url.Values{"quiet": {"own"}, "quiet_from": {""}, "quiet_until": {""}}).is(http.StatusBadRequest).
		has(`<a href="#quiet_from">`)
	b.get("/preferences").says("You get one e-mail when something stays unread for 15 minutes.")
}

func TestAPageFromBeforeThereWereMailsChangesNothingAboutThem(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	b.post("/preferences", url.Values{"mail": {"off"}, "quiet": {"none"}}).leadsTo("/preferences")
	b.post("/preferences", url.Values{"language": {"en"}, "time_zone": {""}}).leadsTo("/preferences")
	b.get("/preferences").has(`name="quiet" value="none" checked`, `name="mail" value="off" checked`)
}
