package weblink_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/homeline/homeline/transport/weblink"
)

// The browser client finds the same links: its tests read the same file.
func TestLinksAreTheAddressesOfTheWebAndNothingElse(t *testing.T) {
	b, err := os.ReadFile("../../static/jstest/links.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text  string
		Links []string
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	for _, test := range cases {
		if got := linksOf(weblink.Split(test.Text, 100)); !slices.Equal(got, test.Links) {
			t.Errorf("%q: %q, want %q", test.Text, got, test.Links)
		}
	}
}

func TestOnlySoManyBecomeLinks(t *testing.T) {
	text := strings.Repeat("https://example.org ", 10)
	for most := range 4 {
		if got := len(linksOf(weblink.Split(text, most))); got != most {
			t.Errorf("%d links, want %d", got, most)
		}
	}
}

func FuzzThePiecesAreTogetherTheText(f *testing.F) {
	for _, seed := range []string{"", "https://example.org/a b", "\xff https://[::1]/\x00", "http://a http://b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var whole strings.Builder
		for _, p := range weblink.Split(text, 5) {
			whole.WriteString(p.Text)
			if p.Link && !strings.HasPrefix(strings.ToLower(p.Text), "http") {
				t.Errorf("%q is a link", p.Text)
			}
		}
		if whole.String() != text {
			t.Errorf("%q is cut into %q", text, whole.String())
		}
	})
}

func linksOf(pieces []weblink.Piece) []string {
	links := []string{}
	for _, p := range pieces {
		if p.Link {
			links = append(links, p.Text)
		}
	}
	return links
}
