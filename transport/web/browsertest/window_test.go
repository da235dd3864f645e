package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long anything may take to appear.
const patience = 10 * time.Second

// window is a window of the browser in which somebody is signed in.
type window struct {
	t      *testing.T
	school *school
	ctx    context.Context
	script bool
	token  string // of the session

	mu       sync.Mutex
	problems []string
	expected []string
}

// how is in what kind of window somebody looks.
type how struct {
	noScript      bool
	dark          bool
	width, height int64 // default 1280 by 800
}

// window is a new browser, apart from all others, in which nobody (""), or
// somebody of the roster, is signed in.
func (s *school) window(sourcedID string, h how) *window {
	s.t.Helper()
	w := s.newWindow(browser, h, chromedp.WithNewBrowserContext())
	if sourcedID != "" {
		w.signIn(sourcedID)
	}
	return w
}

// tab is another window of the same browser.
func (w *window) tab() *window {
	w.t.Helper()
	return w.school.newWindow(w.ctx, how{})
}

// before is another tab of the same window, which is now in front.
func (w *window) before() *window {
	w.t.Helper()
	return w.school.newWindow(w.ctx, how{}, chromedp.WithNewWindow(false))
}

func (s *school) newWindow(parent context.Context, h how, options ...chromedp.ContextOption) *window {
	s.t.Helper()
	w := &window{t: s.t, school: s, script: !h.noScript}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(w.listen))...)
	w.ctx = ctx
	s.t.Cleanup(func() {
		cancel()
		w.report()
	})
	call(w, log.Enable, struct{}{})
	if h.width == 0 {
		h.width, h.height = 1280, 800
	}
	w.size(h)
	if h.noScript {
		call(w, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	w.dark(h.dark)
	return w
}

func (w *window) size(h how) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(h.width, h.height))
}

// dark sets the colours that somebody prefers, who wants nothing to move: so a
// change of colours is there at once.
func (w *window) dark(dark bool) {
	w.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	call(w, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
}

// prefers sets the language in which somebody wants pages who has not signed in.
func (w *window) prefers(language string) {
	w.t.Helper()
	call(w, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Language": language},
	})
}

func (w *window) signIn(sourcedID string) {
	w.t.Helper()
	token, _, err := w.school.identity.Issue(w.t.Context(), w.school.district.ID, w.school.person(sourcedID).ID, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	w.token = token
	call(w, network.SetCookie, network.SetCookieParams{
		Name: "homeline", Value: token, URL: w.url("/"), HTTPOnly: new(true), SameSite: network.CookieSameSiteLax,
	})
}

func (w *window) url(path string) string { return "http://" + w.school.address + path }

func (w *window) do(actions ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, actions...); err != nil {
		w.t.Fatal(err)
	}
}

func call[P, R any](w *window, command cdpCommand[P, R], params P) R {
	w.t.Helper()
	result, err := chromedp.Call(w.ctx, command, params)
	if err != nil {
		w.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// js evaluates an expression in the page, whether or not the page may run
// scripts itself.
func js[T any](w *window, expression string, arguments ...any) T {
	w.t.Helper()
	result, err := evaluate[T](w, expression, arguments...)
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return result
}

// evaluate puts the arguments into the %s of the expression, as JSON.
func evaluate[T any](w *window, expression string, arguments ...any) (T, error) {
	quoted := make([]any, len(arguments))
	for i, argument := range arguments {
		b, err := json.Marshal(argument)
		if err != nil {
			w.t.Fatal(err)
		}
		quoted[i] = string(b)
	}
	if len(quoted) > 0 {
		expression = fmt.Sprintf(expression, quoted...)
	}
	return chromedp.Run(w.ctx, chromedp.Evaluate[T](expression))
}

// eventually waits until something is true outside of the page.
func (w *window) eventually(what string, ok func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			w.t.Fatalf("waited in vain for: %s\n%s", what, w.describe())
		}
	}
}

// until waits until an expression is true. While a page gives way to another
// there is nothing to ask: that is no error.
func (w *window) until(what, expression string, arguments ...any) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := evaluate[bool](w, expression, arguments...); err == nil && ok {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			w.t.Fatalf("waited in vain for: %s\n%s", what, w.describe())
		}
	}
}

// describe says what the page shows, for a test that failed.
func (w *window) describe() string {
	text, err := evaluate[string](w, `location.href + " (" + document.title + ")\n" + document.body.innerText`)
	if err != nil {
		return err.Error()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return text + "\n" + strings.Join(w.problems, "\n")
}
