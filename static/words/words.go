// Package words is the catalogue: every word that a person reads, in every
// language, with plural forms by the rules of CLDR. Adding a language is adding
// a file beside this one.
//
// A message is a line of a .toml file, or a table of plural forms. In it,
// {name} is a placeholder. Keys that begin with js_ are given to the browser
// client. Where a language lacks a message, English stands in; a test holds
// that none lacks any.
package words

import (
	"embed"
	"fmt"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.toml
var files embed.FS

// Fallback is the language that stands in where nothing better is known.
const Fallback = "en"

// scriptPrefix begins the keys that the browser client is given.
const scriptPrefix = "js_"

// Catalogue holds all languages.
type Catalogue struct {
	languages []*Language
	matcher   language.Matcher
}

// Load reads the catalogue that is embedded in the program.
func Load() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.MustParse(Fallback))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("catalogue of words: %w", err)
	}
	c := &Catalogue{}
	for _, e := range entries {
		l, err := loadLanguage(bundle, e.Name())
		if err != nil {
			return nil, fmt.Errorf("catalogue of words: %s: %w", e.Name(), err)
		}
		c.languages = append(c.languages, l)
	}
	// The first one is what a matcher falls back to.
	sort.SliceStable(c.languages, func(i, j int) bool { return c.languages[i].Tag == Fallback && c.languages[j].Tag != Fallback })
	tags := make([]language.Tag, len(c.languages))
	for i, l := range c.languages {
		tags[i] = language.MustParse(l.Tag)
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

func loadLanguage(bundle *i18n.Bundle, name string) (*Language, error) {
	tag := strings.TrimSuffix(name, ".toml")
	if _, err := language.Parse(tag); err != nil {
		return nil, err
	}
	if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
		return nil, err
	}
	raw := map[string]any{}
	b, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if err := toml.Unmarshal(b, &raw); err != nil {
		return nil, err
	}
	l := &Language{Tag: tag, localizer: i18n.NewLocalizer(bundle, tag), raw: raw}
	l.Name, l.Dir = l.Say("language_name"), l.Say("language_dir")
	return l, nil
}

// Languages are all there are, English first.
func (c *Catalogue) Languages() []*Language { return c.languages }

// Has says whether the catalogue holds exactly that language.
func (c *Catalogue) Has(tag string) bool {
	for _, l := range c.languages {
		if l.Tag == tag {
			return true
		}
	}
	return false
}

// Speaks reports whether a language of the catalogue suits the tag (BCP 47).
func (c *Catalogue) Speaks(tag string) bool {
	parsed, err := language.Parse(tag)
	if err != nil {
		return false
	}
	_, _, confidence := c.matcher.Match(parsed)
	return confidence > language.No
}

// Language is the best for the first of the tags (BCP 47) or Accept-Language
// headers that any language suits; English where none does.
func (c *Catalogue) Language(wishes ...string) *Language {
	for _, wish := range wishes {
		tags, _, err := language.ParseAcceptLanguage(wish)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, i, confidence := c.matcher.Match(tags...); confidence > language.No {
			return c.languages[i]
		}
	}
	return c.languages[0]
}
