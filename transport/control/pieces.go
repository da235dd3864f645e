package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/homeline/homeline/hub/roster"
)

// A roster may hold some hundred thousand people: it goes through the socket in
// pieces, values of its own type with a part of each list, which the other end
// adds up. Neither end ever holds the text of it whole.
const pieceSize = 1000

func stateLists(s *roster.State) []list {
	return []list{
		listOf[roster.SnapshotOrg]{all: &s.Orgs}, listOf[roster.SnapshotTerm]{all: &s.Terms},
		listOf[roster.SnapshotSection]{&s.Sections, shareSection}, listOf[roster.SnapshotPerson]{&s.People, sharePerson},
		listOf[roster.SnapshotEnrolment]{&s.Enrolments, shareEnrolment},
		listOf[roster.SnapshotGuardianship]{&s.Guardianships, shareGuardianship},
	}
}

func sendState(w io.Writer, s roster.State) error {
	head := s
	head.Orgs, head.Terms, head.Sections, head.People, head.Enrolments, head.Guardianships = nil, nil, nil, nil, nil, nil
	return send(w, head, &s, stateLists)
}

func receiveState(r io.Reader) (roster.State, error) { return receive(r, stateLists) }

func changesLists(c *roster.Changes) []list {
	return []list{
		listOf[roster.SnapshotOrg]{all: &c.PutOrgs}, listOf[roster.SnapshotTerm]{all: &c.PutTerms},
		listOf[roster.SnapshotSection]{&c.PutSections, shareSection}, listOf[roster.SnapshotPerson]{&c.PutPeople, sharePerson},
		listOf[roster.SnapshotEnrolment]{&c.PutEnrolments, shareEnrolment}, listOf[string]{all: &c.RemoveEnrolments},
		listOf[roster.SnapshotGuardianship]{&c.PutGuardianships, shareGuardianship},
		listOf[roster.SnapshotGuardianship]{&c.RemoveGuardianships, shareGuardianship},
	}
}

func sendChanges(w io.Writer, c roster.Changes) error {
	head := roster.Changes{
		Base: c.Base, Columns: c.Columns, Lacking: c.Lacking, Renames: c.Renames, Keep: c.Keep, Release: c.Release, Recycled: c.Recycled,
		Summary: c.Summary,
	}
	return send(w, head, &c, changesLists)
}

func receiveChanges(r io.Reader) (roster.Changes, error) { return receive(r, changesLists) }

// send writes what is no list, then how long each list is, then the pieces: what
// ends too early is seen.
func send[T any](w io.Writer, head T, whole *T, lists func(*T) []list) error {
	of := lists(whole)
	lengths := make([]int, len(of))
	for i, l := range of {
		lengths[i] = l.length()
	}
	e := json.NewEncoder(w)
	if err := errors.Join(e.Encode(head), e.Encode(lengths)); err != nil {
		return err
	}
	for i := range pieces(lengths) {
		piece := new(T)
		for n, l := range lists(piece) {
			l.part(of[n], i)
		}
		if err := e.Encode(piece); err != nil {
			return err
		}
	}
	return nil
}

// pieces is how many pieces the longest of the lists makes.
func pieces(lengths []int) int {
	n := 0
	for _, l := range lengths {
		n = max(n, (l+pieceSize-1)/pieceSize)
	}
	return n
}

func receive[T any](r io.Reader, lists func(*T) []list) (whole T, err error) {
	d := json.NewDecoder(r)
	var lengths []int
	if err := errors.Join(d.Decode(&whole), d.Decode(&lengths)); err != nil {
		return whole, fmt.Errorf("reading the roster: %w", err)
	}
	of := lists(&whole)
	if len(lengths) != len(of) {
		return whole, fmt.Errorf("reading the roster: it has %d lists, not %d: the other end is of another version", len(lengths), len(of))
	}
	for i, l := range of {
		l.room(lengths[i])
	}
	once := shared{}
	for range pieces(lengths) {
		piece := new(T)
		if err := d.Decode(piece); err != nil {
			return whole, fmt.Errorf("reading the roster: %w", err)
		}
		for i, l := range lists(piece) {
			of[i].add(l, once)
		}
	}
	return whole, nil
}
