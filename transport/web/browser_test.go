package web

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser opens pages and sends forms as one without script does. It follows
// redirects only where it is told to.
type browser struct {
	t      *testing.T
	at     *url.URL
	client *http.Client
	header http.Header // sent with every request
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (b *browser) setCookie(name, value string) {
	b.client.Jar.SetCookies(b.at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

func (b *browser) cookie(name string) string {
	for _, c := range b.client.Jar.Cookies(b.at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// runsScript makes it a browser in which the client runs.
func (b *browser) runsScript() *browser {
	b.setCookie(scriptCookie, "1")
	return b
}

// with is the same browser, sending a header more.
func (b *browser) with(name, value string) *browser {
	other := *b
	other.header = b.header.Clone()
	if other.header == nil {
		other.header = http.Header{}
	}
	other.header.Set(name, value)
	return &other
}

func (b *browser) get(path string) answer { return b.do(http.MethodGet, path, "", nil) }

func (b *browser) post(path string, fields url.Values) answer {
	return b.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(fields.Encode()))
}

func (b *browser) follow(a answer) answer {
	for range 10 {
		if a.status != http.StatusSeeOther {
			return a
		}
		a = b.get(a.header.Get("Location"))
	}
	b.t.Fatal("too many redirects")
	return a
}

func (b *browser) do(method, path, kind string, body io.Reader) answer {
	b.t.Helper()
	target, err := b.at.Parse(path)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, target.String(), body)
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{t: b.t, status: response.StatusCode, header: response.Header, body: string(text)}
}

// is fails the test where the status is another.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d:\n%s", a.status, status, a.text())
	}
	return a
}

// leadsTo fails the test where it is no redirect to that path.
func (a answer) leadsTo(path string) answer {
	a.t.Helper()
	a.is(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != path {
		a.t.Fatalf("leads to %q, want %q", got, path)
	}
	return a
}

// says fails the test where the page lacks one of the texts.
func (a answer) says(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.text(), text) {
			a.t.Errorf("the page does not say %q:\n%s", text, a.text())
		}
	}
	return a
}

func (a answer) saysNot(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.text(), text) {
			a.t.Errorf("the page says %q:\n%s", text, a.text())
		}
	}
	return a
}

// has fails the test where the source lacks one of the pieces of HTML.
func (a answer) has(pieces ...string) answer {
	a.t.Helper()
	for _, piece := range pieces {
		if !strings.Contains(a.body, piece) {
			a.t.Errorf("the page does not have %q:\n%s", piece, a.body)
		}
	}
	return a
}

func (a answer) hasNot(pieces ...string) answer {
	a.t.Helper()
	for _, piece := range pieces {
		if strings.Contains(a.body, piece) {
			a.t.Errorf("the page has %q:\n%s", piece, a.body)
		}
	}
	return a
}

var (
	notRead = regexp.MustCompile(`(?s)<(script|style|template)\b.*?</(script|style|template)>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
	spaces  = regexp.MustCompile(`[\s\x{2068}\x{2069}]+`)
)

// text is what is read on the page.
func (a answer) text() string {
	text := tags.ReplaceAllString(notRead.ReplaceAllString(a.body, ""), " ")
	return spaces.ReplaceAllString(html.UnescapeString(text), " ")
}

var titleOf = regexp.MustCompile(`(?s)<title[^>]*>(.*?)</title>`)

func (a answer) title() string {
	if m := titleOf.FindStringSubmatch(a.body); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// field is the value of the first hidden field of that name.
func (a answer) field(name string) string {
	a.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.body)
	if m == nil {
		a.t.Fatalf("the page has no field %s:\n%s", name, a.body)
	}
	return html.UnescapeString(m[1])
}

// fields are the values of all hidden fields of a page, as its form would send
// them.
func (a answer) fields() url.Values {
	found := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(a.body, -1) {
		found.Add(m[1], html.UnescapeString(m[2]))
	}
	return found
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
