package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

func TestTheInboxIsATableNewestFirstWithTheUnreadCounted(t *testing.T) {
	s := open(t)
	old := s.letter("Trip", "On Friday.")
	s.clock.advance(time.Hour)
	s.letter("Homework", "Page 12.")
	s.clock.advance(time.Minute)
	s.replies(leo, old, "Yes!")
	s.clock.advance(time.Minute)
	a := s.as(ana).get("/inbox").is(http.StatusOK)
	a.says("Subject Participants Last updated", "Trip 2 new Yes! Wei Chen, teaches Leo Algebra 1; Leo Ruiz, student",
		"Homework 1 new Page 12.", "1 minute ago Wed 14 Oct, 16:21")
	if strings.Index(a.text(), "Trip 2 new") > strings.Index(a.text(), "Homework 1 new") {
		t.Error("the newest is not first")
	}
	if a.title() != "(3) Inbox · Homeline" {
		t.Errorf("title %q", a.title())
	}
	a.has(`data-unread="3"`, `data-unread-badge aria-hidden="true">3<`)
}

func TestAFamilySeesItsNumberInTheMessagesTab(t *testing.T) {
	s := open(t)
	s.letter("Trip", "On Friday.")
	messages := regexp.MustCompile(`<a href="/inbox" aria-current="true">Messages <span class="badge" data-unread-badge aria-hidden="true">1</span>`)
	if a := s.as(ana).get("/inbox"); !messages.MatchString(a.body) {
		t.Errorf("no number beside Messages:\n%s", a.body)
	}
	s.as(ana).get("/inbox").hasNot("/dashboard", `href="/students"`)
}

func TestStaffSeeTheirNumberBesideDashboardAndNoBadgeWhereNothingIsUnread(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	badge := func(path string) string {
		m := regexp.MustCompile(`Dashboard <span class="badge" ([^>]*)>(\d+)</span>`).FindStringSubmatch(s.as(chen).follow(s.as(chen).get(path)).body)
		if m == nil {
			t.Fatalf("no badge beside Dashboard on %s", path)
		}
		return strings.TrimSpace(m[1] + " " + m[2])
	}
	if got := badge("/dashboard"); got != `data-unread-badge hidden aria-hidden="true" 0` {
		t.Errorf("badge: %s", got)
	}
	s.replies(ana, id, "We come.")
	for _, path := range []string{"/dashboard", "/students", "/inbox", "/compose", "/preferences"} {
		if got := badge(path); got != `data-unread-badge aria-hidden="true" 1` {
			t.Errorf("%s: badge: %s", path, got)
		}
	}
}

func TestWhoIsStaffAndGuardianHasOneNumberBesideBothLinks(t *testing.T) {
	s := open(t)
	b := s.as(okafor)
	a := b.post("/compose", url.Values{"side": {"staff"}, "to": {s.value(ana, eva)}, "subject": {"Art"}, "body": {"Bring paint."}, "do": {"send"}})
	a.leadsTo("/inbox")
	s.as(ana).post(s.only(okafor)+"/reply", url.Values{"body": {"Blue?"}}).leadsTo("/inbox")
	a = b.get("/inbox")
	if got := strings.Count(a.body, `data-unread-badge aria-hidden="true">1<`); got != 2 {
		t.Errorf("%d numbers:\n%s", got, a.text())
	}
	a.says("Dashboard 1", "Messages 1")
}

// only is the path of the one conversation that somebody has.
func (s *school) only(name string) string {
	s.t.Helper()
	m := regexp.MustCompile(`href="(/conversations/[^"#]+)#new"`).FindAllStringSubmatch(s.as(name).get("/inbox").body, -1)
	if len(m) != 1 {
		s.t.Fatalf("%s has %d conversations", name, len(m))
	}
	return m[0][1]
}

func TestStaffComeToTheInboxByStudentsAndParentTeacherMessaging(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	b.get("/dashboard").has(`<a href="/students">Students</a>`)
	b.get("/students").says("Parent-Teacher Messaging", "3 students you can write to", "Leo Ruiz Grade 7, Lincoln School").
		has(`href="/inbox"><strong>Parent-Teacher Messaging</strong>`)
	b.get("/inbox").says("Inbox", "Compose").has(`<a class="button" href="/compose">Compose</a>`)
}

func TestTheInboxIsFilteredByUnreadNameAndSection(t *testing.T) {
	s := open(t)
	s.letter("Trip", "On Friday.")
	b := s.as(chen)
	b.get("/inbox").says("Algebra 1").has(`<select id="filter-section" name="section">`)
	b.get("/inbox?name=an+ru").says("Trip").has("data-filtered", `value="an ru"`)
	b.get("/inbox?name=okafor").says("Nothing fits this filter.").saysNot("Trip ")
	b.get("/inbox?unread=1").says("You have read everything.", "Show all")
	section := regexp.MustCompile(`<option value="([0-9a-f-]+)">Algebra 1`).FindStringSubmatch(b.get("/inbox").body)
	b.get("/inbox?section=" + section[1]).says("Trip").has(`<option value="` + section[1] + `" selected>`)
	s.as(ana).get("/inbox").hasNot("filter-section")
	s.as(okafor).get("/inbox").has(`>Art 7`).hasNot(`>Algebra 1`) // she teaches Eva, who learns Algebra from another
}

func TestAnInboxHasPages(t *testing.T) {
	s := open(t)
	for n := range 60 {
		s.letter(fmt.Sprintf("Letter %02d", n), "Hello.")
		s.clock.advance(time.Hour)
	}
	b := s.as(ana)
	next := regexp.MustCompile(`href="(/inbox\?[^"]*)">Older conversations`)
	seen := map[string]bool{}
	path := "/inbox"
	for pages := 1; ; pages++ {
		a := b.get(path).is(http.StatusOK)
		for _, m := range regexp.MustCompile(`row-title">Letter \d\d`).FindAllString(a.body, -1) {
			if seen[m] {
				t.Errorf("%s stands on two pages", m)
			}
			seen[m] = true
		}
		m := next.FindStringSubmatch(a.body)
		if m == nil {
			if pages < 3 {
				t.Errorf("%d pages", pages)
			}
			a.says("Newest conversations").has("data-filtered")
			break
		}
		path = strings.ReplaceAll(m[1], "&amp;", "&")
	}
	if len(seen) != 60 {
		t.Errorf("%d conversations on all pages", len(seen))
	}
}

func TestAnEmptyInboxSaysWhatWillBeHereAndWhatToDo(t *testing.T) {
	s := open(t)
	s.as(ana).get("/inbox").says("Your conversations will be here.", "Press Compose to write to a teacher yourself.")
	s.as(chen).get("/dashboard").says("You have read everything.", "Open the Inbox")
	s.letter("Trip", "On Friday.")
	s.as(chen).get("/inbox").says("You have read everything.", "Trip")
}

func TestNoAddressMakesThePageConfirmWhatWasNotSent(t *testing.T) {
	b := open(t).as(ana)
	b.get("/inbox?sent=reply").is(http.StatusOK).saysNot("successfully sent")
	b.get("/inbox").saysNot("successfully sent")
	b.setCookie(flashCookie, "<b>evil</b>.1")
	b.get("/inbox").hasNot("evil")
}

func TestWhereMessagingIsOffEverybodyIsToldAndNothingIsSent(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.change(func(d *roster.District) { d.Enabled = false })
	off := "Messaging is off in your district."
	for _, name := range []string{chen, ana} {
		b := s.as(name)
		for _, path := range []string{"/inbox", "/compose", conversationPath(id)} {
			b.follow(b.get(path)).is(http.StatusOK).says(off)
		}
		b.get("/inbox").hasNot(`href="/compose"`)
		b.get(conversationPath(id)).says("On Friday.").hasNot("<textarea")
		b.post(conversationPath(id)+"/reply", url.Values{"body": {"x"}}).is(http.StatusForbidden).says(off)
	}
	s.as(chen).get("/dashboard").says(off)
	s.as(chen).get("/students").says(off).hasNot(`href="/compose`)
	s.as(chen).post("/compose", url.Values{"to": {s.value(ana, leo)}, "subject": {"x"}, "body": {"x"}, "do": {"send"}}).
		is(http.StatusForbidden).says(off)
}
