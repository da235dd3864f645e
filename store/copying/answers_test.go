package copying

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/sqlite"
)

type store interface {
	hub.Store
	roster.Store
	identity.Store
	notify.Store
	notify.Secrets
	replymail.Keep
}

// answers are what a store says to all that one can ask of the school.
type answers struct {
	*school
	store
	ctx  context.Context
	said []string
}

func (a *answers) say(what string, v any, err error) {
	text, wrong := json.Marshal(v)
	if wrong != nil {
		a.t.Fatal(wrong)
	}
	a.said = append(a.said, fmt.Sprintf("%s: %s %v", what, text, err))
}

func (s *school) answers(of store) []string {
	a := &answers{school: s, store: of, ctx: s.t.Context()}
	districts, err := of.Districts(a.ctx)
	a.say("districts", districts, err)
	for _, d := range districts {
		state, err := of.State(a.ctx, d.ID)
		a.say("state", state, err)
		a.said = append(a.said, fmt.Sprintf("in Go: %+q", fmt.Sprint(state))) // JSON has no words for all bytes
		bars, err := of.Bars(a.ctx, d.ID)
		a.say("bars", bars, err)
		grants, err := of.Grants(a.ctx, d.ID)
		a.say("grants", grants, err)
		a.said = append(a.said, fmt.Sprintf("in Go: %+q", fmt.Sprint(bars, grants)))
		var people []uuid.UUID
		for _, p := range state.People {
			found, err := of.PersonBySourcedID(a.ctx, d.ID, p.SourcedID)
			a.say("person", found, err)
			people = append(people, found.ID)
		}
		a.roster(d.ID, people)
		for _, p := range people {
			a.person(d.ID, p)
		}
	}
	signIns, err := of.SignIns(a.ctx, a.sessions, a.now)
	slices.SortFunc(signIns, func(a, b identity.SignIn) int { return a.CreatedAt.Compare(b.CreatedAt) })
	a.say("sign-ins", signIns, err)
	link, err := of.Link(a.ctx, a.link, a.now)
	a.say("link", link, err)
	a.mail()
	return a.said
}

func (a *answers) mail() {
	change, err := a.AddressChange(a.ctx, a.change, a.now)
	a.say("change of address", change, err)
	for _, id := range a.mails {
		m, err := a.MailOf(a.ctx, id)
		a.say("mail", m, err)
		a.said = append(a.said, fmt.Sprintf("in Go: %+q", m.Provider+m.Detail+m.Address))
	}
	next, err := a.Next(a.ctx)
	a.say("next due", next, err)
	status, err := a.Status(a.ctx, a.now)
	a.say("mail status", status, err)
	secret, err := a.Secret(a.ctx, "links")
	a.say("secret", secret, err)
	held, err := a.HeldReply(a.ctx, a.held, a.now)
	a.say("held reply", held, err)
}

func (a *answers) roster(district uuid.UUID, people []uuid.UUID) {
	facts, err := a.Facts(a.ctx, district, people, a.now)
	a.say("facts", facts, err)
	for _, name := range []string{"", "leo", "nunez", "maria", "nul", "kept"} {
		for _, p := range []string{"ana", "paula"} {
			q := roster.StudentQuery{Name: name, Limit: 50}
			page, err := a.FindStudents(a.ctx, district, facts.Scope(a.who[p]), q)
			a.say("students "+name, page, err)
			facets, err := a.Facets(a.ctx, district, facts.Scope(a.who[p]), q)
			a.say("facets", facets, err)
		}
		found, _, err := a.FindPeople(a.ctx, district, name, "", 50)
		a.say("people "+name, append([]roster.Person{}, found...), err)
	}
	teachers, err := a.TeachersOf(a.ctx, district, people, 20781)
	a.say("teachers", teachers, err)
}

func (a *answers) person(district, p uuid.UUID) {
	head, err := a.Head(a.ctx, district, p)
	a.say("head", head, err)
	page, err := a.Inbox(a.ctx, district, p, hub.InboxQuery{Limit: 100})
	a.say("inbox", page, err)
	for _, row := range page.Rows {
		c, err := a.Conversation(a.ctx, district, row.Conversation, p)
		a.say("conversation", c, err)
		letters, err := a.Messages(a.ctx, district, row.Conversation, p, hub.Range{Limit: 100})
		a.say("letters", letters, err)
		for _, l := range letters {
			a.said = append(a.said, fmt.Sprintf("in Go: %+q", l.Body))
		}
	}
	again, err := a.SealedForFamilies(a.ctx, district, p, 10)
	a.say("to go on from", again, err)
	draft, err := a.Draft(a.ctx, district, p, "new")
	a.say("draft", append([]byte{}, draft...), err)
	preferences, err := a.Preferences(a.ctx, district, p)
	a.say("preferences", preferences, err)
	who, err := a.Person(a.ctx, district, p)
	a.say("who", who, err)
	chosen, err := a.ChosenAddress(a.ctx, district, p)
	a.say("chosen", chosen, err)
	mailed, err := a.Addresses(a.ctx, district, []uuid.UUID{p})
	a.say("mailed to", mailed, err)
	holders, err := a.HoldersIn(a.ctx, district, who.Email)
	a.say("holders", holders, err)
}

// same holds two lists of answers against each other.
func same(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d answers, before %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("answers\n%.2000s\nand before\n%.2000s", got[i], want[i])
		}
	}
}

func openCopy(t testing.TB, d postgrestest.Database) *postgres.Store {
	t.Helper()
	copied, err := postgres.Open(t.Context(), postgres.Options{URL: d.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { copied.Close() })
	return copied
}

func TestACopiedSchoolAnswersAsBefore(t *testing.T) {
	s := newSchool(t)
	before := s.answers(s.store)
	s.close()
	d := postgrestest.Open(t)
	report, err := s.copyTo(d, Options{})
	s.must(err)
	if report.Verified.Messages < 20 || report.Verified.Findings != 0 {
		t.Errorf("verified is %+v", report.Verified)
	}
	for _, table := range report.Tables {
		if table.Rows == 0 {
			t.Errorf("the test has nothing in %s", table.Table)
		}
	}
	same(t, s.answers(openCopy(t, d)), before)
	if _, err := s.compareWith(d); err != nil {
		t.Error(err)
	}
}

// What was sent under a key before is known after, and both sides answer a
// change alike.
func TestACopiedSchoolGoesOnAsTheFileWouldHave(t *testing.T) {
	s := newSchool(t)
	s.close()
	d := postgrestest.Open(t)
	_, err := s.copyTo(d, Options{})
	s.must(err)
	file, err := sqlite.Open(t.Context(), s.path)
	s.must(err)
	defer file.Close()
	copied := openCopy(t, d)
	same(t, s.goOn(copied), s.goOn(file))
	if t.Failed() {
		return
	}
	same(t, s.answers(copied), s.answers(file))
}

func (s *school) goOn(of store) []string {
	a := &answers{school: s, store: of, ctx: s.t.Context()}
	for _, p := range s.posts {
		r, err := of.Post(a.ctx, p)
		a.say("sent again", r, err)
	}
	for _, start := range s.starts {
		r, err := of.Start(a.ctx, start, s.plan(start))
		a.say("started again", r, err)
	}
	next := s.posts[0]
	next.Body = "After it all."
	next.Key, next.Now = uuid.UUID{15: 1}, s.now.Add(time.Hour)
	r, err := of.Post(a.ctx, next)
	a.say("sent", r, err)
	read, err := of.MarkRead(a.ctx, s.id, next.Conversation, s.who["leo"], 3)
	a.say("read", read, err)
	claimed, err := of.Claim(a.ctx, s.now.Add(100*time.Hour), 50, time.Minute, notify.Judge)
	for i := range claimed.Mails {
		if m := &claimed.Mails[i]; m.State == notify.Intended && m.Token == 1 { // a new one
			m.Mail.ID, m.Lease.Mail = uuid.Nil, uuid.Nil
		}
	}
	a.say("claimed", claimed, err)
	state, err := of.State(a.ctx, s.id)
	s.must(err)
	effects, err := of.Apply(a.ctx, s.id, roster.Compare(state, theRoster()), s.now)
	a.say("the first roster again", effects, err)
	s.must(of.Unbar(a.ctx, s.id, s.who["dan"], s.who["eva"], "x", a.now))
	return a.said
}
