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

// part is the i-th piece of a list.
func part[T any](list []T, i int) []T {
	from := min(i*pieceSize, len(list))
	return list[from:min(from+pieceSize, len(list))]
}

// pieces is how many pieces the longest of the lists makes.
func pieces(lengths ...int) int {
	n := 0
	for _, l := range lengths {
		n = max(n, (l+pieceSize-1)/pieceSize)
	}
	return n
}

func sendState(w io.Writer, s roster.State) error {
	head := roster.State{Version: s.Version, Bars: s.Bars}
	head.Whole, head.Unknown = s.Whole, s.Unknown
	n := pieces(len(s.Orgs), len(s.Terms), len(s.Sections), len(s.People), len(s.Enrolments), len(s.Guardianships))
	return send(w, head, n, func(i int) roster.State {
		return roster.State{Snapshot: roster.Snapshot{
			Orgs: part(s.Orgs, i), Terms: part(s.Terms, i), Sections: part(s.Sections, i),
			People: part(s.People, i), Enrolments: part(s.Enrolments, i), Guardianships: part(s.Guardianships, i),
		}}
	})
}

func receiveState(r io.Reader) (s roster.State, err error) {
	err = receive(r, &s, func(p *roster.State) {
		s.Orgs, s.Terms, s.Sections = append(s.Orgs, p.Orgs...), append(s.Terms, p.Terms...), append(s.Sections, p.Sections...)
		s.People, s.Enrolments = append(s.People, p.People...), append(s.Enrolments, p.Enrolments...)
		s.Guardianships = append(s.Guardianships, p.Guardianships...)
	})
	return s, err
}

func sendChanges(w io.Writer, c roster.Changes) error {
	n := pieces(len(c.PutOrgs), len(c.PutTerms), len(c.PutSections), len(c.PutPeople), len(c.PutEnrolments),
		len(c.RemoveEnrolments), len(c.PutGuardianships), len(c.RemoveGuardianships))
	return send(w, roster.Changes{Base: c.Base, Summary: c.Summary}, n, func(i int) roster.Changes {
		return roster.Changes{
			PutOrgs: part(c.PutOrgs, i), PutTerms: part(c.PutTerms, i), PutSections: part(c.PutSections, i),
			PutPeople: part(c.PutPeople, i), PutEnrolments: part(c.PutEnrolments, i), RemoveEnrolments: part(c.RemoveEnrolments, i),
			PutGuardianships: part(c.PutGuardianships, i), RemoveGuardianships: part(c.RemoveGuardianships, i),
		}
	})
}

func receiveChanges(r io.Reader) (c roster.Changes, err error) {
	err = receive(r, &c, func(p *roster.Changes) {
		c.PutOrgs, c.PutTerms = append(c.PutOrgs, p.PutOrgs...), append(c.PutTerms, p.PutTerms...)
		c.PutSections, c.PutPeople = append(c.PutSections, p.PutSections...), append(c.PutPeople, p.PutPeople...)
		c.PutEnrolments = append(c.PutEnrolments, p.PutEnrolments...)
		c.RemoveEnrolments = append(c.RemoveEnrolments, p.RemoveEnrolments...)
		c.PutGuardianships = append(c.PutGuardianships, p.PutGuardianships...)
		c.RemoveGuardianships = append(c.RemoveGuardianships, p.RemoveGuardianships...)
	})
	return c, err
}

// send writes what is no list, then how many pieces come, then the pieces: what
// ends too early is seen.
func send[T any](w io.Writer, head T, n int, piece func(int) T) error {
	e := json.NewEncoder(w)
	if err := errors.Join(e.Encode(head), e.Encode(n)); err != nil {
		return err
	}
	for i := range n {
		if err := e.Encode(piece(i)); err != nil {
			return err
		}
	}
	return nil
}

func receive[T any](r io.Reader, head *T, add func(*T)) error {
	d := json.NewDecoder(r)
	var n int
	if err := errors.Join(d.Decode(head), d.Decode(&n)); err != nil {
		return fmt.Errorf("reading the roster: %w", err)
	}
	for range n {
		piece := new(T)
		if err := d.Decode(piece); err != nil {
			return fmt.Errorf("reading the roster: %w", err)
		}
		add(piece)
	}
	return nil
}
