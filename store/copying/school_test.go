package copying

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	"github.com/homeline/homeline/store/storetest"
)

// nasty are words that a roster, or somebody who writes, may bring.
var nasty = []string{
	"\x00Nul", "Nul\x00inside", "bad\xff\xfeUTF-8", "lone \xed\xa0\x80 surrogate", "\U0010FF41 kept", "\U0010FFFF",
	`["09"]`, `{"a":1}`, `\N`, "\\.", "tab\tline\nreturn\r", "e\u0301\u0301", "👩‍👧", "\u202eleft", "",
}

// school has something in every table.
type school struct {
	t        testing.TB
	path     string
	store    *sqlite.Store // until it is closed
	id       uuid.UUID
	who      map[string]uuid.UUID
	now      time.Time
	sessions []string
	starts   []hub.Start
	plans    map[uuid.UUID][]hub.NewConversation // by the key of their start
	posts    []hub.Post
	link     [32]byte
	change   [32]byte           // of an address
	held     [32]byte           // a reply
	mails    []uuid.UUID        // that were claimed
	village  *storetest.Village // another district
}

func newSchool(t testing.TB) *school {
	t.Helper()
	s := &school{
		t: t, path: filepath.Join(t.TempDir(), "homeline.db"), id: uuid.Must(uuid.NewV7()), who: map[string]uuid.UUID{},
		now: time.Date(2026, 11, 24, 9, 30, 0, 123_456_000, time.UTC), plans: map[uuid.UUID][]hub.NewConversation{},
	}
	var err error
	s.store, err = sqlite.Open(t.Context(), s.path)
	s.must(err)
	settings := roster.DefaultSettings()
	settings.RecipientLimit = 17
	s.must(s.store.CreateDistrict(t.Context(), roster.District{ID: s.id, Slug: "lincoln", Name: "Lincoln \x00 <Unified>", Enabled: true, Settings: settings}))
	s.deliver(theRoster())
	for _, p := range theRoster().People {
		found, err := s.store.PersonBySourcedID(t.Context(), s.id, p.SourcedID)
		s.must(err)
		s.who[p.SourcedID] = found.ID
	}
	s.converse()
	s.signIn()
	s.village = storetest.Settle(t, s.store, 4)
	c := s.village.Talk(s.village.People[:3]...)
	s.village.Send(c, s.village.People[2])
	s.mail()
	return s
}

func theRoster() roster.Snapshot {
	as := func(org string, r roster.Role) []roster.SnapshotRole {
		return []roster.SnapshotRole{{Org: org, Role: r}}
	}
	day := func(s string) roster.Date {
		d, err := roster.ParseDate(s)
		if err != nil {
			panic(err)
		}
		return d
	}
	r := roster.Snapshot{
		Orgs: []roster.SnapshotOrg{
			{SourcedID: "high", Name: "High \xff School", Type: "school", Parent: "lincoln"},
			{SourcedID: "middle", Name: "Middle", Type: "school", Parent: "nobody knows it"},
			{SourcedID: "lincoln", Name: "Lincoln", Type: "district"},
		},
		Terms: []roster.SnapshotTerm{
			{SourcedID: "year", Title: "2026", Begin: day("2026-08-01"), End: day("2027-07-01")},
			{SourcedID: "always", Title: "without dates"},
			{SourcedID: "first", Title: "the first days", Begin: 1, End: day("1960-02-29")},
		},
		Sections: []roster.SnapshotSection{
			{SourcedID: "algebra", Title: "Algebra 1", Course: "MA", Period: "3", Org: "high", Grades: []string{"09", "", "ten\x00"}, Terms: []string{"year", "unheard of"}},
			{SourcedID: "biology", Title: "Biology", Org: "middle", Terms: []string{"always", "first"}},
		},
		People: []roster.SnapshotPerson{
			{SourcedID: "ana", Given: "Ana", Family: "Ruiz", Email: "Ana@School.example", Roles: []roster.SnapshotRole{{SourcedID: "r1", Org: "high", Role: roster.Teacher}}},
			{SourcedID: "paula", Given: "Paula", Family: "Hart", Roles: as("high", roster.Principal)},
			{SourcedID: "leo", Given: "Leo", Family: "Núñez", Grades: []string{"09"}, Roles: as("high", roster.Student)},
			{SourcedID: "eva", Given: "Eva", Family: "Núñez", Grades: []string{"06"}, Roles: []roster.SnapshotRole{
				{Org: "middle", Role: roster.Student, Begin: day("2026-08-01"), End: day("2027-07-01")}, {Org: "high", Role: roster.Student}}},
			{SourcedID: "maria", Given: "María", Family: "Núñez", Email: "family@mail.example", Roles: as("high", roster.Parent)},
			{SourcedID: "dan", Given: "Dan", Family: "Núñez", Email: "family@mail.example", Roles: as("", roster.Parent)},
			{SourcedID: "old", Given: "Soon", Family: "Gone"},
		},
		Enrolments: []roster.SnapshotEnrolment{
			{SourcedID: "e1", Person: "ana", Section: "algebra", Role: roster.Teacher},
			{SourcedID: "e2", Person: "leo", Section: "algebra", Role: roster.Student, Begin: day("2026-09-01")},
			{SourcedID: "e3\x00", Person: "eva", Section: "biology", Role: roster.Student},
			{SourcedID: "e4", Person: "ana", Section: "biology", Role: roster.Teacher},
		},
		Guardianships: []roster.SnapshotGuardianship{
			{Guardian: "maria", Student: "leo", Relation: roster.Parent}, {Guardian: "maria", Student: "eva", Relation: "aunt\x00"},
			{Guardian: "dan", Student: "leo", Relation: roster.Parent}, {Guardian: "dan", Student: "eva", Relation: roster.Parent},
		},
		Columns: []roster.SnapshotColumn{{File: "users.csv", Name: "email", Kind: roster.KindPerson, Field: roster.FieldEmail, There: true}},
	}
	for _, word := range nasty {
		// A file holds lists as JSON, which such bytes do not outlive.
		grade := strings.ToValidUTF8(word, "?")
		r.People = append(r.People, roster.SnapshotPerson{SourcedID: "id " + word, Given: word, Family: word, Preferred: word,
			Email: word, Grades: []string{grade, ""}, Roles: as("high", roster.Student)})
	}
	return r
}

func (s *school) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *school) deliver(r roster.Snapshot) {
	s.t.Helper()
	state, err := s.store.State(s.t.Context(), s.id)
	s.must(err)
	_, err = s.store.Apply(s.t.Context(), s.id, roster.Compare(state, r), s.now)
	s.must(err)
}

// converse has conversations begun, answered, read, sealed in all three ways
// and gone on from.
func (s *school) converse() {
	talk := s.start("ana", uuid.Nil, "leo", "maria", "dan")
	for i, word := range nasty {
		if word == "" {
			word = "nothing"
		}
		s.now = s.now.Add(37*time.Minute + time.Microsecond)
		s.post(talk, []string{"leo", "ana", "maria"}[i%3], word)
	}
	_, err := s.store.MarkRead(s.t.Context(), s.id, talk, s.who["ana"], 7)
	s.must(err)
	_, err = s.store.MarkRead(s.t.Context(), s.id, talk, s.who["maria"], 100)
	s.must(err)

	settled := s.start("paula", uuid.Nil, "ana", "maria")
	_, err = s.store.Seal(s.t.Context(), s.id, settled, hub.Seal{At: s.now, By: s.who["paula"], Cause: hub.SealedByStaff, Reason: "It is \x00 settled.", StaffReason: "At last."}, nil)
	s.must(err)
	s.start("ana", settled, "paula", "maria")

	s.start("ana", uuid.Nil, "eva", "dan") // which a bar seals
	_, err = s.store.Bar(s.t.Context(), s.id, roster.Bar{
		ID: uuid.New(), Guardian: s.who["dan"], Student: s.who["eva"], Since: 20781, Until: 30000, Reason: "Order 17/26 \xfe", Order: "17/26", By: "Dana\x00",
	}, s.now)
	s.must(err)
	lifted := roster.Bar{ID: uuid.New(), Guardian: s.who["maria"], Student: s.who["leo"], Since: 20700, Reason: "Mistaken", By: "Dana"}
	_, err = s.store.Bar(s.t.Context(), s.id, lifted, s.now)
	s.must(err)
	s.must(s.store.Unbar(s.t.Context(), s.id, s.who["maria"], s.who["leo"], "Dana", s.now))
	s.give()
	s.start("ana", uuid.Nil, "eva", "maria") // which the roster seals
	changed := theRoster()
	changed.People = slices.DeleteFunc(changed.People, func(p roster.SnapshotPerson) bool { return p.SourcedID == "old" })
	changed.Guardianships = append(changed.Guardianships[:1:1], changed.Guardianships[2:]...)
	s.now = s.now.Add(time.Hour)
	s.deliver(changed)

	s.must(s.store.SaveDraft(s.t.Context(), s.id, s.who["ana"], "new", []byte("\x00\xff draft"), s.now))
	s.must(s.store.SaveDraft(s.t.Context(), s.id, s.who["maria"], "new", nil, s.now))
}

// give gives access in each way that there is, and ends one of them.
func (s *school) give() {
	s.t.Helper()
	orgs, err := s.store.Entries(s.t.Context(), s.id, roster.KindOrg, nil, []string{"high"})
	s.must(err)
	sections, err := s.store.Entries(s.t.Context(), s.id, roster.KindSection, nil, []string{"algebra"})
	s.must(err)
	for _, g := range []roster.Grant{
		{Person: s.who["ana"], Org: orgs[0].ID, Until: 30000},
		{Role: roster.TeacherWithoutClasses, RoleOrg: orgs[0].ID, Section: sections[0].ID},
		{Person: s.who["paula"], Students: []uuid.UUID{s.who["leo"], s.who["eva"]}},
	} {
		g.ID, g.Reason, g.By = uuid.Must(uuid.NewV7()), "Clinic \xfe", "Dana\x00"
		s.must(s.store.Grant(s.t.Context(), s.id, g, s.now))
		if g.Org != uuid.Nil {
			s.must(s.store.Revoke(s.t.Context(), s.id, g.ID, "Dana", s.now.Add(time.Minute)))
		}
	}
}

// start starts a conversation in which all guardians are so of the first.
func (s *school) start(sender string, after uuid.UUID, others ...string) uuid.UUID {
	s.t.Helper()
	c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Key: uuid.New(), Subject: "trip \x00", Body: "First.", Predecessor: after}
	parts := map[string]roster.Part{"ana": roster.AsTeacher, "paula": roster.AsStaff, "leo": roster.AsStudent, "eva": roster.AsStudent}
	for _, name := range append([]string{sender}, others...) {
		tie := roster.Tie{Person: s.who[name], Part: parts[name], Detail: "principal"}
		if tie.Part == "" {
			tie.Part, tie.Student, tie.Detail = roster.AsGuardian, s.who[others[0]], "aunt\x00"
		}
		c.Participants = append(c.Participants, hub.NewParticipant{Person: s.who[name], Ties: []roster.Tie{tie}})
	}
	start := hub.Start{District: s.id, Sender: s.who[sender], Key: uuid.New(), About: []uuid.UUID{s.who[sender]}, Now: s.now, Fingerprint: [32]byte{1, 2}}
	s.starts, s.plans[start.Key] = append(s.starts, start), []hub.NewConversation{c}
	_, err := s.store.Start(s.t.Context(), start, s.plan(start))
	s.must(err)
	return c.ID
}

func (s *school) plan(start hub.Start) func(roster.Facts) ([]hub.NewConversation, error) {
	return func(roster.Facts) ([]hub.NewConversation, error) { return s.plans[start.Key], nil }
}

func (s *school) post(conversation uuid.UUID, name, body string) {
	s.t.Helper()
	p := hub.Post{District: s.id, Conversation: conversation, Sender: s.who[name], Key: uuid.New(), Body: body, Now: s.now}
	s.posts = append(s.posts, p)
	_, err := s.store.Post(s.t.Context(), p)
	s.must(err)
}

// signIn has people signed in, signing in, and with preferences.
func (s *school) signIn() {
	ctx := s.t.Context()
	for i, session := range []identity.Session{
		{ID: "one", Person: s.who["ana"], Address: "ana@school.example"},
		{ID: "two", Address: "family@mail.example"}, {ID: "three", Person: s.who["dan"], Address: "", Fixed: true},
	} {
		session.District, session.CreatedAt = s.id, s.now.Add(time.Duration(i)*time.Microsecond)
		session.ExpiresAt = s.now.Add(1000 * time.Hour)
		s.sessions = append(s.sessions, session.ID)
		s.must(s.store.SaveSession(ctx, session))
	}
	s.link = [32]byte{0, 1, 2, 0xff}
	s.must(s.store.SaveLink(ctx, identity.Link{Hash: s.link, District: s.id, Address: "family@mail.example", Next: "/c/1?a=\x00", ExpiresAt: s.now.Add(time.Hour)}))
	s.must(s.store.ConfirmHolder(ctx, s.id, "family@mail.example", s.who["maria"]))
	s.must(s.store.SavePreferences(ctx, s.id, s.who["maria"], identity.Preferences{Language: "es", TimeZone: "America/Chicago"}))
}

// mail has mails sent, in doubt and intended, addresses chosen, to be changed and
// bad, and leaves some due.
func (s *school) mail() {
	ctx := s.t.Context()
	s.must(s.store.ChooseAddress(ctx, s.id, s.who["maria"], "Maria@new.example\x00", s.now))
	s.change = [32]byte{9, 0xff}
	s.must(s.store.SaveAddressChange(ctx, identity.AddressChange{Hash: s.change, District: s.id, Person: s.who["ana"], Email: "Ana@\xff.example", ExpiresAt: s.now.Add(time.Hour)}))
	s.must(s.store.SavePreferences(ctx, s.id, s.who["dan"], identity.Preferences{Mail: identity.MailDaily, DailyAt: 23, Quiet: &roster.Quiet{From: "22:00"}}))
	_, err := s.store.Secret(ctx, "links")
	s.must(err)
	s.now = s.now.Add(20 * time.Minute)
	claimed, err := s.store.Claim(ctx, s.now, 3, time.Minute, func(st notify.Standing, _ time.Time) notify.Verdict {
		v := notify.Verdict{Next: s.now.Add(time.Hour), Why: notify.WhyRead}
		for _, u := range st.Unread {
			v.Parts = append(v.Parts, notify.Part{Conversation: u.Conversation, After: u.ReadSeq, UpTo: u.LastSeq, Step: 2})
		}
		return v
	})
	s.must(err)
	for i, m := range claimed.Mails {
		s.mails = append(s.mails, m.Mail.ID)
		if i == 0 {
			continue
		}
		_, err := s.store.Calling(ctx, m.Lease, s.now)
		s.must(err)
		if i == 1 {
			s.must(s.store.Settle(ctx, m.Lease, notify.Settlement{State: notify.Sent, At: s.now, Provider: "a\x00name", Detail: "it was \xff"}))
		}
	}
	s.held = [32]byte{8, 0xff}
	_, err = s.store.Hold(ctx, replymail.HeldReply{District: s.id, Key: uuid.New(), Hash: s.held, Person: s.who["maria"], Conversation: uuid.New(),
		From: "Maria@\xff.example", Text: "no\x00\xff", ExpiresAt: s.now.Add(time.Hour)}, 1)
	s.must(err)
	_, err = s.store.Answering(ctx, replymail.Answering{District: s.id, Key: uuid.New(), Address: "Maria\x00", At: s.now}, 1, s.now)
	s.must(err)
	_, err = s.store.Receive(ctx, "t\x00", [32]byte{1}, s.now)
	s.must(err)
	_, err = s.store.Report(ctx, notify.Report{Nonce: "n\x00", Kind: notify.Bounced, District: s.id, Email: "Maria@new.example\x00", At: s.now})
	s.must(err)
}

func (s *school) close() {
	s.t.Helper()
	s.must(s.store.Close())
	s.store = nil
}

// again is the same in a file of its own.
func (s *school) again(t *testing.T) *school {
	t.Helper()
	text, err := os.ReadFile(s.path)
	s.must(err)
	other := *s
	other.t, other.path = t, filepath.Join(t.TempDir(), "homeline.db")
	other.must(os.WriteFile(other.path, text, 0o600))
	return &other
}

// tamper does what no program does with a file.
func (s *school) tamper(statements ...string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.path+"?_pragma=ignore_check_constraints(1)")
	s.must(err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, statement := range statements {
		_, err := db.ExecContext(s.t.Context(), statement)
		s.must(err)
	}
}

type (
	opening func(ctx context.Context, url string) (*postgres.Filling, error)
	doing   func(ctx context.Context, from *sqlite.ReadOnly, to *postgres.Filling, o Options) (Report, error)
)

// copyTo copies the closed file.
func (s *school) copyTo(d postgrestest.Database, o Options) (Report, error) {
	s.t.Helper()
	return s.through(postgres.OpenFilling, Copy, d.Owner, o)
}

// compareWith compares it.
func (s *school) compareWith(d postgrestest.Database) (Report, error) {
	s.t.Helper()
	return s.through(postgres.OpenFilled, Compare, d.URL, Options{})
}

func (s *school) through(open opening, do doing, url string, o Options) (Report, error) {
	s.t.Helper()
	from, err := sqlite.OpenHeld(s.t.Context(), s.path)
	s.must(err)
	defer from.Close()
	to, err := open(s.t.Context(), url)
	if err != nil {
		return Report{}, err
	}
	defer to.Close()
	return do(s.t.Context(), from, to, o)
}
