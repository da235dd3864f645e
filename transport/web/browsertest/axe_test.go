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

// isAccessible: axe-core finds nothing in light and dark, on a phone and on a
// wide screen.
func (w *window) isAccessible(v visit, axe string) {
	w.t.Helper()
	js[chromedp.Void](w, axe)
	for _, dark := range []bool{false, true} {
		for _, size := range []how{{width: 360, height: 700}, {width: 1280, height: 800}} {
			w.size(size)
			w.dark(dark)
			for _, violation := range w.violations() {
				w.t.Errorf("%s, %d pixels, dark %t: %s", v.name, size.width, dark, violation)
			}
		}
	}
	w.dark(false)
}

// violations is what axe-core finds wrong: the rule, and where.
func (w *window) violations() []string {
	w.t.Helper()
	found, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](`axe.run({ resultTypes: ["violations"] }).then((r) =>
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
	if len(w.violations()) == 0 {
		t.Error("axe found nothing wrong with a field that has no label")
	}
}
