package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// pages are the addresses of every kind of page that somebody may open.
func (s *school) pages(conversation uuid.UUID) []string {
	return []string{
		"/dashboard", "/students", "/inbox", "/inbox?unread=1", conversationPath(conversation), "/preferences",
		conversationPath(conversation) + "/seal", "/compose", "/compose?do=find", "/welcome", "/choose", "/nowhere",
	}
}

func TestEveryPageIsForItselfAlone(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	inline := regexp.MustCompile(`(?i)<script(?:\s+type="module")?>|<style|\sstyle=|\son[a-z]+=|javascript:`)
	b := s.as(chen)
	paths := append(s.pages(id), "/static/js/page.js", "/favicon.ico")
	for _, path := range paths {
		a := b.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
				"connect-src 'self' ws://homeline.test; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s: %s", path, name, got)
			}
		}
		if strings.Contains(a.header.Get("Content-Type"), "html") {
			if found := inline.FindString(a.body); found != "" {
				t.Errorf("%s has %q in the page", path, found)
			}
			if got := a.header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("%s may be kept: %s", path, got)
			}
		}
	}
}

func TestBehindHTTPSCookiesAreForThisHostAloneAndTheSocketIsNamedSo(t *testing.T) {
	s := open(t, func(_ *school, o *Options) { o.PublicURL = &url.URL{Scheme: "https", Host: "homeline.test"} })
	token, _, err := s.identity.Issue(t.Context(), s.district, s.id(chen), 0)
	if err != nil {
		t.Fatal(err)
	}
	b := s.browser().with("Cookie", "__Host-homeline="+token)
	a := b.post("/preferences", url.Values{"language": {"en"}}).leadsTo("/preferences")
	if got := a.header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-homeline-said=") ||
		!strings.HasSuffix(got, "Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax") {
		t.Errorf("Set-Cookie: %s", got)
	}
	if got := a.header.Get("Content-Security-Policy"); !strings.Contains(got, "connect-src 'self' wss://homeline.test;") {
		t.Errorf("policy: %s", got)
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("a browser may come back without encryption")
	}
	// A cookie of the plain name could come from a page without encryption.
	s.browser().with("Cookie", "homeline="+token).get("/inbox").leadsTo("/sign-in?next=%2Finbox")
}

func TestWhatAForeignPageSendsIsRefused(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(chen)
	reply := url.Values{"key": {uuid.NewString()}, "body": {"forged"}}
	for name, value := range map[string]string{
		"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example",
	} {
		b.with(name, value).post(conversationPath(id)+"/reply", reply).is(http.StatusForbidden).
			says("This came from another site")
	}
	b.with("Sec-Fetch-Site", "same-site").post("/sign-out", nil).is(http.StatusForbidden)
	if got := s.unread(ana); got != 1 {
		t.Fatalf("%d unread", got)
	}
	// Behind a proxy that changes Host, our own pages still may.
	b.with("Origin", "http://homeline.test").post(conversationPath(id)+"/reply", reply).leadsTo("/inbox")
}

func TestWhatSomebodyElseMayReadIsAsUnknownAsWhatDoesNotExist(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	stranger := s.as(okafor)
	for _, path := range []string{"", "/footer", "/seal"} {
		theirs := stranger.get(conversationPath(id) + path).is(http.StatusNotFound)
		nothing := stranger.get(conversationPath(uuid.New()) + path).is(http.StatusNotFound)
		if theirs.body != nothing.body {
			t.Errorf("%q tells the two apart", path)
		}
		theirs.saysNot("Trip")
	}
	stranger.post(conversationPath(id)+"/reply", url.Values{"body": {"x"}}).is(http.StatusNotFound)
	stranger.post(conversationPath(id)+"/seal", url.Values{"reason": {"x"}}).is(http.StatusNotFound)
	stranger.get("/compose?continues=" + id.String()).is(http.StatusNotFound)
	stranger.post("/compose", url.Values{"continues": {id.String()}, "do": {"find"}}).is(http.StatusNotFound)
}

func TestPagesOfStaffAreUnknownToFamilies(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/dashboard", "/students", "/seal"} {
		s.as(ana).get(path).is(http.StatusNotFound)
	}
	s.as(chen).get("/seal").is(http.StatusNotFound)
}

const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{.}}'` + "`"

func TestNamesSubjectsAndBodiesAreTextWhateverTheyHold(t *testing.T) {
	s := open(t)
	snapshot := lincoln()
	for i := range snapshot.People {
		snapshot.People[i].Family += evil
	}
	snapshot.Sections[0].Title += evil
	s.deliver(snapshot)
	id := s.letter("Trip "+evil, "On Friday "+evil+" https://x.example/\"><script>alert(1)</script>")
	s.replies(leo, id, evil)
	for _, name := range []string{chen, ana} {
		b := s.as(name)
		for _, path := range append(s.pages(id), "/inbox?name="+url.QueryEscape(evil), "/students?name="+url.QueryEscape(evil)) {
			b.get(path).hasNot("<script>alert", "<img")
		}
		b.post("/compose", url.Values{
			"subject": {evil}, "body": {evil}, "name": {evil}, "school": {evil}, "key": {evil}, "to": {evil, s.value(ana, leo)},
			"mode": {evil}, "do": {"find"}, "searched": {evil}, "at": {evil},
		}).is(http.StatusOK).hasNot("<script>alert", "<img")
	}
	if got := s.browser().post("/sign-in", url.Values{"address": {evil}, "again": {"/compose"}, "again-body": {evil}}); true {
		got.hasNot("<script>alert", "<img")
	}
}

func TestAnOversizedFormIsRefusedInWords(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	huge := url.Values{"body": {strings.Repeat("x", maxForm)}}
	b := s.as(chen)
	for _, path := range []string{"/compose", conversationPath(id) + "/reply", conversationPath(id) + "/seal", "/preferences"} {
		b.post(path, huge).is(http.StatusRequestEntityTooLarge).says("That was too much at once")
	}
	s.browser().post("/sign-in", huge).is(http.StatusRequestEntityTooLarge)
}

func TestTheLongestLetterFitsWhateverItIsWrittenIn(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	body := strings.Repeat("𝒳", hub.MaxBody)
	s.as(chen).post(conversationPath(id)+"/reply", url.Values{"key": {uuid.NewString()}, "body": {body}}).leadsTo("/inbox")
}

func TestMalformedRequestsGetAPageAndNoPanic(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	for _, path := range []string{
		"/inbox?after=%00%ff", "/inbox?section=x&name=%ff", "/conversations/" + uuid.Nil.String(),
		"/compose?continues=x", "/compose?side=evil", "/students?after=zzz", "/conversations/1", "/static/../web.go", "/static/x",
	} {
		if a := b.get(path); a.status >= 500 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	for _, do := range []string{"add:x", "add:", "remove:1:2", "page:%ff", "evil", ":", "addall:evil"} {
		if a := b.post("/compose", url.Values{"do": {do}}); a.status >= 500 {
			t.Errorf("%s: %d", do, a.status)
		}
	}
	b.do(http.MethodPost, "/compose", "application/x-www-form-urlencoded", strings.NewReader("a=%zz")).
		is(http.StatusBadRequest).says("This form cannot be read")
	b.do(http.MethodDelete, "/inbox", "", nil).is(http.StatusMethodNotAllowed)
}

func TestAFormMayNotCarryMoreRecipientsThanAnyRequest(t *testing.T) {
	form := url.Values{}
	for range 3 * mostTo {
		form.Add("to", recipientText(roster.Recipient{Person: uuid.New(), Student: uuid.New()}))
	}
	if got := len(readCompose(form).To); got != mostTo {
		t.Errorf("%d recipients", got)
	}
}

func TestAForeignNameThatPointsAtThisMachineIsServedNothing(t *testing.T) {
	s := open(t, func(_ *school, o *Options) { o.PublicURL = &url.URL{Scheme: "http"} })
	status := func(host string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sign-in", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.site.ServeHTTP(w, r)
		return w.Code
	}
	for host, want := range map[string]int{
		"localhost:8080": http.StatusOK, "127.0.0.1:8080": http.StatusOK, "[::1]:8080": http.StatusOK, "192.168.1.7": http.StatusOK,
		"evil.example:8080": http.StatusMisdirectedRequest, "localhost.evil.example": http.StatusMisdirectedRequest,
	} {
		if got := status(host); got != want {
			t.Errorf("%s: status %d", host, got)
		}
	}
}
