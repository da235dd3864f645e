package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/homeline/homeline/transport/api"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/schooltest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

type server struct {
	*schooltest.School
	handler http.Handler
}

func serve(t *testing.T) *server {
	t.Helper()
	school := schooltest.Open(t, 0)
	handler, err := api.New(operation.New(school.Hub, nil), school.Identity, api.Options{
		PublicURL: "https://homeline.example",
		Cookie:    func(*http.Request) string { return "homeline" },
		Log:       slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &server{school, handler}
}

func (s *server) request(method, path string, header http.Header, body string) (*http.Response, object) {
	r := httptest.NewRequest(method, "https://homeline.example/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	var answer object
	_ = json.NewDecoder(bytes.NewReader(w.Body.Bytes())).Decode(&answer) // what is not JSON shows as nil
	return w.Result(), answer
}

// client asks as one person.
type client struct {
	*server
	t     *testing.T
	token string
}

func (s *server) as(t *testing.T, name string) client { return client{s, t, s.Token(t, name)} }

func (c client) ask(want int, method, path string, body any) object {
	c.t.Helper()
	raw := ""
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		raw = string(encoded)
	}
	response, answer := c.request(method, path, http.Header{"Authorization": {"Bearer " + c.token}}, raw)
	if response.StatusCode != want {
		c.t.Fatalf("%s %s: %d %v", method, path, response.StatusCode, answer)
	}
	return answer
}

func TestEverythingThatTheSocketDoesTheAPIDoesToo(t *testing.T) {
	s := serve(t)
	ana, rosa := s.as(t, schooltest.Ana), s.as(t, schooltest.Rosa)
	key := uuid.NewString()
	start := object{
		"key": key, "side": "staff", "subject": "Field trip", "body": "Please sign the form.",
		"recipients": []object{{"person": s.ID(schooltest.Rosa), "student": s.ID(schooltest.Leo)}},
	}
	started := ana.ask(201, "POST", "/conversations", start)
	id := started["conversations"].([]any)[0].(string)
	if again := ana.ask(200, "POST", "/conversations", start); again["repeated"] != true || again["conversations"].([]any)[0] != id {
		t.Errorf("the same start again answered %v", again)
	}

	if unread := rosa.ask(200, "GET", "/unread", nil); unread["unread"] != 1.0 {
		t.Errorf("unread: %v", unread)
	}
	teachers := rosa.ask(200, "GET", "/contacts?side=family", nil)["students"].([]any)[0].(object)["teachers"].([]any)
	if ana := teachers[0].(object); len(teachers) != 1 || ana["name"] != "Ana Ruiz" || ana["person"] != s.ID(schooltest.Ana).String() {
		t.Errorf("teachers: %v", teachers)
	}
	inbox := rosa.ask(200, "GET", "/inbox?limit=10&unread_only=true&name=ana", nil)
	if row := inbox["rows"].([]any)[0].(object); row["subject"] != "Field trip" || row["preview"] != "Please sign the form." {
		t.Errorf("inbox: %v", inbox)
	}
	if read := rosa.ask(200, "POST", "/conversations/"+id+"/read", object{"up_to": 1}); read["unread"] != 0.0 {
		t.Errorf("read: %v", read)
	}
	sent := rosa.ask(201, "POST", "/conversations/"+id+"/messages", object{"key": uuid.NewString(), "body": "Signed."})
	if message := sent["message"].(object); message["seq"] != 2.0 || message["sender_name"] != "Rosa Vega" {
		t.Errorf("send: %v", sent)
	}
	messages := ana.ask(200, "GET", "/conversations/"+id+"/messages?after=0&limit=1", nil)
	if messages["more"] != true || len(messages["messages"].([]any)) != 1 {
		t.Errorf("messages: %v", messages)
	}
	messages = ana.ask(200, "GET", "/conversations/"+id+"/messages?before=3&limit=1", nil)
	if m := messages["messages"].([]any)[0].(object); m["seq"] != 2.0 || messages["more"] != true {
		t.Errorf("messages before 3: %v", messages)
	}
	if sealed := ana.ask(200, "POST", "/conversations/"+id+"/seal", object{"reason": "Over."}); sealed["seal"].(object)["by_name"] != "Ana Ruiz" {
		t.Errorf("seal: %v", sealed)
	}
	conversation := rosa.ask(200, "GET", "/conversations/"+id, nil)["conversation"].(object)
	if conversation["seal"].(object)["reason"] != "Over." || conversation["read_seq"] != 1.0 {
		t.Errorf("conversation: %v", conversation)
	}
}

func TestTheIdempotencyKeyMayBeAHeader(t *testing.T) {
	s := serve(t)
	id := s.Start(t, "Field trip", "Please sign the form.").String()
	header := http.Header{
		"Authorization": {"Bearer " + s.Token(t, schooltest.Rosa)}, "Idempotency-Key": {uuid.NewString()},
	}
	for i, want := range []int{201, 200, 200} {
		if i == 2 { // as the structured field of the IETF's draft
			header.Set("Idempotency-Key", `"`+header.Get("Idempotency-Key")+`"`)
		}
		response, answer := s.request("POST", "/conversations/"+id+"/messages", header, `{"body":"Signed."}`)
		if response.StatusCode != want {
			t.Errorf("%d %v", response.StatusCode, answer)
		}
	}
}

func TestRefusalsAreProblemsWithTheCodeOfTheSocket(t *testing.T) {
	s := serve(t)
	id := s.Start(t, "Field trip", "Please sign the form.").String()
	rosa := http.Header{"Authorization": {"Bearer " + s.Token(t, schooltest.Rosa)}}
	key := `"key":"` + uuid.NewString() + `"`
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, field              string
	}{
		{"malformed id", "GET", "/conversations/1", "", 400, "invalid", "conversation"},
		{"braced id", "GET", "/conversations/%7B" + id + "%7D", "", 400, "invalid", "conversation"},
		{"unknown conversation", "GET", "/conversations/" + uuid.NewString(), "", 404, "not_found", ""},
		{"number that is none", "GET", "/conversations/" + id + "/messages?after=x", "", 400, "invalid", "after"},
		{"limit out of range", "GET", "/inbox?limit=101", "", 400, "invalid", "limit"},
		{"switch that is none", "GET", "/inbox?unread_only=perhaps", "", 400, "invalid", "unread_only"},
		{"section that is none", "GET", "/inbox?section=algebra", "", 400, "invalid", "section"},
		{"no key", "POST", "/conversations/" + id + "/messages", `{"body":"x"}`, 422, "required", "key"},
		{"no body", "POST", "/conversations/" + id + "/messages", `{` + key + `,"body":" "}`, 422, "required", "body"},
		{"too long", "POST", "/conversations/" + id + "/messages", `{` + key + `,"body":"` + strings.Repeat("é", 10_001) + `"}`, 422, "too_long", "body"},
		{"wrong kind", "POST", "/conversations/" + id + "/read", `{"up_to":"1"}`, 400, "invalid", "up_to"},
		{"no JSON", "POST", "/conversations/" + id + "/read", `up_to=1`, 400, "bad_request", ""},
		{"far too large", "POST", "/conversations/" + id + "/messages", `{"body":"` + strings.Repeat("x", 300<<10) + `"}`, 413, "too_large", ""},
		{"family seals", "POST", "/conversations/" + id + "/seal", `{"reason":"Enough."}`, 403, "not_allowed", ""},
		{"no side", "POST", "/conversations", `{` + key + `,"subject":"x","body":"x"}`, 422, "required", "side"},
		{"no side of contacts", "GET", "/contacts", "", 422, "required", "side"},
		{"a side that is none", "POST", "/conversations", `{` + key + `,"side":"teacher"}`, 400, "invalid", "side"},
		{"a recipient without a student", "POST", "/conversations", `{` + key + `,"side":"staff","recipients":[{"person":"` + id + `"}]}`, 422, "required", "recipients[0].student"},
		{"a key of zeros", "POST", "/conversations/" + id + "/messages", `{"key":"` + uuid.Nil.String() + `","body":"x"}`, 400, "invalid", "key"},
		{"after and before", "GET", "/conversations/" + id + "/messages?after=1&before=2", "", 400, "invalid", "before"},
		{"a key that stands twice", "POST", "/conversations/" + id + "/read", `{"up_to":1,"up_to":2}`, 400, "invalid", "up_to"},
		{"a key in another case", "POST", "/conversations/" + id + "/read", `{"Up_To":1}`, 400, "invalid", "Up_To"},
		{"half a character", "POST", "/conversations/" + id + "/messages", `{` + key + `,"body":"\ud83d"}`, 400, "invalid", "body"},
		{"NUL", "POST", "/conversations/" + id + "/messages", `{` + key + `,"body":"a\u0000b"}`, 400, "invalid", "body"},
		{"not UTF-8", "POST", "/conversations/" + id + "/messages", `{` + key + ",\"body\":\"\xff\"}", 400, "bad_request", ""},
		{"not UTF-8 in a query", "GET", "/inbox?name=%ff", "", 400, "invalid", "name"},
		{"NUL in a query", "GET", "/inbox?name=%00", "", 400, "invalid", "name"},
		{"a parameter that stands twice", "GET", "/inbox?limit=1&limit=2", "", 400, "invalid", "limit"},
		{"a query that is none", "GET", "/inbox?name=%zz", "", 400, "bad_request", ""},
		{"too large a number", "GET", "/conversations/" + id + "/messages?after=9223372036854775808", "", 400, "invalid", "after"},
		{"two objects", "POST", "/conversations/" + id + "/read", `{"up_to":1}{"up_to":1}`, 400, "bad_request", ""},
		{"a deep body", "POST", "/conversations/" + id + "/read", `{"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`, 400, "invalid", "x" + strings.Repeat("[0]", 31)},
		{"no such path", "GET", "/students", "", 404, "not_found", ""},
		{"no such method", "DELETE", "/conversations/" + id, "", 405, "method_not_allowed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, problem := s.request(c.method, c.path, rosa, c.body)
			if response.StatusCode != c.status || response.Header.Get("Content-Type") != "application/problem+json" {
				t.Fatalf("%d %s %v", response.StatusCode, response.Header, problem)
			}
			field, _ := problem["field"].(string)
			if problem["code"] != c.code || field != c.field || problem["status"] != float64(c.status) ||
				problem["type"] != "https://homeline.invalid/errors/"+c.code {
				t.Errorf("%v", problem)
			}
			if detail, _ := problem["detail"].(string); !strings.Contains(detail, c.field) || detail == c.code {
				t.Errorf("the detail is %q", detail)
			}
		})
	}
}

func TestAWrongMethodIsAnsweredWithTheRightOnes(t *testing.T) {
	s := serve(t)
	id := uuid.NewString()
	for path, allow := range map[string]string{
		"/unread": "GET, HEAD", "/conversations": "POST", "/conversations/" + id: "GET, HEAD",
		"/conversations/" + id + "/messages": "GET, HEAD, POST", "/conversations/" + id + "/read": "POST",
	} {
		response, _ := s.request("DELETE", path, nil, "")
		if got := response.Header.Get("Allow"); response.StatusCode != 405 || got != allow {
			t.Errorf("%s: %d, %q", path, response.StatusCode, got)
		}
	}
}

func TestWhereGETWorksHEADDoesWithoutABody(t *testing.T) {
	s := serve(t)
	id := s.Start(t, "Field trip", "Please sign the form.").String()
	token := http.Header{"Authorization": {"Bearer " + s.Token(t, schooltest.Rosa)}}
	for _, path := range []string{"/unread", "/inbox", "/contacts?side=family", "/conversations/" + id, "/conversations/" + id + "/messages", "/nothing"} {
		get, _ := s.request("GET", path, token, "")
		head, body := s.request("HEAD", path, token, "")
		if head.StatusCode != get.StatusCode || body != nil || head.ContentLength != get.ContentLength {
			t.Errorf("%s: %d instead of %d, %v", path, head.StatusCode, get.StatusCode, body)
		}
	}
}

func TestABodyIsJSONInUTF8AsItIs(t *testing.T) {
	s := serve(t)
	path := "/conversations/" + s.Start(t, "Field trip", "Please sign the form.").String() + "/read"
	token := "Bearer " + s.Token(t, schooltest.Rosa)
	for _, c := range []struct {
		kind, coding string
		status       int
		field        any
	}{
		{"application/json", "", 200, nil},
		{"application/json; charset=UTF-8", "identity", 200, nil},
		{"application/json; charset=utf-16", "", 415, "Content-Type"},
		{"application/json", "gzip", 415, "Content-Encoding"},
		{"text/plain", "", 415, "Content-Type"},
		{"", "", 415, "Content-Type"},
	} {
		header := http.Header{"Authorization": {token}, "Content-Type": {c.kind}}
		if c.coding != "" {
			header.Set("Content-Encoding", c.coding)
		}
		response, problem := s.request("POST", path, header, `{"up_to":1}`)
		if response.StatusCode != c.status || problem["field"] != c.field {
			t.Errorf("%+v: %d %v", c, response.StatusCode, problem)
		}
	}
}

func TestNumbersHave64Bits(t *testing.T) {
	s := serve(t)
	id := s.Start(t, "Field trip", "Please sign the form.").String()
	ana := s.as(t, schooltest.Ana)
	for _, after := range []string{"2147483648", "9007199254740993", "9223372036854775807"} {
		if got := ana.ask(200, "GET", "/conversations/"+id+"/messages?after="+after, nil); len(got["messages"].([]any)) != 0 || got["more"] != false {
			t.Errorf("after %s: %v", after, got)
		}
	}
	if got := ana.ask(200, "GET", "/conversations/"+id+"/messages?before=9223372036854775807", nil); len(got["messages"].([]any)) != 1 {
		t.Errorf("before all: %v", got)
	}
}

func TestWhoIsNotSignedInGetsNothing(t *testing.T) {
	s := serve(t)
	for name, header := range map[string]http.Header{
		"nothing":        {},
		"a wrong token":  {"Authorization": {"Bearer " + strings.Repeat("A", 43)}},
		"no bearer":      {"Authorization": {"Basic cm9zYTpyb3Nh"}},
		"a wrong cookie": {"Cookie": {"homeline=nonsense"}},
	} {
		t.Run(name, func(t *testing.T) {
			response, problem := s.request("GET", "/unread", header, "")
			if response.StatusCode != 401 || problem["code"] != "unauthenticated" || response.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%d %v", response.StatusCode, problem)
			}
		})
	}
}

func TestACookieWritesOnlyFromOurOwnOrigin(t *testing.T) {
	s := serve(t)
	id := s.Start(t, "Field trip", "Please sign the form.").String()
	cookie := "homeline=" + s.Token(t, schooltest.Rosa)
	for _, c := range []struct {
		name   string
		header http.Header
		status int
	}{
		{"own page", http.Header{"Cookie": {cookie}, "Origin": {"https://homeline.example"}, "Sec-Fetch-Site": {"same-origin"}}, 200},
		{"own page of an old browser", http.Header{"Cookie": {cookie}, "Origin": {"https://homeline.example"}}, 200},
		{"foreign page", http.Header{"Cookie": {cookie}, "Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}, 401},
		{"foreign page of an old browser", http.Header{"Cookie": {cookie}, "Origin": {"https://evil.example"}}, 401},
		{"sandboxed page", http.Header{"Cookie": {cookie}, "Origin": {"null"}}, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, answer := s.request("POST", "/conversations/"+id+"/read", c.header, `{"up_to":1}`)
			if response.StatusCode != c.status {
				t.Errorf("%d %v", response.StatusCode, answer)
			}
		})
	}
}

func TestNobodySeesAnothersConversationOrDistrict(t *testing.T) {
	s := serve(t)
	id := s.Start(t, "Field trip", "Please sign the form.").String()
	for _, name := range []string{schooltest.Tom, schooltest.Ben, schooltest.Zoe, schooltest.Yan} {
		stranger := s.as(t, name)
		unknown := stranger.ask(404, "GET", "/conversations/"+uuid.NewString(), nil)
		for _, r := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/conversations/" + id, nil},
			{"GET", "/conversations/" + id + "/messages?after=0", nil},
			{"POST", "/conversations/" + id + "/messages", object{"key": uuid.NewString(), "body": "Hello."}},
			{"POST", "/conversations/" + id + "/read", object{"up_to": 1}},
			{"POST", "/conversations/" + id + "/seal", object{"reason": "Over."}},
		} {
			got := stranger.ask(404, r.method, r.path, r.body)
			if got["code"] != unknown["code"] || got["detail"] != unknown["detail"] {
				t.Errorf("%s %s: %v differs from the unknown's %v", r.method, r.path, got, unknown)
			}
		}
	}
}

func TestASecondSignInDoesNotDoubleWhatAPersonMayAsk(t *testing.T) {
	s := serve(t)
	first := http.Header{"Authorization": {"Bearer " + s.Token(t, schooltest.Rosa)}}
	second := http.Header{"Authorization": {"Bearer " + s.Token(t, schooltest.Rosa)}}
	for range 1000 {
		if response, _ := s.request("GET", "/unread", first, ""); response.StatusCode == 429 {
			break
		}
	}
	refused := 0
	for range 20 { // a few come back meanwhile
		if response, _ := s.request("GET", "/unread", second, ""); response.StatusCode == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("with a second session Rosa asks on")
	}
	s.as(t, schooltest.Ana).ask(200, "GET", "/unread", nil)
}

func TestASessionThatAsksTooMuchIsToldToWait(t *testing.T) {
	s := serve(t)
	token := http.Header{"Authorization": {"Bearer " + s.Token(t, schooltest.Rosa)}}
	for range 1000 {
		response, problem := s.request("GET", "/unread", token, "")
		if response.StatusCode == 429 {
			if problem["code"] != "rate_limited" || response.Header.Get("Retry-After") == "" {
				t.Errorf("%v %v", response.Header, problem)
			}
			return
		}
	}
	t.Error("a thousand requests at once were answered")
}
