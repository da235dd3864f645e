package roster_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/roster"
)

func TestNamesAreFoldedToWhatTheyHaveInCommon(t *testing.T) {
	for name, want := range map[string]string{
		"Núñez": "nunez", "NUNEZ": "nunez", "O’Hara": "ohara", "O'Hara": "ohara", "de  la-Cruz": "de la cruz", "Øster": "oster",
		"Groß": "gross", "王小明": "王小明", " '%_ ": "", "Zoe\u0308": "zoe", "2nd": "2nd", "bad\xff": "bad",
	} {
		if got := roster.Fold(name); got != want {
			t.Errorf("%q is folded to %q, want %q", name, got, want)
		}
	}
}

func TestAFoldedNameIsShortAndFoldedAgainTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.Just(strings.Repeat("é ", 200))).Draw(t, "name")
		folded := roster.Fold(name)
		if len(folded) > 120 || !utf8.ValidString(folded) || strings.TrimSpace(folded) != folded {
			t.Errorf("%q is folded to %q", name, folded)
		}
		if again := roster.Fold(folded); again != folded {
			t.Errorf("%q is folded to %q, and that to %q", name, folded, again)
		}
	})
}

func TestAPersonIsFoundByAllTheirNamesAndShownByOne(t *testing.T) {
	got := roster.FoldName(roster.SnapshotPerson{Given: "Leonardo", Preferred: "Leo", Family: "Ruiz Díaz"})
	if want := (roster.FoldedName{SortKey: "ruiz diaz\x01leonardo", Words: " leonardo leo ruiz diaz", Shown: " leo ruiz diaz"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, word := range roster.WordBeginnings("LEO, día") {
		if !strings.Contains(got.Words, word) {
			t.Errorf("%q is not found in %q", word, got.Words)
		}
	}
}

func TestAPlaceComesBackFromItsCursor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := roster.Place{SortKey: rapid.String().Draw(t, "name"), Person: uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "person"))}
		if got, ok := roster.ParsePlace(p.String()); !ok || got != p {
			t.Errorf("%+v came back as %+v, %v", p, got, ok)
		}
	})
	for _, text := range []string{"!", "AAAA", strings.Repeat("A", 21), "\x00"} {
		if _, ok := roster.ParsePlace(text); ok {
			t.Errorf("%q was taken for a cursor", text)
		}
	}
	if p, ok := roster.ParsePlace(""); !ok || p != (roster.Place{}) {
		t.Errorf("without a cursor one begins at %+v, %v", p, ok)
	}
}

func TestALongListOfferIsCutAndHasNothingTwice(t *testing.T) {
	var all []roster.Choice
	for i := range 1200 {
		all = append(all, roster.Choice{Value: strings.Repeat("v", i%600+1), Label: strings.Repeat("x", i%600+1)})
	}
	all = append(all, roster.Choice{Label: "of no value"})
	some := roster.Choices(all)
	if len(some) != 500 || !slices.IsSortedFunc(some, func(a, b roster.Choice) int { return len(a.Label) - len(b.Label) }) {
		t.Errorf("%d are offered", len(some))
	}
}
