package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestInTheDemoOnePicksWhomToBeAndChangesOver(t *testing.T) {
	s := openDemo(t)
	b := s.browser()
	b.get("/").says("Whom do you want to be?", "Ana Ruiz", "mother of Leo and Eva", "Demo.")
	b.get("/?name=chen").says("Wei Chen", "teacher")
	b.post("/demo/become", url.Values{"person": {s.id(chen).String()}}).leadsTo("/dashboard")
	b.get("/dashboard").says("Wei Chen", "Demo.", "Be this person")
	b.post("/demo/become", url.Values{"person": {s.id(ana).String()}}).leadsTo("/inbox")
	b.get("/inbox").says("Ana Ruiz").has("selected>Ana Ruiz – parent")
	b.post("/demo/become", url.Values{"person": {"evil"}}).is(http.StatusNotFound)
}

func TestTheDemosMailsAreReadAsText(t *testing.T) {
	s := openDemo(t)
	b := s.browser()
	b.get("/demo/outbox").says("Halló", "To ana@example.org").has(`href="/demo/outbox/1.eml"`)
	b.get("/demo/outbox/1.eml").says("A link: https://homeline.test/x <script>").has(`<a href="https://homeline.test/x"`)
	for _, path := range []string{"/demo/outbox/2.eml", "/demo/outbox/x.txt"} {
		b.get(path).is(http.StatusNotFound)
	}
}

func TestTheDemosMailsAreShownAsAMailboxDoesAndCanDoNothing(t *testing.T) {
	s := openDemo(t)
	b := s.browser()
	b.get("/demo/outbox/1.eml").hasNot("<iframe")
	b.get("/demo/outbox/1.eml/html").is(http.StatusNotFound)
	b.get("/demo/outbox/3.eml").says("In plain words").has(`src="/demo/outbox/3.eml/html"`).has("sandbox=")
	shown := b.get("/demo/outbox/3.eml/html").is(http.StatusOK).has(`<base target="_top">`).has("<h1>Señor</h1>")
	policy := shown.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sandbox allow-top-navigation-by-user-activation", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %q", policy, want)
		}
	}
	b.get("/demo/outbox/4.eml/html").is(http.StatusNotFound)
}

func TestTheDemoLeadsToASecondPersonInTheSameBrowser(t *testing.T) {
	s := openDemo(t)
	b := s.browser()
	port := b.at.Port()
	b.get("/").has(`href="http://localhost:` + port + `/"`)
	b.at.Host = "localhost:" + port
	b.get("/").has(`href="http://127.0.0.1:` + port + `/"`)
	b.post("/demo/become", url.Values{"person": {s.id(chen).String()}}).leadsTo("/dashboard")
	b.get("/dashboard").says("Wei Chen")
	b.at.Host = "127.0.0.1:" + port
	b.get("/dashboard").leadsTo("/sign-in?next=%2Fdashboard")
}

func TestInTheDemoSigningInByMailCanBeTriedAsAnybody(t *testing.T) {
	s := openDemo(t)
	b := s.browser()
	b.get("/").says("Signing in by mail can be tried too", "family@example.org").has(`href="/sign-in"`)
	b.post("/demo/become", url.Values{"person": {s.id(chen).String()}})
	b.get("/sign-in").is(http.StatusOK).says("Send me a link")
	b.post(s.link(b, "family@example.org", "/"), nil).leadsTo("/choose?next=%2F")
}

func TestOutsideTheDemoNobodyBecomesAnybody(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.post("/demo/become", url.Values{"person": {s.id(chen).String()}}).is(http.StatusNotFound)
	b.get("/demo/outbox").is(http.StatusNotFound)
	b.get("/").leadsTo("/sign-in")
	s.as(ana).get("/").leadsTo("/inbox")
	s.as(chen).get("/").leadsTo("/dashboard")
}
