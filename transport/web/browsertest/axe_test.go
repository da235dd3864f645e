package browsertest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeCore is the source of axe-core.
func axeCore(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "static", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("axe-core is not there (in static: npm ci): %v", err)
	}
	return string(b) + "\n;undefined"
}

// phone and desk are the windows that axe-core looks at.
var phone, desk = how{width: 360, height: 700}, how{width: 1280, height: 800}

const (
	// everyRule also has the sizes of targets in it, which axe-core leaves out by
	// itself.
	everyRule = `{ rules: { "target-size": { enabled: true } } }`
	// colours are the rules for which it matters whether a page is dark.
	colours = `{ runOnly: ["color-contrast", "link-in-text-block"] }`
)

// isAccessible: axe-core finds nothing in light and dark, on a phone and on a
// wide screen.
func (w *window) isAccessible(v visit, axe string) {
	w.t.Helper()
	w.isAccessibleOnAPhone(v, axe)
	w.dark(true)
	w.size(desk)
	w.passes(v, "desk, dark", colours)
	w.dark(false)
	w.passes(v, "desk", everyRule)
}

func (w *window) isAccessibleOnAPhone(v visit, axe string) {
	w.t.Helper()
	js[chromedp.Void](w, axe)
	w.size(phone)
	w.passes(v, "phone", everyRule)
}

func (w *window) passes(v visit, where, rules string) {
	w.t.Helper()
	for _, violation := range w.violations(rules) {
		w.t.Errorf("%s, %s: %s", v.name, where, violation)
	}
}

// violations is what axe-core finds wrong: the rule, and where.
func (w *window) violations(rules string) []string {
	w.t.Helper()
	found, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](`axe.run({ resultTypes: ["violations"], ...`+rules+` }).then((r) =>
		r.violations.flatMap((v) => v.nodes.slice(0, 3).map((n) => v.id + ": " + n.html.slice(0, 200) + " " + (n.failureSummary || "").slice(0, 300))))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// Axe has to be able to find something.
func TestAxeFindsWhatIsWrong(t *testing.T) {
	w := open(t).window("", how{})
	w.open("/sign-in")
	js[bool](w, `(document.querySelector("label").remove(), true)`)
	js[chromedp.Void](w, axeCore(t))
	if len(w.violations(everyRule)) == 0 {
		t.Error("axe found nothing wrong with a field that has no label")
	}
}
