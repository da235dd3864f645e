package words

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// Language says things in one language.
type Language struct {
	Tag  string // BCP 47
	Name string // in the language itself
	Dir  string // ltr or rtl

	localizer *i18n.Localizer
	raw       map[string]any
}

// Say is the message of that key. pairs are the names of placeholders and what
// to put there, by turns: Say("reply_readers", "names", "Ana and Leo"). A key
// that nobody has is said as it is, so that a page stays readable.
func (l *Language) Say(key string, pairs ...any) string {
	return l.localize(&i18n.LocalizeConfig{MessageID: key}, pairs)
}

// Count is the message of that key in the plural form for n, which stands at
// {count}.
func (l *Language) Count(key string, n int64, pairs ...any) string {
	return l.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n}, append(pairs, "count", n))
}

func (l *Language) localize(c *i18n.LocalizeConfig, pairs []any) string {
	c.TemplateData, c.TemplateParser = pairs, braces{}
	// A missing plural form is an error beside the form that stands in.
	said, err := l.localizer.Localize(c)
	if err != nil && said == "" {
		return c.MessageID
	}
	return said
}

// Has says whether there is a message of that key.
func (l *Language) Has(key string) bool { _, ok := l.raw[key]; return ok }

// Or is the first of the keys that there is a message of.
func (l *Language) Or(keys ...string) string {
	for _, k := range keys {
		if l.Has(k) {
			return k
		}
	}
	return keys[len(keys)-1]
}

// Script are the messages for the browser client, each a string or an object
// of plural forms, keyed without their prefix.
func (l *Language) Script() map[string]any {
	out := map[string]any{}
	for key, message := range l.raw {
		if short, ok := strings.CutPrefix(key, scriptPrefix); ok {
			out[short] = message
		}
	}
	return out
}

// Isolate keeps a text that is written from right to left from turning round
// what stands beside it in a line. Others are left as they are.
func Isolate(text string) string {
	for _, r := range text {
		if unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return "\u2068" + text + "\u2069"
		}
	}
	return text
}

// List joins names: Ana, Leo and Mr Chen.
func (l *Language) List(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return l.Say("list_and", "first", strings.Join(names[:last], l.Say("list_comma")), "last", names[last])
}

// Short is a list of at most most names, with how many more there are.
func (l *Language) Short(names []string, most int) string {
	if len(names) <= most {
		return l.List(names)
	}
	more := len(names) - most
	return l.Count("list_more", int64(more), "names", strings.Join(names[:most], l.Say("list_comma")))
}

// ShortParts is Short for names with their parts, in which commas stand
// already: Ana Ruiz, parent of Leo; Leo Ruiz, student.
func (l *Language) ShortParts(parts []string, most int) string {
	semicolon := l.Say("list_semicolon")
	if len(parts) <= most {
		return strings.Join(parts, semicolon)
	}
	more := len(parts) - most
	return l.Count("list_more", int64(more), "names", strings.Join(parts[:most], semicolon))
}

// braces puts values at {name}: the same form as in the browser client, and
// nothing in it can be run.
type braces struct{}

func (braces) Cacheable() bool { return true }

func (braces) Parse(src, _, _ string) (template.ParsedTemplate, error) { return pattern(src), nil }

type pattern string

func (p pattern) Execute(data any) (string, error) {
	pairs, _ := data.([]any)
	if len(pairs) == 0 {
		return string(p), nil
	}
	replacements := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		replacements = append(replacements, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(replacements...).Replace(string(p)), nil
}
