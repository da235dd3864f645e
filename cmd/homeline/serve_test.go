package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"

	"github.com/homeline/homeline/transport/mail/mailtest"
)

// lincoln is a data folder with a small school, enabled: ana teaches leo, rosa
// is his mother.
func lincoln(t testing.TB) (data string) {
	t.Helper()
	data = folder(t)
	must(t, "district", "create", "lincoln", "--name", "Lincoln Unified", "--data", data)
	must(t, "import", rosterFolder(t, smallRoster()), "--data", data)
	must(t, "district", "enable", "lincoln", "--data", data)
	return data
}

// smallRoster are the files of lincoln, for a test to change.
func smallRoster() map[string]string {
	return map[string]string{
		"orgs.csv":    "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nhs,,,High School,school,,\n",
		"classes.csv": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\nalg,,,Algebra 1,,,,scheduled,,hs,,,,3\n",
		"users.csv": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,email,agentSourcedIds\n" +
			"ana,,,true,hs,teacher,ana,Ana,Ruiz,ana@school.example,\n" +
			"leo,,,true,hs,student,leo,Leo,Vega,leo@school.example,\n" +
			"rosa,,,true,hs,parent,rosa,Rosa,Vega,rosa@mail.example,leo\n",
		"enrollments.csv": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role\n" +
			"e1,,,alg,hs,ana,teacher\ne2,,,alg,hs,leo,student\n",
	}
}

func rosterFolder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func startServe(t testing.TB, data string, args ...string) *server {
	t.Helper()
	return start(t, data, append([]string{"serve", "--listen", "127.0.0.1:0", "--drain-window", "0s"}, args...)...)
}

func TestServeWantsToKnowWhatPeopleType(t *testing.T) {
	data := folder(t)
	run(t, "serve", "--data", data, "--listen", "0.0.0.0:0").expect(t, statusFailed, "--public-url is required")
	for _, wrong := range []string{"homeline.example", "https://", "ftp://homeline.example", "https://homeline.example/app", "https://me:secret@homeline.example"} {
		r := run(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--public-url", wrong)
		r.expect(t, statusFailed, "--public-url")
		if strings.Contains(r.err, "secret") {
			t.Errorf("it repeats a password: %s", r.err)
		}
	}
}

func TestSettingsMayStandInTheEnvironment(t *testing.T) {
	data := folder(t)
	runWith(t, []string{"HOMELINE_DATA=" + data}, "district", "create", "lincoln").expect(t, 0, "Created lincoln")
	if _, err := os.Stat(filepath.Join(data, "homeline.db")); err != nil {
		t.Error(err)
	}
}

func TestServeIsAliveAndReadyUntilItIsToldToStop(t *testing.T) {
	s := startServe(t, lincoln(t))
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\nstore: ok\nbroker: ok\n"} {
		if status, body := s.get(path); status != http.StatusOK || body != want {
			t.Errorf("%s answers %d %q", path, status, body)
		}
	}
	s.stop(syscall.SIGTERM)
}

func TestAStoppingNodeAnswersUntilABalancerHasSeenThatItIsNotReady(t *testing.T) {
	s := startServe(t, lincoln(t), "--public-url", "http://school.example", "--drain-window", "1h")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.becomes("/readyz", http.StatusServiceUnavailable, "stopping")
	if status, _ := s.get("/sign-in"); status != http.StatusOK {
		t.Errorf("a request meanwhile is answered with %d", status)
	}
	s.kill()
}

func TestANodeThatOnlyThisMachineReachesStopsWhenNobodyIsLeft(t *testing.T) {
	startServe(t, lincoln(t), "--drain-window", "1h").stop(os.Interrupt)
}

func TestOpenPagesAreToldToComeBackWhenTheServerStops(t *testing.T) {
	s := startServe(t, lincoln(t))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	open := s.dial(ctx, "rosa")
	ended := make(chan error, 1)
	go func() {
		_, _, err := open.Read(ctx)
		ended <- err
	}()
	s.stop(syscall.SIGTERM)
	if err := <-ended; websocket.CloseStatus(err) != 4000 {
		t.Errorf("the page was told %v", err)
	}
}

// browser keeps cookies and follows redirects.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &http.Client{Jar: jar}
	t.Cleanup(b.CloseIdleConnections)
	return b
}

func post(t *testing.T, b *http.Client, address string, form url.Values) (landed *url.URL, page string) {
	t.Helper()
	r, err := b.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, r.Status, err)
	}
	return r.Request.URL, string(body)
}

func TestSomebodySignsInByTheLinkInTheirMail(t *testing.T) {
	data := lincoln(t)
	s := startServe(t, data, "--public-url", "http://school.example", "--log-level", "debug")
	b := browser(t)
	known, words := post(t, b, s.url+"/sign-in", url.Values{"address": {"rosa@mail.example"}, "next": {"/inbox"}})
	unknown, same := post(t, b, s.url+"/sign-in", url.Values{"address": {"else@mail.example"}, "next": {"/inbox"}})
	if known.Path != unknown.Path || strings.ReplaceAll(words, "rosa", "else") != same {
		t.Errorf("known and unknown differ:\n%s\n%s", words, same)
	}
	s.stop(syscall.SIGTERM) // what was asked for is sent before it ends

	mails := mailtest.Read(t, os.DirFS(filepath.Join(data, "outbox")))
	if len(mails) != 1 || mails[0].To != "rosa@mail.example" {
		t.Fatalf("mailed: %+v", mails)
	}
	_, rest, ok := strings.Cut(mails[0].Text, "http://school.example/sign-in/")
	secret, _, _ := strings.Cut(rest, "\n")
	if !ok || secret == "" {
		t.Fatalf("the mail says\n%s", mails[0].Text)
	}
	again := startServe(t, data)
	if status, _ := again.get("/sign-in/" + secret); status != http.StatusOK { // as a mail scanner does
		t.Errorf("looking at the link: %d", status)
	}
	landed, page := post(t, b, again.url+"/sign-in/"+secret, nil)
	if landed.Path == "/sign-in" || !strings.Contains(page, "Rosa Vega") {
		t.Errorf("the link leads to %s", landed)
	}
	again.stop(syscall.SIGTERM)
	for _, hidden := range []string{secret, "rosa@mail.example", "Rosa", "Vega"} {
		if strings.Contains(s.output(), hidden) || strings.Contains(again.output(), hidden) {
			t.Errorf("%q is in the log:\n%s%s", hidden, s.output(), again.output())
		}
	}
}

func TestWhatServeKeepsIsItsOwnersAlone(t *testing.T) {
	data := lincoln(t)
	s := startServe(t, data)
	err := filepath.WalkDir(data, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	s.stop(os.Interrupt)
}

func TestHelpNamesEverySettingWithItsDefault(t *testing.T) {
	r := run(t, "serve", "--help")
	r.expect(t, 0, "--listen", "127.0.0.1:8080", "$HOMELINE_LISTEN", "$HOMELINE_DATA", "homeline-data", "$HOMELINE_PUBLIC_URL",
		"$HOMELINE_OUTBOX", "$HOMELINE_MAIL_FROM", "$HOMELINE_TRUSTED_PROXIES", "$HOMELINE_DRAIN_WINDOW", "$HOMELINE_LOG_LEVEL")
}

func TestWhatProgramsAskWronglyIsAnsweredAsTheDocumentSays(t *testing.T) {
	s := startServe(t, lincoln(t))
	for _, c := range []struct {
		method, path string
		status       int
		header, want string
	}{
		{http.MethodHead, "/socket", http.StatusMethodNotAllowed, "Allow", "GET"},
		{http.MethodPost, "/socket", http.StatusMethodNotAllowed, "Allow", "GET"},
		{http.MethodGet, "/socket", http.StatusBadRequest, "Allow", ""}, // without the subprotocol
		{http.MethodGet, "/api/v1", http.StatusNotFound, "Content-Type", "application/problem+json"},
		{http.MethodGet, "/api/v1/", http.StatusNotFound, "Content-Type", "application/problem+json"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, s.url+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got := response.Header.Get(c.header); response.StatusCode != c.status || got != c.want {
			t.Errorf("%s %s: %d with %s %q, want %d with %q", c.method, c.path, response.StatusCode, c.header, got, c.status, c.want)
		}
	}
	s.stop(os.Interrupt)
}
