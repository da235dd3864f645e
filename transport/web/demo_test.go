package web

import (
	"net/http"
	"net/url"
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

func TestOutsideTheDemoNobodyBecomesAnybody(t *testing.T) {
	s := open(t)
	b := s.browser()
	b.post("/demo/become", url.Values{"person": {s.id(chen).String()}}).is(http.StatusNotFound)
	b.get("/demo/outbox").is(http.StatusNotFound)
	b.get("/").leadsTo("/sign-in")
	s.as(ana).get("/").leadsTo("/inbox")
	s.as(chen).get("/").leadsTo("/dashboard")
}
