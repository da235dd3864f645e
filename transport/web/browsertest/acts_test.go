package browsertest

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

type cdpCommand[P, R any] = cdp.Command[P, R]

// finding is what acts and tests look for in a page: the visible element of a
// kind with that text, or else one whose text holds it.
const finding = `((kind, text) => {
	const selectors = { link: "a[href]", button: "button, summary", field: "input, textarea, select", any: "*" };
	const plain = (s) => s.replace(/\s+/g, " ").trim();
	const visible = (e) => { const r = e.getBoundingClientRect(); return r.width > 2 && r.height > 2 && getComputedStyle(e).visibility === "visible"; };
	const label = (e) => plain([...(e.labels || [])].map((l) => l.textContent).join(" ") || e.getAttribute("aria-label") || "");
	const said = (e) => kind === "field" ? label(e) : plain(e.textContent);
	const all = [...document.querySelectorAll(selectors[kind])].filter(visible);
	return all.find((e) => said(e) === text) || all.find((e) => said(e).startsWith(text)) || all.find((e) => said(e).includes(text));
})`

// open goes to a page, and waits until it is live where scripts run.
func (w *window) open(path string) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.url(path)))
	w.ready()
}

func (w *window) ready() {
	w.t.Helper()
	w.until("the page to be loaded", `document.readyState === "complete"`)
	if w.script {
		w.until("the page to be live", `!document.documentElement.dataset.person || "live" in document.documentElement.dataset`)
	}
}

// click presses a link or button, by its text.
func (w *window) click(kind, text string) {
	w.t.Helper()
	// What a person hits is what lies there: nothing may cover it.
	const place = `(() => {
		const e = ` + finding + `(%s, %s);
		if (!e || e.disabled) return [];
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const r = e.getClientRects()[0];
		const x = r.x + r.width / 2, y = r.y + r.height / 2;
		const hit = document.elementFromPoint(x, y);
		return hit && (e.contains(hit) || [...(e.labels || [])].some((l) => l.contains(hit))) ? [x, y] : [];
	})()`
	w.until(kind+" "+text, `(`+place+`).length === 2`, kind, text)
	at := js[[]float64](w, place, kind, text)
	w.do(chromedp.MouseClickXY(at[0], at[1]))
}

// follow presses what leads to another page, and waits for that.
func (w *window) follow(kind, text string) {
	w.t.Helper()
	w.leaving(func() { w.click(kind, text) })
}

// leaving waits until act has led to another page.
func (w *window) leaving(act func()) {
	w.t.Helper()
	js[bool](w, `document.left = true`)
	act()
	w.until("another page", `!document.left`)
	w.ready()
}

// press presses a button that leads to another page where no script runs, and
// stays where one does.
func (w *window) press(text string) {
	w.t.Helper()
	if w.script {
		w.click("button", text)
		return
	}
	w.follow("button", text)
}

// fill types text into a field in place of what it holds.
func (w *window) fill(label, text string) {
	w.t.Helper()
	w.until("field "+label, `!!`+finding+`("field", %s)`, label)
	js[bool](w, `(() => { const e = `+finding+`("field", %s); e.focus(); e.select(); return true; })()`, label)
	w.insert(text)
}

// insert types text where the focus is.
func (w *window) insert(text string) {
	w.t.Helper()
	call(w, input.InsertText, input.InsertTextParams{Text: text})
}

// choose takes an option of a drop-down.
func (w *window) choose(label, option string) {
	w.t.Helper()
	w.until("drop-down "+label, `!!`+finding+`("field", %s)`, label)
	if !js[bool](w, `(() => {
		const e = `+finding+`("field", %s);
		const o = [...e.options].find((o) => o.textContent.includes(%s));
		if (!o) return false;
		o.selected = true;
		for (const type of ["input", "change"]) e.dispatchEvent(new Event(type, { bubbles: true }));
		return true;
	})()`, label, option) {
		w.t.Fatalf("%s has no %s\n%s", label, option, w.describe())
	}
}

// keys presses keys, one after the other.
func (w *window) keys(keys string, modifiers ...chromedp.Modifier) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// sees waits until the page shows a text.
func (w *window) sees(texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		w.until("the text "+text, shows, text)
	}
}

// misses waits until the page shows a text no more.
func (w *window) misses(text string) {
	w.t.Helper()
	w.until("the text to be gone: "+text, `!`+shows, text)
}

const shows = `document.body.innerText.replace(/\s+/g, " ").includes(%s)`

func (w *window) at(path string) {
	w.t.Helper()
	w.until("the page "+path, `(location.pathname + location.search).startsWith(%s)`, path)
}

// unread waits until the page shows that number: beside the link, in the title,
// and nothing where it is 0.
func (w *window) unread(n int) {
	w.t.Helper()
	w.until("an unread number", `(() => {
		const n = %s;
		const badges = [...document.querySelectorAll("[data-unread-badge]")];
		const shown = badges.filter((b) => b.getClientRects().length > 0).map((b) => b.textContent.trim());
		const title = /^\((\d+)\) /.exec(document.title);
		return n === 0
			? badges.length > 0 && shown.length === 0 && !title
			: shown.length > 0 && shown.every((s) => s === String(n)) && title && title[1] === String(n);
	})()`, n)
}

// stay marks the page; the function it gives back fails the test where the page
// was loaded anew since.
func (w *window) stay() func() {
	w.t.Helper()
	js[bool](w, `document.stayed = true`)
	return func() {
		w.t.Helper()
		if !js[bool](w, `document.stayed === true`) {
			w.t.Errorf("the page was loaded anew\n%s", w.describe())
		}
	}
}

func (w *window) reload() {
	w.t.Helper()
	w.leaving(func() { call(w, page.Reload, page.ReloadParams{}) })
}

// back goes to the page before.
var back = chromedp.NavigateBack()
