package words

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryLanguageHasEveryKey(t *testing.T) {
	c := load(t)
	english := c.Language(Fallback)
	for _, l := range c.Languages() {
		for key := range english.raw {
			if !l.Has(key) {
				t.Errorf("%s lacks %s", l.Tag, key)
			}
		}
		for key := range l.raw {
			if !english.Has(key) {
				t.Errorf("%s has %s, which English does not have", l.Tag, key)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

func TestEveryLanguageHasThePlaceholdersOfEnglish(t *testing.T) {
	c := load(t)
	english := c.Language(Fallback)
	for _, l := range c.Languages() {
		for key := range english.raw {
			want, got := placeholders(english.raw[key]), placeholders(l.raw[key])
			if !slices.Equal(want, got) {
				t.Errorf("%s: %s has %v, English %v", l.Tag, key, got, want)
			}
		}
	}
}

// placeholders are those of a message in all its forms.
func placeholders(message any) []string {
	found := map[string]bool{}
	for _, text := range forms(message) {
		for _, p := range placeholder.FindAllString(text, -1) {
			found[p] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func forms(message any) map[string]string {
	switch m := message.(type) {
	case string:
		return map[string]string{"": m}
	case map[string]any:
		out := map[string]string{}
		for form, text := range m {
			out[form], _ = text.(string)
		}
		return out
	}
	return nil
}

func TestEveryCountedMessageHasThePluralFormsOfItsLanguage(t *testing.T) {
	c := load(t)
	for _, l := range c.Languages() {
		want := pluralForms(t, l.Tag)
		for key, message := range l.raw {
			if _, plain := message.(string); plain {
				continue
			}
			have := forms(message)
			for _, form := range want {
				if have[form] == "" {
					t.Errorf("%s: %s lacks the form %q", l.Tag, key, form)
				}
			}
			if len(have) != len(want) {
				t.Errorf("%s: %s has forms that the language does not have: %v", l.Tag, key, have)
			}
		}
	}
}

// pluralForms asks the library, with a message each form of which names itself,
// which ones whole numbers take in a language.
func pluralForms(t *testing.T, tag string) []string {
	t.Helper()
	bundle := i18n.NewBundle(language.MustParse(tag))
	bundle.MustAddMessages(language.MustParse(tag), &i18n.Message{
		ID: "probe", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other",
	})
	found := map[string]bool{}
	localizer := i18n.NewLocalizer(bundle, tag)
	for _, n := range append(slices.Collect(upTo(200)), 1_000_000, 2_000_000) {
		form, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: "probe", PluralCount: n})
		if err != nil {
			t.Fatal(err)
		}
		found[form] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

var (
	inTemplates = regexp.MustCompile(`\b(?:t|n) "([a-z_A-Z0-9]+)"`)
	inCode      = regexp.MustCompile(`"([a-z][a-zA-Z_0-9]*)"`)
)

// composed are keys that are put together from what something is.
var composed = []string{
	"said_", "error_", "page_", "refused_", "role_", "grade_", "mode_", "weekday_", "month_short_",
	"any_", "facet_", "part_", "js_", "language_", "mail_address_", "mailbox_", "mails_", "unreached_", "mail_answer_",
}

func TestEveryKeyThatIsSaidIsThereAndEveryOtherIsGone(t *testing.T) {
	english := load(t).Language(Fallback)
	said := map[string]bool{}
	for _, source := range sources(t, "../templates", ".html") {
		for _, m := range inTemplates.FindAllStringSubmatch(source, -1) {
			said[m[1]] = true
			if !english.Has(m[1]) && !strings.HasSuffix(m[1], "_") {
				t.Errorf("a template says %s, which is not in the catalogue", m[1])
			}
		}
	}
	code := append(sources(t, "../../transport", ".go"), sources(t, ".", ".go")...)
	for _, source := range code {
		for _, m := range inCode.FindAllStringSubmatch(source, -1) {
			said[m[1]] = true
		}
	}
	for key := range english.raw {
		isComposed := slices.ContainsFunc(composed, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if !said[key] && !isComposed {
			t.Errorf("nobody says %s", key)
		}
	}
}

func TestEveryScriptWordIsSaidByTheBrowserClient(t *testing.T) {
	scripts := strings.Join(sources(t, "../js", ".js"), "\n")
	templates := strings.Join(sources(t, "../templates", ".html"), "\n")
	for key := range load(t).Language(Fallback).Script() {
		if !strings.Contains(scripts, `"`+key+`"`) && !strings.Contains(templates, `"js_`+key+`"`) {
			t.Errorf("the browser client does not say %s", key)
		}
	}
}

// Between tags a template has nothing that a person reads.
func TestTemplatesHoldNoWordsOfTheirOwn(t *testing.T) {
	action := regexp.MustCompile(`\{\{.*?\}\}`)
	tag := regexp.MustCompile(`(?s)<[^>]*>`)
	readable := regexp.MustCompile(`\p{L}{2,}`)
	spoken := regexp.MustCompile(`(?:aria-label|title|placeholder|alt)="[^"{]*\p{L}{2,}[^"{]*"`)
	for _, source := range sources(t, "../templates", ".html") {
		bare := action.ReplaceAllString(source, "")
		if found := spoken.FindString(bare); found != "" {
			t.Errorf("a template speaks: %s", found)
		}
		if found := readable.FindString(tag.ReplaceAllString(bare, "")); found != "" {
			t.Errorf("a template says %q", found)
		}
	}
}

func sources(t *testing.T, folder, ending string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ending) || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		list = append(list, string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatalf("no %s files in %s", ending, folder)
	}
	return list
}
