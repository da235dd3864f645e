package broker

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// However often a connection comes and goes while nobody listens: what waits is
// bounded, what is said last is how it stands, and whoever missed something is
// told to reconcile.
func TestAMailboxIsBoundedAndEndsWithHowItStands(t *testing.T) {
	letter := make([]byte, 4<<20)
	rapid.Check(t, func(t *rapid.T) {
		m := newMailbox()
		what := rapid.SliceOfN(rapid.SampledFrom([]said{arrived, connected, away}), 1, 100).Draw(t, "what happens")
		for _, w := range what {
			if w == arrived {
				m.put(uuid.New(), letter)
			} else {
				m.tell(w)
			}
		}
		waiting := m.take()
		letters, inARow, marks := 0, 0, 0
		for _, d := range waiting {
			if d.said == arrived {
				letters, inARow = letters+1, 0
				continue
			}
			marks++
			if inARow++; inARow > 2 {
				t.Fatalf("%d marks in a row", inARow)
			}
		}
		if letters > mailboxBytes/len(letter) {
			t.Fatalf("%d letters of 4 MiB wait", letters)
		}
		if sent := count(what, arrived); letters < sent && marks == 0 {
			t.Fatalf("%d of %d letters were dropped without a word", sent-letters, sent)
		}
		if last := what[len(what)-1]; last != arrived && waiting[len(waiting)-1].said != last {
			t.Fatal("how it stands was not said last")
		}
	})
}

func count(all []said, one said) int {
	return len(slices.DeleteFunc(slices.Clone(all), func(s said) bool { return s != one }))
}
