package notify_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/memory"
)

// school makes the first of a world a teacher at North, the second a parent.
func (d *desk) school() {
	ctx := context.Background()
	state, err := d.State(ctx, d.district)
	must(d.t, err)
	role := func(org string, r roster.Role) []roster.SnapshotRole {
		return []roster.SnapshotRole{{Org: org, Role: r}}
	}
	_, err = d.Apply(ctx, d.district, roster.Changes{
		Base: state.Version,
		PutOrgs: []roster.SnapshotOrg{
			{SourcedID: "usd", Name: "Lincoln USD", Type: "district"}, {SourcedID: "north", Name: "North High", Type: "school", Parent: "usd"},
		},
		PutPeople: []roster.SnapshotPerson{
			{SourcedID: "0", Given: "Ana", Family: "Teal", Email: "p0@example.org", Roles: role("north", roster.Teacher)},
			{SourcedID: "1", Given: "Rosa", Family: "Ruiz", Email: "p1@example.org", Roles: role("north", roster.Parent)},
			{SourcedID: "2", Given: "Dan", Family: "Dietz", Email: "p2@example.org", Roles: role("usd", roster.DistrictAdministrator)},
		},
	}, d.now())
	must(d.t, err)
}

// among starts a conversation of the three: a teacher, a parent, and the district.
func (d *desk) among() *talk {
	k := &talk{id: uuid.New(), people: d.people}
	tie := func(i int, part roster.Part) hub.NewParticipant {
		id := d.people[i].id
		return hub.NewParticipant{Person: id, Ties: []roster.Tie{{Person: id, Part: part}}}
	}
	_, err := d.Start(context.Background(), hub.Start{District: d.district, Sender: d.people[0].id, Key: uuid.New(), Now: d.now()},
		func(roster.Facts) ([]hub.NewConversation, error) {
			return []hub.NewConversation{{ID: k.id, Key: uuid.New(), Subject: "Trip", Body: "First.", Participants: []hub.NewParticipant{
				tie(0, roster.AsTeacher), tie(1, roster.AsGuardian), tie(2, roster.AsStaff),
			}}}, nil
		})
	must(d.t, err)
	k.letters = []letter{{d.people[0], d.now()}}
	return k
}

// letter is the one that somebody was mailed last.
func (d *desk) letter(to *reader) notify.Letter {
	synctest.Wait()
	for _, l := range slices.Backward(d.letters) {
		if l.Reader.ID == to.id {
			return l
		}
	}
	d.t.Fatal("there is no letter")
	return notify.Letter{}
}

func seqs(list []hub.Message) (n []int64) {
	for _, m := range list {
		n = append(n, m.Seq)
	}
	return n
}

func TestALetterHasWhatAMailMayNeed(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.school()
		must(t, d.SavePreferences(context.Background(), d.district, d.people[1].id, identity.Preferences{Language: "es", TimeZone: "Europe/Madrid"}))
		older, k := d.among(), d.among()
		time.Sleep(time.Second)
		d.write(k, d.people[1])
		d.write(k, d.people[2])
		time.Sleep(15 * time.Minute)
		l := d.letter(d.people[1])
		if l.To != "p1@example.org" || l.Language != "es" || l.Location.String() != "Europe/Madrid" || l.District.ID != d.district ||
			l.Reader.Name() != "Rosa Ruiz" || l.Mail == uuid.Nil || l.Now.IsZero() {
			t.Errorf("the letter is %+v", l)
		}
		if len(l.Parts) != 2 || l.Parts[0].Conversation.ID != k.id || l.Parts[1].Conversation.ID != older.id {
			t.Fatalf("its parts are %+v", l.Parts)
		}
		part := l.Parts[0]
		if part.Conversation.Subject != "Trip" || part.Count != 2 || !slices.Equal(seqs(part.Messages), []int64{1, 3}) || part.Messages[0].Body != "First." {
			t.Errorf("the part is %+v", part)
		}
		if len(part.Schools) != 1 || part.Schools[d.people[0].id] != "North High" {
			t.Errorf("schools are %v", part.Schools)
		}
		if l = d.letter(d.people[0]); l.Language != "en" || l.Location.String() != "America/New_York" {
			t.Errorf("who chose nothing is written to in %s, %v", l.Language, l.Location)
		}
	})
}

func TestOnlyAFamilyOfWhoseLanguageNothingIsKnownIsMailedInAllLanguages(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.school()
		k := d.among()
		d.write(k, d.people[2])
		d.write(k, d.people[0])
		time.Sleep(15 * time.Minute)
		if l := d.letter(d.people[1]); l.Language != "en" || !l.LanguageUnknown {
			t.Errorf("a parent: %q, unknown is %t", l.Language, l.LanguageUnknown)
		}
		if l := d.letter(d.people[0]); l.Language != "en" || l.LanguageUnknown {
			t.Errorf("a teacher: %q, unknown is %t", l.Language, l.LanguageUnknown)
		}
	})
}

func TestALetterIsRecalledAsItWasSent(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.school()
		must(t, d.SavePreferences(context.Background(), d.district, d.people[1].id, identity.Preferences{Language: "es", TimeZone: "Europe/Madrid"}))
		k := d.among()
		time.Sleep(time.Second)
		d.write(k, d.people[2])
		time.Sleep(15 * time.Minute)
		sent := d.letter(d.people[1])
		d.write(k, d.people[0]) // what comes later was not in it
		ctx := context.Background()
		m, err := d.MailOf(ctx, sent.Mail)
		must(t, err)
		preferences, err := d.Preferences(ctx, d.district, d.people[1].id)
		must(t, err)
		got, err := notify.Recall(ctx, d.Store, m, notify.Standing{District: sent.District, Preferences: preferences})
		must(t, err)
		if got.Reader.ID != sent.Reader.ID || got.Language != sent.Language || got.Location.String() != sent.Location.String() || len(got.Parts) != 1 ||
			got.Parts[0].Count != 2 || !slices.Equal(seqs(got.Parts[0].Messages), seqs(sent.Parts[0].Messages)) ||
			got.Parts[0].Schools[d.people[0].id] != "North High" {
			t.Errorf("recalled is\n%+v\nsent was\n%+v", got, sent)
		}
	})
}

func TestALetterCountsAllAndQuotesTheLast(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.school()
		k := d.among()
		for i := range 500 {
			d.write(k, d.people[i%2])
		}
		time.Sleep(16 * time.Minute)
		part := d.letter(d.people[1]).Parts[0]
		if part.Count != 251 || len(part.Messages) != notify.MaxMessages || part.Messages[9].Seq != 500 || part.Messages[0].Seq != 482 {
			t.Errorf("%d are counted, quoted are %v", part.Count, seqs(part.Messages))
		}
	})
}

func TestWhatIsReadAfterTheClaimIsNotInTheLetter(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.school()
		gone, k := d.among(), d.among()
		d.write(k, d.people[0])
		d.write(k, d.people[2])
		d.Break(func(method string) memory.Fault {
			if method == "Facts" {
				return memory.Fault{Wait: 10 * time.Second}
			}
			return memory.Fault{}
		})
		time.Sleep(15*time.Minute + 5*time.Second) // claimed and read, not called
		d.reads(k, d.people[1], 2)
		d.reads(gone, d.people[1], 1)
		time.Sleep(30 * time.Second)
		l := d.letter(d.people[1])
		if len(l.Parts) != 1 || l.Parts[0].Count != 1 || !slices.Equal(seqs(l.Parts[0].Messages), []int64{3}) {
			t.Errorf("its parts are %+v", l.Parts)
		}
	})
}

func TestAFamilyIsNotToldWhySomebodyWasBarred(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.school()
		k := d.among()
		_, err := d.Seal(context.Background(), d.district, k.id, hub.Seal{
			At: d.now(), Cause: hub.SealedByBar, StaffReason: "A court order.", Guardian: d.people[1].id,
		}, func(roster.Facts) bool { return true })
		must(t, err)
		time.Sleep(16 * time.Minute)
		if seal := d.letter(d.people[1]).Parts[0].Conversation.Seal; seal == nil || seal.Cause != hub.SealedInFamily || seal.StaffReason != "" || seal.Guardian != uuid.Nil {
			t.Errorf("a parent's letter says %+v", seal)
		}
		if seal := d.letter(d.people[2]).Parts[0].Conversation.Seal; seal == nil || seal.StaffReason != "A court order." {
			t.Errorf("a letter to staff says %+v", seal)
		}
	})
}

func TestALetterThatCannotBeReadIsTriedAgain(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.school()
		d.among()
		d.Break(func(method string) memory.Fault { return memory.Fault{Refuse: method == "Messages"} })
		time.Sleep(15*time.Minute + 10*time.Second)
		synctest.Wait()
		if d.calls() != 0 || d.status()[notify.Waiting] != 2 {
			t.Errorf("%d calls, %v", d.calls(), d.status())
		}
		d.Break(nil)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if d.calls() != 2 || d.status()[notify.Sent] != 2 {
			t.Errorf("%d calls, %v", d.calls(), d.status())
		}
	})
}
