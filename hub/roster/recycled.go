package roster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Recycled is a sourcedId under which a delivery has what seems to be another
// person: a new name and a new address at once.
type Recycled struct{ Before, Now SnapshotPerson }

// Identities are what an operator says of recycled sourcedIds. Those that it
// does not decide are refused: what is stored stays, and the newcomer gets
// nothing of it.
type Identities struct {
	// Same are of the same people as before: what was theirs stays theirs.
	Same map[string]bool
	// New are of other people: those before become inactive under another
	// sourcedId, and the newcomers begin with nothing.
	New map[string]bool
	// AllSame and AllNew decide all that the lists do not name.
	AllSame, AllNew bool
	Today           Date // part of the sourcedId of those who make room
}

func (i Identities) same(id string) bool  { return i.Same[id] || i.AllSame && !i.New[id] }
func (i Identities) isNew(id string) bool { return i.New[id] || i.AllNew && !i.Same[id] }

// Rename gives a person who is stored another sourcedId.
type Rename struct{ From, To string }

// CompareIdentities is [Compare] that gives nobody what was another person's. It
// returns the state with the renames made, which its changes are to.
func CompareIdentities(state State, says Snapshot, who Identities) (State, Changes) {
	c := Compare(state, says)
	var refused []Recycled
	renames := map[string]string{}
	for had, next := range match(state.People, c.PutPeople, personTraits.compare) {
		if had == nil || next == nil || next.Gone || !recycled(had, next) || who.same(had.SourcedID) {
			continue
		}
		if who.isNew(had.SourcedID) {
			renames[had.SourcedID] = fmt.Sprintf("%s~until-%s", had.SourcedID, who.Today)
		} else {
			refused = append(refused, Recycled{Before: *had, Now: *next})
		}
	}
	if len(refused)+len(renames) == 0 {
		return state, c
	}
	state = state.makeRoom(renames)
	c = Compare(state, says.without(refused).withoutThoseBefore(renames))
	c.Recycled = refused
	for _, from := range slices.Sorted(maps.Keys(renames)) {
		c.Renames = append(c.Renames, Rename{From: from, To: renames[from]})
	}
	return state, c
}

// makeRoom is the state with other sourcedIds of people. It fills in those that
// are in use already.
func (s State) makeRoom(renames map[string]string) State {
	if len(renames) == 0 {
		return s
	}
	taken := make(map[string]bool, len(s.People))
	for i := range s.People {
		taken[s.People[i].SourcedID] = true
	}
	for _, from := range slices.Sorted(maps.Keys(renames)) {
		to := renames[from]
		for n := 2; taken[to]; n++ {
			to = fmt.Sprintf("%s-%d", renames[from], n)
		}
		taken[to], renames[from] = true, to
	}
	rename := func(id *string) {
		if to, ok := renames[*id]; ok {
			*id = to
		}
	}
	s.People, s.Enrolments, s.Guardianships = slices.Clone(s.People), slices.Clone(s.Enrolments), slices.Clone(s.Guardianships)
	for i := range s.People {
		rename(&s.People[i].SourcedID)
	}
	for i := range s.Enrolments {
		rename(&s.Enrolments[i].Person)
	}
	for i := range s.Guardianships {
		rename(&s.Guardianships[i].Guardian)
		rename(&s.Guardianships[i].Student)
	}
	s.Orgs, s.Terms, s.Sections = slices.Clone(s.Orgs), slices.Clone(s.Terms), slices.Clone(s.Sections)
	s.Bars = slices.Clone(s.Bars)
	for i := range s.Bars {
		rename(&s.Bars[i].Guardian)
		rename(&s.Bars[i].Student)
	}
	s.Sort()
	return s
}

// without is the delivery as if the rows of those people, and the rows that name
// them, had been refused.
func (s Snapshot) without(people []Recycled) Snapshot {
	if len(people) == 0 {
		return s
	}
	refused := map[string]bool{}
	for _, r := range people {
		refused[r.Before.SourcedID] = true
	}
	unknown := map[Kind]map[string]bool{}
	for k, ids := range s.Unknown {
		unknown[k] = maps.Clone(ids)
	}
	s.Unknown = unknown
	refuse := func(k Kind, id string) {
		if s.Unknown[k] == nil {
			s.Unknown[k] = map[string]bool{}
		}
		s.Unknown[k][id] = true
	}
	for id := range refused {
		refuse(KindPerson, id)
	}
	s.People = slices.DeleteFunc(slices.Clone(s.People), func(p SnapshotPerson) bool { return refused[p.SourcedID] })
	s.Enrolments = slices.DeleteFunc(slices.Clone(s.Enrolments), func(e SnapshotEnrolment) bool {
		if refused[e.Person] {
			refuse(KindEnrolment, e.SourcedID)
		}
		return refused[e.Person]
	})
	s.Guardianships = slices.DeleteFunc(slices.Clone(s.Guardianships), func(g SnapshotGuardianship) bool {
		return refused[g.Guardian] || refused[g.Student]
	})
	s.Named = slices.DeleteFunc(slices.Clone(s.Named), func(n SnapshotNamed) bool { return refused[n.Person] || refused[n.Agent] })
	theirs := map[string]bool{}
	for _, r := range people {
		for _, held := range r.Before.Roles {
			theirs[held.SourcedID] = true
		}
	}
	s.EndedRoles = slices.DeleteFunc(slices.Clone(s.EndedRoles), func(id string) bool { return theirs[id] })
	return s
}

// withoutThoseBefore is the delivery with rows that end those who make room.
func (s Snapshot) withoutThoseBefore(renames map[string]string) Snapshot {
	if len(renames) == 0 {
		return s
	}
	s.People = slices.Clone(s.People)
	for _, to := range renames {
		s.People = append(s.People, SnapshotPerson{SourcedID: to, Gone: true})
	}
	return s
}

// recycled reports whether a sourcedId seems to be another person's now. An
// address that stays says that it is not; so does a given name, unless a member
// of a family has become staff or the like: people marry, and move.
func recycled(had, now *SnapshotPerson) bool {
	before, after := ComparableAddress(had.Email), ComparableAddress(now.Email)
	if before == after && before != "" || had.Given == now.Given && had.Family == now.Family {
		return false
	}
	if apart(had.Given+" "+had.Preferred+" "+had.Family, now.Given+" "+now.Preferred+" "+now.Family) {
		return true
	}
	moved := before != "" && after != "" && localPart(before) != localPart(after)
	if !moved {
		return false
	}
	return apart(had.Given+" "+had.Preferred, now.Given+" "+now.Preferred+" "+now.Family) || otherKind(had, now)
}

func localPart(address string) string {
	local, _, _ := strings.Cut(address, "@")
	return local
}

// otherName reports whether a given or a family name has nothing of the one
// before: an accent, a second name or a short form does not make another.
func otherName(had, now *SnapshotPerson) bool {
	given := had.Given != now.Given && apart(had.Given+" "+had.Preferred, now.Given+" "+now.Preferred)
	return given || had.Family != now.Family && apart(had.Family, now.Family)
}

// apart reports whether two names, both of which say something, have no word in
// common, also not in a short form.
func apart(a, b string) bool {
	before, after := tellingWords(a), tellingWords(b)
	if len(before) == 0 || len(after) == 0 {
		return false
	}
	return !slices.ContainsFunc(before, func(x string) bool {
		return slices.ContainsFunc(after, func(y string) bool { return x == y || shortFor(x, y) || shortFor(y, x) })
	})
}

// shortFor reports whether a name may be the other in short: Rob for Robert, or
// an initial where there is nothing else.
func shortFor(short, name string) bool {
	return (len(short) >= 3 || len(short) == 1) && strings.HasPrefix(name, short)
}

// particles are words that tell no name from another.
var particles = wordSet("de la las los del der den van von da das do dos di du le el al bin ibn abu san st y e i jr sr ii iii iv")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// tellingWords are the words of a name without particles and initials; all of
// them if there are no others.
func tellingWords(name string) []string {
	words := strings.Fields(Fold(name))
	telling := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return len(w) == 1 || particles[w] })
	if len(telling) == 0 {
		return words
	}
	return telling
}

// otherKind reports whether somebody was staff, a student or a guardian, and is
// none of what they were.
func otherKind(had, now *SnapshotPerson) bool {
	before, after := kindOf(had.Roles), kindOf(now.Roles)
	none := AddressHolder{}
	return before != none && after != none &&
		!(before.Staff && after.Staff) && !(before.Student && after.Student) && !(before.Guardian && after.Guardian)
}

func kindOf(roles []SnapshotRole) (h AddressHolder) {
	for _, r := range roles {
		h.take(r.Role)
	}
	return h
}
