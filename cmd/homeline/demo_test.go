package main

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
)

func startDemo(t *testing.T, data string) *server {
	t.Helper()
	return start(t, data, "demo", "--listen", "127.0.0.1:0")
}

// become is a browser that has picked a person of the cast.
func (s *server) become(name string) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	s.t.Cleanup(browser.CloseIdleConnections)
	_, page := s.get("/")
	option := regexp.MustCompile(`<option value="([0-9a-f-]{36})">` + name)
	m := option.FindStringSubmatch(page)
	if m == nil {
		s.t.Fatalf("%s cannot be picked on\n%s", name, page)
	}
	r, err := browser.PostForm(s.url+"/demo/become", url.Values{"person": {m[1]}})
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		s.t.Fatalf("becoming %s: %s at %s", name, r.Status, r.Request.URL)
	}
	return browser
}

// inbox is what the API says of a person's.
type inbox struct {
	Unread int `json:"unread"`
	Rows   []struct {
		Conversation uuid.UUID `json:"conversation"`
		Subject      string    `json:"subject"`
		LastSeq      int       `json:"last_seq"`
	} `json:"rows"`
}

func (s *server) inbox(person string) inbox {
	s.t.Helper()
	status, answer := s.call(http.MethodGet, "/api/v1/inbox", s.token(person), "", "")
	var i inbox
	if err := json.Unmarshal([]byte(answer), &i); err != nil || status != http.StatusOK {
		s.t.Fatalf("the inbox: %d %s", status, answer)
	}
	return i
}

func TestTheDemoOpensOnAPageWhereOnePicksWhomToBe(t *testing.T) {
	s := startDemo(t, folder(t))
	browser := s.become("Wei Chen")
	r, err := browser.Get(s.url + "/inbox")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK || r.Request.URL.Path != "/inbox" {
		t.Errorf("the inbox answers %s at %s", r.Status, r.Request.URL)
	}
	if i := s.inbox("wei-chen"); len(i.Rows) == 0 || i.Unread == 0 {
		t.Errorf("a teacher of the sample has %+v", i)
	}
	s.stop(os.Interrupt)
}

func TestTheDemoFindsEverythingAsItWas(t *testing.T) {
	data := folder(t)
	for name, end := range map[string]func(*server){
		"stopped": func(s *server) { s.stop(os.Interrupt) },
		"killed":  (*server).kill,
	} {
		s := startDemo(t, data)
		before := s.inbox("wei-chen")
		c, key := before.Rows[0], uuid.NewString()
		path := "/api/v1/conversations/" + c.Conversation.String() + "/messages"
		if status, answer := s.call(http.MethodPost, path, s.token("wei-chen"), key, `{"body":"acknowledged"}`); status != http.StatusCreated {
			t.Fatalf("%s: sending: %d %s", name, status, answer)
		}
		end(s)

		s = startDemo(t, data)
		if after := s.inbox("wei-chen"); after.Unread != before.Unread || after.Rows[0].LastSeq != c.LastSeq+1 {
			t.Errorf("%s: before %+v, after %+v", name, before, after)
		}
		// The same key again is the same letter, after a restart as well (G2).
		if status, answer := s.call(http.MethodPost, path, s.token("wei-chen"), key, `{"body":"acknowledged"}`); status != http.StatusOK {
			t.Errorf("%s: sending again: %d %s", name, status, answer)
		}
		s.stop(syscall.SIGTERM)
		must(t, "verify", "--data", data)
	}
}

func TestADemoThatWasKilledWhileItMadeItsSchoolMakesItAnew(t *testing.T) {
	data := folder(t)
	s := launch(t, data, "demo", "--listen", "127.0.0.1:0")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for making := []string(nil); len(making) == 0; {
		if ctx.Err() != nil {
			t.Fatalf("it does not begin:\n%s", s.output())
		}
		making, _ = filepath.Glob(filepath.Join(data, unfinished+"*", "*")) // the pattern is right
	}
	s.kill()
	again := startDemo(t, data)
	if i := again.inbox("wei-chen"); len(i.Rows) == 0 {
		t.Error("the school has no letters")
	}
	if left, err := filepath.Glob(filepath.Join(data, unfinished+"*")); err != nil || len(left) != 0 {
		t.Errorf("left behind are %v, %v", left, err)
	}
	again.stop(os.Interrupt)
}

func TestTheDemoOpensOnlyFoldersThatItMade(t *testing.T) {
	real := folder(t)
	must(t, "district", "create", "lincoln", "--data", real)
	notes := folder(t)
	if err := os.MkdirAll(notes, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(notes, "notes.txt"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{real, notes} {
		run(t, "demo", "--data", data, "--listen", "127.0.0.1:0").expect(t, statusFailed, "was not made by the demo", "--data")
		if _, err := os.Stat(filepath.Join(data, demoMark)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("it marked %s as its own", data)
		}
	}
}

func TestTheDemoWarnsWhereOthersReachIt(t *testing.T) {
	data := folder(t)
	alone := startDemo(t, data)
	if strings.Contains(alone.output(), "may be anybody") {
		t.Errorf("on loopback it warns:\n%s", alone.output())
	}
	alone.stop(os.Interrupt)
	open := start(t, data, "demo", "--listen", "0.0.0.0:0")
	open.stop(os.Interrupt)
	if !strings.Contains(open.output(), "may be anybody") {
		t.Errorf("it does not warn:\n%s", open.output())
	}
}

func TestAnAddressThatIsTakenIsSaidInWords(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, command := range []string{"demo", "serve"} {
		run(t, command, "--data", folder(t), "--listen", taken.Addr().String()).
			expect(t, statusFailed, taken.Addr().String()+" is taken by another program", "--listen")
	}
}

func TestWithoutAnAddressOfItsOwnTheDemoTakesTheNextFreePort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	l, err := listenNear(t.Context(), "127.0.0.1", port)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got := l.Addr().(*net.TCPAddr).Port; got <= port || got >= port+portsTried {
		t.Errorf("beside %d it took %d", port, got)
	}
}

func TestAFolderIsServedOnce(t *testing.T) {
	s := startDemo(t, folder(t))
	run(t, "demo", "--data", s.data, "--listen", "127.0.0.1:0").expect(t, statusFailed, "in use")
	run(t, "serve", "--data", s.data, "--listen", "127.0.0.1:0").expect(t, statusFailed, "in use")
	must(t, "district", "list", "--data", s.data) // and commands still reach the first
	s.stop(os.Interrupt)
}

func TestNothingIsLeftOpenWhenADemoStops(t *testing.T) {
	s := startDemo(t, folder(t))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	open := s.dial(ctx, "ana-ruiz")
	begun := make(chan struct{})
	go func() { // a request that is under way
		defer close(begun)
		s.get("/healthz")
	}()
	<-begun
	s.stop(os.Interrupt)
	if _, _, err := open.Read(ctx); err == nil {
		t.Error("the socket still reads")
	}
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), time.Second); err == nil {
		t.Error("the address still answers")
	}
	for _, name := range []string{"control.sock", "homeline.db-wal"} {
		if _, err := os.Stat(filepath.Join(s.data, name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", name, err)
		}
	}
}
