package roster

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Weigh works out what changes mean for people, and which addresses staff keep
// (Changes.Keep), by the delivery that they came of and the accounts that a store
// has. Both a dry run and an import call it.
func Weigh(state State, says Snapshot, c *Changes, accounts []Account, today Date) Impact {
	w := &weighing{state: &state, changes: c, today: today}
	w.number()
	w.readAccounts(accounts)
	w.measure()
	w.weighAddresses()
	w.leave()
	w.withoutClass()
	w.weighNotEnabled(&says)
	return w.impact
}

// SharedAddresses are the addresses that do not open everybody whose they are, as
// things are (R28).
func SharedAddresses(state State, accounts []Account, today Date) []SharedAddress {
	w := &weighing{state: &state, changes: &Changes{}, today: today}
	w.number()
	w.readAccounts(accounts)
	w.weighAddresses()
	return w.impact.Shared
}

// weighing is the state of one Weigh.
type weighing struct {
	state   *State
	changes *Changes
	today   Date
	impact  Impact

	people   []pair           // all that are stored or put, by sourcedId
	at       map[string]int32 // their places
	accounts map[int32]*Account
}

// pair is a person before, nil if they are new, and after the import.
type pair struct{ had, next *SnapshotPerson }

func (w *weighing) number() {
	size := max(len(w.state.People), len(w.changes.PutPeople))
	w.people, w.at = make([]pair, 0, size), make(map[string]int32, size)
	for had, put := range match(w.state.People, w.changes.PutPeople, personTraits.compare) {
		p := pair{had: had, next: put}
		if put == nil {
			p.next = had
		}
		w.at[p.next.SourcedID] = int32(len(w.people))
		w.people = append(w.people, p)
	}
}

func (w *weighing) readAccounts(accounts []Account) {
	w.accounts = make(map[int32]*Account, len(accounts))
	renamed := map[string]string{}
	for _, r := range w.changes.Renames {
		renamed[r.From] = r.To
	}
	for i := range accounts {
		if at, ok := w.at[cmp.Or(renamed[accounts[i].Person], accounts[i].Person)]; ok {
			w.accounts[at] = &accounts[i]
		}
	}
}

// address is the one with which a person can be reached and signs in.
func (w *weighing) address(at int32, p *SnapshotPerson) string {
	if p == nil || p.Gone {
		return ""
	}
	if a := w.accounts[at]; a != nil && a.Chosen != "" {
		return ComparableAddress(a.Chosen)
	}
	return ComparableAddress(p.Email)
}

// leave lists who becomes inactive, and the guardianships that end.
func (w *weighing) leave() {
	for at, p := range w.people {
		if p.had != nil && !p.had.Gone && p.next.Gone {
			account := w.accounts[int32(at)]
			w.impact.Inactive = append(w.impact.Inactive, Inactive{Person: p.next, SignedIn: account != nil && len(account.Sessions) > 0})
		}
	}
	for _, g := range w.changes.RemoveGuardianships {
		ended := EndedGuardianship{Guardian: w.named(g.Guardian), Student: w.named(g.Student)}
		w.impact.Ended = append(w.impact.Ended, ended)
	}
	w.measureEnded()
}

// measureEnded counts the students who stay, and lose a guardian who stays.
func (w *weighing) measureEnded() {
	var lost []*SnapshotPerson
	seen := map[*SnapshotPerson]bool{}
	for _, e := range w.impact.Ended {
		if !e.Guardian.Gone && !e.Student.Gone && !seen[e.Student] {
			seen[e.Student] = true
			lost = append(lost, e.Student)
		}
	}
	if len(lost) <= Handful {
		return
	}
	guarded := make(map[string]bool, len(w.state.Guardianships))
	for i := range w.state.Guardianships {
		guarded[w.state.Guardianships[i].Student] = true
	}
	w.measureSchools(ofEndedAt, lost, math.MaxInt-9, func(p *SnapshotPerson) bool { return guarded[p.SourcedID] })
}

func (w *weighing) named(id string) *SnapshotPerson {
	if at, ok := w.at[id]; ok {
		return w.people[at].next
	}
	return &SnapshotPerson{SourcedID: id}
}

// side is who holds which address before or after the import.
type side struct {
	holders map[string]int32   // the first of them
	more    map[string][]int32 // all, if there are several
}

func (w *weighing) side(of func(pair) *SnapshotPerson) side {
	s := side{holders: make(map[string]int32, len(w.people)), more: map[string][]int32{}}
	for i := range w.people {
		at := int32(i)
		address := w.address(at, of(w.people[i]))
		if address == "" {
			continue
		}
		first, shared := s.holders[address]
		switch {
		case !shared:
			s.holders[address] = at
		case len(s.more[address]) == 0:
			s.more[address] = []int32{first, at}
		default:
			s.more[address] = append(s.more[address], at)
		}
	}
	return s
}

// of are the holders of an address.
func (s side) of(address string) []int32 {
	if all := s.more[address]; all != nil {
		return all
	}
	if first, held := s.holders[address]; held {
		return []int32{first}
	}
	return nil
}

// shared are the addresses that several hold, in order.
func (s side) shared() []string {
	all := make([]string, 0, len(s.more))
	for address := range s.more {
		all = append(all, address)
	}
	slices.SortFunc(all, strings.Compare)
	return all
}
