package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// RosterImpactStore is what [RosterImpact] needs: a roster, conversations, and
// people who sign in.
type RosterImpactStore interface {
	hub.Store
	roster.Store
	identity.Store
}

// RosterImpact holds what a dry run says of random deliveries against what their
// import does: who becomes inactive, which conversations close, whose sign-ins
// end, whom an address opens.
func RosterImpact(t *testing.T, s RosterImpactStore) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &impact{T: rt, ctx: t.Context(), RosterImpactStore: s, id: newID()}
		district := roster.District{ID: d.id, Slug: d.id.String(), Enabled: true, Settings: roster.DefaultSettings()}
		d.must(s.CreateDistrict(d.ctx, district))
		for range rapid.IntRange(2, 3).Draw(rt, "deliveries") {
			d.deliver()
			d.live()
		}
	})
}

// impact is a random district whose imports are held against their dry runs.
type impact struct {
	*rapid.T
	ctx context.Context
	RosterImpactStore
	id       uuid.UUID
	sessions []string
}

func (d *impact) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// dryRun is what a command works out before an import.
func (d *impact) dryRun(says roster.Snapshot, who roster.Identities) (roster.Changes, roster.Impact, []roster.Closing) {
	state, err := d.State(d.ctx, d.id)
	d.must(err)
	accounts, err := d.Accounts(d.ctx, d.id, schoolNow)
	d.must(err)
	state, c := roster.CompareIdentities(state, says, who)
	weighed := roster.Weigh(state, says, &c, accounts, schoolToday)
	closings, err := d.WouldSeal(d.ctx, d.id, c.RemoveGuardianships)
	d.must(err)
	return c, weighed, closings
}

func (d *impact) deliver() {
	says := randomRoster(d.T)
	for i := range says.People {
		says.People[i].Email = rapid.SampledFrom([]string{"", "a@x.example", "b@x.example", "C@x.example", "d@x.example"}).Draw(d.T, "address")
	}
	who := roster.Identities{
		Today: schoolToday, AllSame: rapid.Bool().Draw(d.T, "same"), New: map[string]bool{"person1": rapid.Bool().Draw(d.T, "new")},
	}
	c, weighed, closings := d.dryRun(says, who)
	if again, twice, _ := d.dryRun(says, who); !reflect.DeepEqual(c, again) || !reflect.DeepEqual(weighed, twice) {
		d.Fatalf("two dry runs say %+v and %+v", weighed, twice)
	}
	before := d.signedIn()
	effects, err := d.Apply(d.ctx, d.id, c, schoolNow)
	d.must(err)
	d.inactive(weighed, effects)
	d.closed(closings, effects)
	d.signedOut(weighed, before)
	d.opened(weighed)
	if once, _, _ := d.dryRun(says, who); !once.Empty() {
		d.Fatalf("the same delivery again would change %+v", once)
	}
}

func (d *impact) person(sourcedID string) uuid.UUID {
	p, err := d.PersonBySourcedID(d.ctx, d.id, sourcedID)
	d.must(err)
	return p.ID
}

func (d *impact) same(what string, says, does []uuid.UUID) {
	if says, does = roster.Distinct(says), roster.Distinct(does); !slices.Equal(says, does) {
		d.Fatalf("%s: the dry run says %v, the import does %v", what, says, does)
	}
}

func (d *impact) inactive(weighed roster.Impact, effects roster.Effects) {
	var says []uuid.UUID
	for _, i := range weighed.Inactive {
		says = append(says, d.person(i.Person.SourcedID))
	}
	d.same("who becomes inactive", says, effects.Out)
}

func (d *impact) closed(closings []roster.Closing, effects roster.Effects) {
	var says, does []uuid.UUID
	for _, c := range closings {
		says = append(says, c.Conversation)
	}
	for _, s := range effects.Sealed {
		does = append(does, s.Conversation)
	}
	d.same("what is closed", says, does)
}

// signedIn are the sessions that open their people by an address.
func (d *impact) signedIn() map[string]uuid.UUID {
	all, err := d.SignIns(d.ctx, d.sessions, schoolNow)
	d.must(err)
	open := map[string]uuid.UUID{}
	for _, s := range all {
		if identity.Opens(s.Holders, s.Person) {
			open[s.ID] = s.Person
		}
	}
	return open
}

func (d *impact) signedOut(weighed roster.Impact, before map[string]uuid.UUID) {
	after := d.signedIn()
	var says, does []uuid.UUID
	for _, s := range weighed.SignedOut {
		says = append(says, d.person(s.Person.SourcedID))
	}
	for session, id := range before {
		p, err := d.Person(d.ctx, d.id, id)
		d.must(err)
		if _, still := after[session]; !p.Gone && !still {
			does = append(does, id)
		}
	}
	d.same("who is signed out", says, does)
}

// opened holds the list of shared addresses against what they open.
func (d *impact) opened(weighed roster.Impact) {
	listed := map[string]bool{}
	for _, s := range weighed.Shared {
		listed[s.Address] = true
		holders, err := d.HoldersIn(d.ctx, d.id, s.Address)
		d.must(err)
		if len(holders) != len(s.Holders) {
			d.Fatalf("%s has %d holders, and %d are listed", s.Address, len(holders), len(s.Holders))
		}
		for _, h := range s.Holders {
			if opens := identity.Opens(holders, d.person(h.Person.SourcedID)); opens != h.Opens {
				d.Fatalf("%s opens %s: %v, the dry run says %v", s.Address, h.Person.SourcedID, opens, h.Opens)
			}
		}
	}
	for _, address := range []string{"a@x.example", "b@x.example", "c@x.example", "d@x.example"} {
		holders, err := d.HoldersIn(d.ctx, d.id, address)
		d.must(err)
		opens := slices.ContainsFunc(holders, func(h identity.Holder) bool { return identity.Opens(holders, h.Person) })
		if len(holders) > 1 && !opens && !listed[address] {
			d.Fatalf("%s opens nobody and is not listed", address)
		}
	}
}

// live has people sign in, choose addresses and talk, and the district confirm.
func (d *impact) live() {
	state, err := d.State(d.ctx, d.id)
	d.must(err)
	for _, p := range state.People {
		if p.Gone {
			continue
		}
		id, address := d.person(p.SourcedID), roster.ComparableAddress(p.Email)
		switch rapid.IntRange(0, 9).Draw(d.T, "does") {
		case 0:
			d.must(d.ChooseAddress(d.ctx, d.id, id, fmt.Sprintf("%s@own.example", p.SourcedID), schoolNow))
		case 1:
			if holders, err := d.HoldersIn(d.ctx, d.id, address); err == nil && slices.ContainsFunc(holders, func(h identity.Holder) bool { return h.Person == id }) {
				d.must(d.ConfirmHolder(d.ctx, d.id, address, id))
			}
		case 2, 3, 4, 5, 6:
			session := identity.Session{
				ID: fmt.Sprintf("%x", newID()), District: d.id, Person: id, Address: address,
				CreatedAt: schoolNow, ExpiresAt: schoolNow.Add(time.Hour),
			}
			d.must(d.SaveSession(d.ctx, session))
			d.sessions = append(d.sessions, session.ID)
		}
	}
	for _, g := range state.Guardianships {
		if rapid.Bool().Draw(d.T, "talk") {
			d.talk(g)
		}
	}
}

// talk starts a conversation with a guardian, by whoever is active.
func (d *impact) talk(g roster.SnapshotGuardianship) {
	state, err := d.State(d.ctx, d.id)
	d.must(err)
	at := slices.IndexFunc(state.People, func(p roster.SnapshotPerson) bool { return !p.Gone && p.SourcedID != g.Guardian })
	if at < 0 {
		return
	}
	from, guardian, student := d.person(state.People[at].SourcedID), d.person(g.Guardian), d.person(g.Student)
	c := hub.NewConversation{ID: newID(), Subject: "Trip", Body: "Hello.", Key: newID(), Participants: []hub.NewParticipant{
		{Person: from, Ties: []roster.Tie{{Person: from, Part: roster.AsStaff}}},
		{Person: guardian, Ties: []roster.Tie{{Person: guardian, Part: roster.AsGuardian, Student: student}}},
	}}
	_, err = d.Start(d.ctx, hub.Start{District: d.id, Sender: from, Key: newID(), About: []uuid.UUID{from}, Now: schoolNow},
		func(roster.Facts) ([]hub.NewConversation, error) { return []hub.NewConversation{c}, nil })
	d.must(err)
}
