package socket_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/schooltest"
	"github.com/homeline/homeline/transport/socket"
)

func TestABrowserOfOurOriginIsKnownByItsCookie(t *testing.T) {
	s := serve(t)
	c := s.dial(t, http.Header{"Origin": {s.URL}, "Cookie": {cookieName + "=" + s.Token(t, schooltest.Rosa)}})
	welcome := c.receive()
	if welcome["type"] != "welcome" || welcome["name"] != "Rosa Vega" || welcome["heartbeat"] != 25.0 {
		t.Errorf("%v", welcome)
	}
	if _, repeated := welcome["id"]; repeated {
		t.Errorf("an id that nobody gave: %v", welcome)
	}
}

func TestWhoIsSignedOutIsAcceptedAndClosed(t *testing.T) {
	s := serve(t)
	for name, header := range map[string]http.Header{
		"a browser without a cookie":    {"Origin": {s.URL}},
		"a browser with an old cookie":  {"Origin": {s.URL}, "Cookie": {cookieName + "=" + strings.Repeat("A", 43)}},
		"a browser with another cookie": {"Origin": {s.URL}, "Cookie": {"other=" + s.Token(t, schooltest.Rosa)}},
	} {
		t.Run(name, func(t *testing.T) {
			if code := s.dial(t, header).closed(); code != 4501 {
				t.Errorf("closed with %d", code)
			}
		})
	}
}

func TestTheFirstFrameOfAnybodyElseIsAHelloWithAToken(t *testing.T) {
	s := serve(t)
	cookie := http.Header{"Cookie": {cookieName + "=" + s.Token(t, schooltest.Rosa)}}
	for _, c := range []struct {
		name   string
		header http.Header
		frame  string
		code   int
		answer string
	}{
		{"a wrong token", nil, `{"id":1,"type":"hello","token":"x"}`, 4501, "unauthenticated"},
		{"no token", nil, `{"id":1,"type":"hello"}`, 4501, "unauthenticated"},
		{"another request", nil, `{"id":1,"type":"ping"}`, 4501, "unauthenticated"},
		{"a cookie without an origin", cookie, `{"id":1,"type":"ping"}`, 4501, "unauthenticated"},
		{"no JSON", nil, `hello`, 4500, ""},
		{"an array", nil, `[1]`, 4500, ""},
		{"an array of bytes", nil, `{"id":1,"type":"hello","token":[1]}`, 4500, "invalid"},
		{"a key in another case", nil, `{"id":1,"type":"hello","Token":"x"}`, 4500, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := s.dial(t, c.header)
			client.sendRaw(websocket.MessageText, []byte(c.frame))
			if c.answer != "" {
				if got := client.receive(); got["code"] != c.answer || got["id"] != 1.0 {
					t.Errorf("answered %v", got)
				}
			}
			if code := client.closed(); code != c.code {
				t.Errorf("closed with %d", code)
			}
		})
	}
}

func TestAFirstFrameThatCannotBeAnsweredByItsIDIsAnsweredWithout(t *testing.T) {
	s := serve(t)
	for frame, code := range map[string]string{
		`{"type":"hello","token":"x"}`: "bad_request",
		`{"id":[1],"type":"hello"}`:    "bad_request",
		`{}`:                           "bad_request",
		string(padded(1, 8<<10+1)):     "too_large",
	} {
		c := s.dial(t, nil)
		c.sendRaw(websocket.MessageText, []byte(frame))
		if got := c.receive(); got["code"] != code || got["id"] != nil {
			t.Errorf("%.40s: %v", frame, got)
		}
		if end := c.closed(); end != 4500 {
			t.Errorf("%.40s: closed with %d", frame, end)
		}
	}
}

func TestForeignPagesAreRefusedBeforeTheUpgrade(t *testing.T) {
	s := serve(t)
	token := s.Token(t, schooltest.Rosa)
	for _, origin := range []string{
		"https://evil.example", "null", strings.Replace(s.URL, "http://", "http://evil.", 1),
		s.URL + ".evil.example", "http://127.0.0.1:1", "", "garbage",
	} {
		_, response, err := s.tryDial(t, http.Header{"Origin": {origin}, "Cookie": {cookieName + "=" + token}})
		if origin == "" && err == nil {
			continue // no Origin: no browser
		}
		if err == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("origin %q: %v", origin, response)
		}
	}
}

func TestOurOriginIsThePublicURL(t *testing.T) {
	for _, c := range []struct {
		publicURL, host, origin string
		ours                    bool
	}{
		{"https://homeline.example", "10.0.0.7:8080", "https://homeline.example", true},
		{"https://homeline.example", "homeline.example", "https://homeline.example:443", true},
		{"https://homeline.example/", "homeline.example", "https://HOMELINE.example", true},
		{"https://homeline.example", "homeline.example", "http://homeline.example", false},
		{"https://homeline.example", "evil.example", "https://evil.example", false},
		{"https://homeline.example", "homeline.example", "https://homeline.example:8443", false},
		{"", "localhost:8080", "http://localhost:8080", true},
		{"", "[::1]:8080", "http://[::1]:8080", true},
		{"", "192.168.1.7:8080", "http://192.168.1.7:8080", true},
		{"", "localhost:8080", "http://localhost:9090", false},
		{"", "rebound.example:8080", "http://rebound.example:8080", false}, // a foreign name that points here
	} {
		handler := socket.New(newNode(), nil, nil, nil, socket.Options{PublicURL: c.publicURL})
		r := httptest.NewRequest("GET", "http://"+c.host+"/socket", nil)
		r.Header.Set("Origin", c.origin)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r) // what is ours is refused further on: it is no upgrade
		if ours := w.Code != http.StatusForbidden; ours != c.ours {
			t.Errorf("%+v: %d", c, w.Code)
		}
	}
}

func TestWithoutTheSubprotocolNobodyIsLetIn(t *testing.T) {
	s := serve(t)
	_, response, err := websocket.Dial(t.Context(), s.URL, nil)
	if err == nil || response.StatusCode != http.StatusBadRequest {
		t.Errorf("%v, %v", response, err)
	}
}

func TestSigningOutClosesTheOpenPages(t *testing.T) {
	s := serve(t)
	here, there := s.signIn(t, schooltest.Rosa), s.signIn(t, schooltest.Rosa)
	session, err := s.Identity.Authenticate(t.Context(), s.Token(t, schooltest.Rosa))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*client{here, there} {
		c.ask(object{"id": "u", "type": "subscribe", "channel": "user"})
	}
	s.Node.Publish(t.Context(), hub.Event{
		District: session.District, Out: &hub.Out{People: []uuid.UUID{session.Person}, Why: hub.OutSignedOut},
	})
	for _, c := range []*client{here, there} {
		if code := c.closed(); code != 4501 {
			t.Errorf("closed with %d", code)
		}
	}
}

func TestOneWhoOpensSilentSocketsOnEndLosesThemAndTokensStillGetIn(t *testing.T) {
	s := serve(t)
	oldest := s.dial(t, nil)
	for range 80 {
		s.dial(t, nil)
	}
	if code := oldest.closed(); code != -1 { // cut without a word
		t.Errorf("the oldest was closed with %d", code)
	}
	s.signIn(t, schooltest.Rosa)
}
