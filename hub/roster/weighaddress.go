package roster

import (
	"slices"
	"strings"
)

// weighAddresses works out which addresses go from one person to another, whom
// they open no more, and which of them staff keep.
func (w *weighing) weighAddresses() {
	after := addressSide{side: w.side(func(p pair) *SnapshotPerson { return p.next })}
	before := addressSide{side: after.side}
	switch {
	case len(w.state.People) == 0:
		before.side = side{}
	case len(w.changes.PutPeople) > 0:
		before.side = w.side(func(p pair) *SnapshotPerson { return p.had })
	}
	w.describe(&before, &after)
	w.open(&before)
	w.open(&after)
	w.keep(&before, &after)
	w.share(&before, &after)
	w.handOver(&before, &after)
	w.signOut(&before, &after)
}

// addressSide knows in addition whom addresses open that several hold.
type addressSide struct {
	side
	holds map[int32]*AddressHolder // of those who share an address
	opens map[int32]bool
}

// can reports whether a person can sign in with the address that they hold.
func (s *addressSide) can(at int32, address string) bool {
	return address != "" && (s.more[address] == nil || s.opens[at])
}

// describe says what those are at school who share an address.
func (w *weighing) describe(sides ...*addressSide) {
	nothing := Changes{}
	for n, s := range sides {
		s.holds, s.opens = map[int32]*AddressHolder{}, map[int32]bool{}
		for _, all := range s.more {
			for _, at := range all {
				p := w.people[at].next
				if n == 0 {
					p = w.people[at].had
				}
				holder := kindOf(p.Roles)
				s.holds[at] = &holder
			}
		}
		changes := w.changes
		if n == 0 {
			changes = &nothing
		}
		w.describeRows(s, changes)
	}
}

// describeRows goes through the enrolments and guardianships, if anybody shares
// an address.
func (w *weighing) describeRows(s *addressSide, c *Changes) {
	if len(s.holds) == 0 {
		return
	}
	for e := range overlay(w.state, c).enrolments {
		if h := s.holds[w.place(e.Person)]; h != nil {
			h.take(e.Role)
		}
	}
	for g := range guardianships(w.state, c) {
		if h := s.holds[w.place(g.Guardian)]; h != nil {
			h.Guardian = true
		}
	}
}

func (w *weighing) place(id string) int32 {
	if at, ok := w.at[id]; ok {
		return at
	}
	return nobody
}

// person is a holder with their place.
type placedHolder struct {
	AddressHolder
	at int32
}

// open works out whom the shared addresses open. Only staff keep one.
func (w *weighing) open(s *addressSide) {
	for address, all := range s.more {
		holders := make([]placedHolder, len(all))
		for i, at := range all {
			holders[i] = placedHolder{*s.holds[at], at}
			if a := w.accounts[at]; a != nil {
				holders[i].Confirmed = slices.Contains(a.Confirmed, address) || holders[i].Staff && slices.Contains(a.Kept, address)
			}
		}
		for _, h := range Openable(holders) {
			s.opens[h.at] = true
		}
	}
}

// keep leaves an address that others get too to the member of staff whom it
// opened before (R28): nobody is locked out by a row about somebody else.
func (w *weighing) keep(before, after *addressSide) {
	for _, address := range after.shared() {
		all := after.more[address]
		if slices.ContainsFunc(all, func(at int32) bool { return after.opens[at] }) {
			continue
		}
		keeps := int32(nobody)
		for _, at := range all {
			if after.holds[at].Staff && w.address(at, w.people[at].had) == address && before.can(at, address) {
				keeps = at
			}
		}
		if keeps == nobody {
			continue
		}
		after.opens[keeps] = true
		w.changes.Keep = append(w.changes.Keep, KeptAddress{Person: w.people[keeps].next.SourcedID, Address: address})
	}
	for at, a := range w.accounts {
		for _, address := range a.Kept {
			if !slices.Contains(after.more[address], at) || !after.holds[at].Staff {
				w.changes.Release = append(w.changes.Release, KeptAddress{Person: w.people[at].next.SourcedID, Address: address})
			}
		}
	}
	slices.SortFunc(w.changes.Release, func(a, b KeptAddress) int { return strings.Compare(a.Address, b.Address) })
}

func (w *weighing) kept(at int32, address string) bool {
	a := w.accounts[at]
	return a != nil && slices.Contains(a.Kept, address) || slices.ContainsFunc(w.changes.Keep, func(k KeptAddress) bool {
		return k.Address == address && k.Person == w.people[at].next.SourcedID
	})
}

// share lists the addresses that do not open everybody whose they are. What the
// district has confirmed is settled, unless somebody gets it now.
func (w *weighing) share(before, after *addressSide) {
	for _, address := range after.shared() {
		shared := SharedAddress{Address: address}
		open, settled := 0, false
		for _, at := range after.more[address] {
			h := SharedHolder{Person: w.people[at].next, Opens: after.opens[at]}
			h.Kept = h.Opens && w.kept(at, address)
			had := w.address(at, w.people[at].had) == address
			h.SignedIn = had && w.signedIn(at, address) && before.can(at, address)
			h.Lost = had && !h.Opens && before.can(at, address)
			if h.Opens {
				open++
			}
			settled = settled || h.Opens && !h.Kept
			shared.Holders = append(shared.Holders, h)
		}
		newcomer := slices.ContainsFunc(after.more[address], func(at int32) bool { return w.address(at, w.people[at].had) != address })
		if open < len(shared.Holders) && (newcomer || !settled) {
			w.impact.Shared = append(w.impact.Shared, shared)
		}
	}
}

// signedIn reports whether a person has a session by that address.
func (w *weighing) signedIn(at int32, address string) bool {
	a := w.accounts[at]
	return a != nil && slices.Contains(a.Sessions, address)
}

// holdsSignIn reports whether a person is signed in by an address or confirmed
// for it.
func (w *weighing) holdsSignIn(at int32, address string) bool {
	a := w.accounts[at]
	return a != nil && (slices.Contains(a.Sessions, address) || slices.Contains(a.Confirmed, address))
}

// handOver lists the addresses that one had and another gets.
func (w *weighing) handOver(before, after *addressSide) {
	addresses, lost := map[string]bool{}, []*SnapshotPerson(nil)
	for i, p := range w.people {
		at := int32(i)
		if p.had == p.next {
			continue
		}
		address := w.address(at, p.next)
		if address == "" || address == w.address(at, p.had) {
			continue
		}
		h := Handover{Address: address, To: p.next}
		for _, other := range before.of(address) {
			if other != at && w.address(other, w.people[other].next) != address {
				h.From = append(h.From, w.people[other].next)
				h.SignIn = h.SignIn || w.holdsSignIn(other, address)
			}
		}
		if len(h.From) > 0 {
			addresses[address] = true
			lost = append(lost, h.From...)
			w.impact.Handovers = append(w.impact.Handovers, h)
		}
	}
	w.measured(OfHandovers, len(addresses), len(before.holders))
	w.measureSchools(ofHandoversAt, lost, len(before.holders), func(p *SnapshotPerson) bool { return p.Email != "" })
}

// signOut lists who stays and is signed out with their address. Sign-ins are
// those by an address that opens its person, and confirmed addresses.
func (w *weighing) signOut(before, after *addressSide) {
	all, harmed := 0, map[*SnapshotPerson]bool{}
	for i, p := range w.people {
		at := int32(i)
		address := w.address(at, p.had)
		if address == "" || !w.holdsSignIn(at, address) || !before.can(at, address) {
			continue
		}
		all++
		now := w.address(at, p.next)
		if p.next.Gone || now == address && after.can(at, address) {
			continue
		}
		harmed[p.next] = true
		if w.signedIn(at, address) {
			w.impact.SignedOut = append(w.impact.SignedOut, SignedOut{Person: p.next, Address: address, Shared: now == address})
		}
	}
	for _, h := range w.impact.Handovers {
		for _, from := range h.From {
			if h.SignIn {
				harmed[from] = true
			}
		}
	}
	w.measured(OfSignIns, len(harmed), all)
}
