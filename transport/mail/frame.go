package mail

import (
	"bytes"
	"embed"
	htmltemplate "html/template"
	"slices"
	texttemplate "text/template"

	"github.com/homeline/homeline/static/words"
)

//go:embed templates
var templates embed.FS

// frame is what every mail has around what it says.
type frame struct {
	Language, Dir string
	Title         string // the subject
	Preheader     string // what mailboxes show beside the subject
	Place         string // the school or district that it comes from
	Heading       string
	Button, Link  string // the one thing to do; Link is empty where there is none
	// Also is the same page in further languages, for a reader whose language is
	// unknown.
	Also []any
}

func (f frame) inOtherLanguages() []any { return f.Also }

// between is what separates the languages of a plain part.
const between = "\n\n* * *\n\n"

// otherLanguages returns all languages of the catalogue but the first if it is
// unknown which one the reader reads, else none.
func otherLanguages(catalogue *words.Catalogue, first *words.Language, unknown bool) []*words.Language {
	if !unknown {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(catalogue.Languages()), func(l *words.Language) bool { return l == first })
}

// layout is one kind of mail, in both its parts.
type layout struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

var (
	signInTemplate = loadLayout("signin")
	noticeTemplate = loadLayout("notice")
	answerTemplate = loadLayout("answer")
)

// loadLayout puts the parts of that name into the frame.
func loadLayout(name string) layout {
	text := texttemplate.Must(texttemplate.ParseFS(templates, "templates/"+name+".txt"))
	html := htmltemplate.New("frame.html").Funcs(htmltemplate.FuncMap{"outlook": outlook})
	return layout{text: text, html: htmltemplate.Must(html.ParseFS(templates, "templates/frame.html", "templates/"+name+".html"))}
}

// outlook is markup for Outlook on Windows alone, which lays out with Word: it
// knows no max-width, and takes a font of its own for those it has not. It is
// code of the template, never of what somebody wrote.
func outlook(markup string) htmltemplate.HTML {
	return htmltemplate.HTML("<!--[if mso]>" + markup + "<![endif]-->")
}

// render returns the text and the HTML of an email, in all languages of the page.
func (l layout) render(page interface{ inOtherLanguages() []any }) (text, html string, err error) {
	var t, h bytes.Buffer
	if err := l.text.Execute(&t, page); err != nil {
		return "", "", err
	}
	for _, other := range page.inOtherLanguages() {
		t.WriteString(between)
		if err := l.text.Execute(&t, other); err != nil {
			return "", "", err
		}
	}
	if err := l.html.Execute(&h, page); err != nil {
		return "", "", err
	}
	return t.String(), h.String(), nil
}
