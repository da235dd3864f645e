package roster

import (
	"fmt"
	"slices"
	"testing"
)

// hillside is a school of twelve teachers, a principal, thirty students in two
// classes each, and a guardian for each student: whole columns of it can be moved.
func hillside() Snapshot {
	s := Snapshot{Whole: everything(), Unknown: map[Kind]map[string]bool{}}
	for n := range 12 {
		s.Orgs = append(s.Orgs, SnapshotOrg{SourcedID: fmt.Sprintf("o%02d", n), Name: "School", Type: "school", Parent: "d"})
		s.Sections = append(s.Sections, SnapshotSection{SourcedID: fmt.Sprintf("c%02d", n), Title: "Class", Course: "Math", Terms: []string{"y"}, Org: fmt.Sprintf("o%02d", n)})
	}
	s.Terms = append(s.Terms, SnapshotTerm{SourcedID: "y", Title: "Year", Begin: NewDate(2026, 8, 1), End: NewDate(2027, 6, 15)})
	s.Orgs = append(s.Orgs, SnapshotOrg{SourcedID: "d", Name: "District", Type: "district"})
	person := func(kind string, n int, role Role) string {
		id := fmt.Sprintf("%s%02d", kind, n)
		s.People = append(s.People, SnapshotPerson{
			SourcedID: id, Given: givenNames[n%len(givenNames)], Family: familyNames[(n+len(kind)+3*int(kind[0]))%len(familyNames)], Email: id + "@hill.example",
			Grades: []string{"08"}, Roles: []SnapshotRole{{Org: fmt.Sprintf("o%02d", n%12), Role: role}},
		})
		return id
	}
	enrol := func(id string, section int, role Role) {
		s.Enrolments = append(s.Enrolments, SnapshotEnrolment{
			SourcedID: fmt.Sprintf("e%03d", len(s.Enrolments)), Person: id, Section: s.Sections[section%12].SourcedID, Role: role,
		})
	}
	person("p", 0, Principal)
	for n := range 12 {
		enrol(person("t", n, Teacher), n, Teacher)
	}
	for n := range 30 {
		student := person("a", n, Student)
		enrol(student, n, Student)
		enrol(student, n+5, Student)
		s.Guardianships = append(s.Guardianships, SnapshotGuardianship{Guardian: person("g", n, Parent), Student: student, Relation: Parent})
	}
	return s
}

var (
	givenNames  = []string{"Ada", "Ben", "Cal", "Dora", "Eva", "Finn", "Gil", "Hana", "Ivo", "Jun", "Kim"}
	familyNames = []string{"Lind", "Moor", "Nunn", "Olsen", "Pratt", "Quinn", "Reed", "Sato", "Tran", "Udall", "Vega", "Wong", "Xu"}
)

// moved is a column of which each row has what the next one had.
func moved[T, V any](rows []T, cell func(*T) *V) {
	first := *cell(&rows[0])
	for i := range rows[:len(rows)-1] {
		*cell(&rows[i]) = *cell(&rows[i+1])
	}
	*cell(&rows[len(rows)-1]) = first
}

// taken is what Weigh says of a delivery to a school.
func taken(state State, says Snapshot, accounts ...Account) (Changes, Impact, []Excess) {
	_, c := CompareIdentities(state, says, Identities{Today: today})
	impact := Weigh(state, says, &c, accounts, today)
	return c, impact, CheckLimits(c.Summary, impact.Measured, 0)
}

func TestAColumnThatIsMovedByARowIsOverALimit(t *testing.T) {
	for column, move := range map[string]func(s *Snapshot){
		"email":  func(s *Snapshot) { moved(s.People, func(p *SnapshotPerson) *string { return &p.Email }) },
		"given":  func(s *Snapshot) { moved(s.People, func(p *SnapshotPerson) *string { return &p.Given }) },
		"family": func(s *Snapshot) { moved(s.People, func(p *SnapshotPerson) *string { return &p.Family }) },
		"both names": func(s *Snapshot) {
			moved(s.People, func(p *SnapshotPerson) *string { return &p.Given })
			moved(s.People, func(p *SnapshotPerson) *string { return &p.Family })
		},
		"all but the sourcedId": func(s *Snapshot) { moved(s.People, func(p *SnapshotPerson) *string { return &p.SourcedID }) },
		"roles":                 func(s *Snapshot) { moved(s.People, func(p *SnapshotPerson) *[]SnapshotRole { return &p.Roles }) },
		"role, of a delta file": func(s *Snapshot) {
			s.Whole = Whole{}
			for i := range s.People {
				s.People[i].Roles = []SnapshotRole{{Org: "o00", Role: Principal}}
			}
		},
		"organisations of people": func(s *Snapshot) {
			moved(s.People, func(p *SnapshotPerson) *string { return &p.Roles[0].Org })
		},
		"students of guardians": func(s *Snapshot) {
			moved(s.Guardianships, func(g *SnapshotGuardianship) *string { return &g.Student })
		},
		"students of guardians, of a delta file": func(s *Snapshot) {
			s.Whole = Whole{}
			moved(s.Guardianships, func(g *SnapshotGuardianship) *string { return &g.Student })
		},
		"people of enrolments": func(s *Snapshot) {
			moved(s.Enrolments, func(e *SnapshotEnrolment) *string { return &e.Person })
		},
		"sections of enrolments": func(s *Snapshot) {
			moved(s.Enrolments, func(e *SnapshotEnrolment) *string { return &e.Section })
		},
		"schools of sections": func(s *Snapshot) { moved(s.Sections, func(c *SnapshotSection) *string { return &c.Org }) },
		"terms of sections, emptied": func(s *Snapshot) {
			for i := range s.Sections {
				s.Sections[i].Terms = nil
			}
		},
		"courses of sections, emptied": func(s *Snapshot) {
			for i := range s.Sections {
				s.Sections[i].Course = ""
			}
		},
		"types of organisations": func(s *Snapshot) {
			for i := range s.Orgs {
				s.Orgs[i].Type = "district"
			}
		},
		"parent of organisations": func(s *Snapshot) {
			for i := range s.Orgs {
				s.Orgs[i].Parent = "o00"
			}
		},
		"email, emptied": func(s *Snapshot) {
			for i := range s.People {
				s.People[i].Email = ""
			}
		},
	} {
		t.Run(column, func(t *testing.T) {
			says := hillside()
			move(&says)
			if _, impact, over := taken(made(State{}, Compare(State{}, hillside())), says); len(over) == 0 {
				t.Errorf("it would be taken: %+v", impact.Measured)
			}
		})
	}
}

// In a large district a tenth is more than all the people of a school.
func TestAColumnThatIsMovedByARowAtOneSchoolIsOverALimit(t *testing.T) {
	district := func() (s Snapshot, north []*SnapshotPerson, ties []*SnapshotGuardianship) {
		s = hillside()
		for n := range 400 {
			id, guardian := fmt.Sprintf("x%03d", n), fmt.Sprintf("y%03d", n)
			org := fmt.Sprintf("o%02d", n/10%11)
			if n < 20 {
				org = "north"
			}
			s.People = append(s.People,
				SnapshotPerson{SourcedID: id, Given: givenNames[n%11], Family: familyNames[n%13], Email: id + "@hill.example", Roles: []SnapshotRole{{Org: org, Role: Student}}},
				SnapshotPerson{SourcedID: guardian, Given: givenNames[(n+5)%11], Family: familyNames[n%13], Email: guardian + "@hill.example", Roles: []SnapshotRole{{Org: org, Role: Parent}}})
			s.Guardianships = append(s.Guardianships, SnapshotGuardianship{Guardian: guardian, Student: id, Relation: Parent})
		}
		s.Orgs = append(s.Orgs, SnapshotOrg{SourcedID: "north", Name: "North 100%", Type: "school", Parent: "d"})
		for i := range s.People {
			if s.People[i].Roles[0].Org == "north" {
				north = append(north, &s.People[i])
			}
		}
		for i := range s.Guardianships {
			if s.Guardianships[i].Student < "x020" && s.Guardianships[i].Student >= "x" {
				ties = append(ties, &s.Guardianships[i])
			}
		}
		return s, north, ties
	}
	before, _, _ := district()
	state := made(State{}, Compare(State{}, before))
	for column, c := range map[string]struct {
		move func([]*SnapshotPerson, []*SnapshotGuardianship)
		want string
	}{
		"email": {func(p []*SnapshotPerson, _ []*SnapshotGuardianship) {
			moved(p, func(p **SnapshotPerson) *string { return &(*p).Email })
		}, "would give 40 of 40 addresses at North 100% to other people (at most 4)"},
		"given": {func(p []*SnapshotPerson, _ []*SnapshotGuardianship) {
			moved(p, func(p **SnapshotPerson) *string { return &(*p).Given })
		}, "would change the names of 40 of 40 people at North 100% (at most 4)"},
		"agents": {func(_ []*SnapshotPerson, g []*SnapshotGuardianship) {
			moved(g, func(g **SnapshotGuardianship) *string { return &(*g).Student })
		}, "would give 20 of 20 guardians at North 100% students of others (at most 3)"},
		"no agents": {func(_ []*SnapshotPerson, g []*SnapshotGuardianship) {
			for i := range g {
				*g[i] = SnapshotGuardianship{Guardian: "y399", Student: "x399", Relation: Parent}
			}
		}, "would take a guardian from 20 of 20 students at North 100% (at most 3)"},
		"three of them": {func(p []*SnapshotPerson, _ []*SnapshotGuardianship) {
			moved(p[:3], func(p **SnapshotPerson) *string { return &(*p).Email })
		}, ""},
	} {
		says, people, ties := district()
		c.move(people, ties)
		_, _, over := taken(state, says)
		if c.want == "" && len(over) > 0 || c.want != "" && !slices.ContainsFunc(over, func(e Excess) bool { return e.String() == c.want }) {
			t.Errorf("%s: %v", column, over)
		}
	}
}

func TestWhatChangesEveryYearIsOverNoLimit(t *testing.T) {
	state := made(State{}, Compare(State{}, hillside()))
	for says, change := range map[string]func(s *Snapshot){
		"nothing": func(*Snapshot) {},
		"grades, titles and terms": func(s *Snapshot) {
			for i := range s.People {
				s.People[i].Grades = []string{"09"}
			}
			for i := range s.Sections {
				s.Sections[i].Title, s.Sections[i].Period, s.Sections[i].Terms = "Class of next year", "2", []string{"next"}
			}
		},
		"new classes, students, brothers and sisters": func(s *Snapshot) {
			for n := range 30 {
				id := fmt.Sprintf("new%02d", n)
				s.Sections = append(s.Sections, SnapshotSection{SourcedID: id, Title: "New", Org: "o00"})
				s.People = append(s.People, SnapshotPerson{SourcedID: id, Given: "New", Family: "Kid", Email: id + "@hill.example", Roles: []SnapshotRole{{Org: "o00", Role: Student}}})
				s.Enrolments = append(s.Enrolments, SnapshotEnrolment{SourcedID: id, Person: id, Section: id, Role: Student},
					SnapshotEnrolment{SourcedID: id + "t", Person: "t00", Section: id, Role: Teacher})
				s.Guardianships = append(s.Guardianships, SnapshotGuardianship{Guardian: fmt.Sprintf("g%02d", n), Student: id, Relation: Parent})
			}
		},
		"addresses that there were not": func(s *Snapshot) {},
		"enrolments that are numbered anew": func(s *Snapshot) {
			moved(s.Enrolments, func(e *SnapshotEnrolment) *string { return &e.SourcedID })
		},
		"a few marriages": func(s *Snapshot) {
			for i := range 3 {
				s.People[i].Family, s.People[i].Email = "Married", fmt.Sprintf("married%d@hill.example", i)
			}
		},
		"names in capitals, with second names": func(s *Snapshot) {
			for i := range s.People {
				s.People[i].Given, s.People[i].Family = s.People[i].Given+" MARIA", "DE "+s.People[i].Family
			}
		},
	} {
		t.Run(says, func(t *testing.T) {
			delivery := hillside()
			change(&delivery)
			if _, _, over := taken(state, delivery); len(over) > 0 {
				t.Errorf("refused: %v", over)
			}
		})
	}
	without := hillside()
	for i := range without.People {
		without.People[i].Email = ""
	}
	if _, _, over := taken(made(State{}, Compare(State{}, without)), hillside()); len(over) > 0 {
		t.Errorf("the first addresses are refused: %v", over)
	}
}

func TestAHandfulMayChangeHoweverFewThereAre(t *testing.T) {
	for changes, want := range map[int]int{3: 0, 4: 1} {
		if over := CheckLimits(newSummary(), []Measured{{OfAddresses, changes, 9}}, 0); len(over) != want {
			t.Errorf("%d of 9: %v", changes, over)
		}
	}
	over := CheckLimits(newSummary(), []Measured{{OfNames, 101, 1000}}, 0)
	if len(over) != 1 || over[0].String() != "would change the names of 101 of 1000 people (at most 100)" {
		t.Errorf("101 of 1000: %v", over)
	}
}

// sharing is a school in which Ana teaches, Leo learns, and Rosa and Tom are
// guardians, with their addresses.
func sharing(addresses map[string]string) Snapshot {
	s := Snapshot{Whole: everything()}
	for _, p := range []struct {
		id   string
		role Role
	}{{"ana", Teacher}, {"leo", Student}, {"rosa", Parent}, {"tom", Parent}, {"zoe", Parent}} {
		if address, here := addresses[p.id]; here {
			s.People = append(s.People, SnapshotPerson{SourcedID: p.id, Given: p.id, Family: "Vega", Email: address, Roles: []SnapshotRole{{Role: p.role}}})
		}
	}
	return s
}

func TestR28AnAddressThatOthersGetStaysWithTheStaffWhoHadIt(t *testing.T) {
	for _, c := range []struct {
		says          string
		before, after map[string]string
		accounts      []Account
		kept          []KeptAddress
		open, lost    string // sourcedIds
		none          bool   // no shared address is listed
	}{
		{says: "a guardian comes with the address of a teacher",
			before: map[string]string{"ana": "a@x"}, after: map[string]string{"ana": "a@x", "rosa": "a@x"},
			kept: []KeptAddress{{"ana", "a@x"}}, open: "ana"},
		{says: "a guardian who is there takes the address of a teacher",
			before: map[string]string{"ana": "a@x", "rosa": "r@x"}, after: map[string]string{"ana": "a@x", "rosa": "a@x"},
			kept: []KeptAddress{{"ana", "a@x"}}, open: "ana"},
		{says: "both come at once", after: map[string]string{"ana": "a@x", "rosa": "a@x"}},
		{says: "both had it before, and neither could sign in",
			before: map[string]string{"ana": "a@x", "rosa": "a@x"}, after: map[string]string{"ana": "a@x", "rosa": "a@x", "leo": "a@x"}},
		{says: "a teacher comes with the address of a guardian",
			before: map[string]string{"rosa": "r@x"}, after: map[string]string{"ana": "r@x", "rosa": "r@x"}, lost: "rosa"},
		{says: "a guardian comes with the address of a student",
			before: map[string]string{"leo": "l@x"}, after: map[string]string{"leo": "l@x", "rosa": "l@x"}, lost: "leo"},
		{says: "guardians share", before: map[string]string{"rosa": "r@x"}, after: map[string]string{"rosa": "r@x", "tom": "r@x"}, none: true},
		{says: "the district has confirmed the guardian",
			before: map[string]string{"ana": "a@x", "rosa": "a@x"}, after: map[string]string{"ana": "a@x", "rosa": "a@x"},
			accounts: []Account{{Person: "rosa", Confirmed: []string{"a@x"}}}, none: true},
		{says: "another one comes to what the district has confirmed",
			before: map[string]string{"ana": "a@x", "rosa": "a@x"}, after: map[string]string{"ana": "a@x", "rosa": "a@x", "zoe": "a@x"},
			accounts: []Account{{Person: "rosa", Confirmed: []string{"a@x"}}}, open: "rosa"},
		{says: "it is kept already",
			before: map[string]string{"ana": "a@x", "rosa": "a@x"}, after: map[string]string{"ana": "a@x", "rosa": "a@x"},
			accounts: []Account{{Person: "ana", Kept: []string{"a@x"}}}, open: "ana"},
		{says: "the teacher chose another address",
			before: map[string]string{"ana": "a@x"}, after: map[string]string{"ana": "a@x", "rosa": "a@x"},
			accounts: []Account{{Person: "ana", Chosen: "own@x"}}, none: true},
	} {
		t.Run(c.says, func(t *testing.T) {
			state := made(State{}, Compare(State{}, sharing(c.before)))
			changes, impact, _ := taken(state, sharing(c.after), c.accounts...)
			if !slices.Equal(changes.Keep, c.kept) {
				t.Errorf("kept: %v, want %v", changes.Keep, c.kept)
			}
			if c.none != (len(impact.Shared) == 0) {
				t.Fatalf("listed: %+v", impact.Shared)
			}
			for _, s := range impact.Shared {
				for _, h := range s.Holders {
					if id := h.Person.SourcedID; h.Opens != (id == c.open) || h.Lost != (id == c.lost) {
						t.Errorf("%s: %+v", id, h)
					}
				}
			}
		})
	}
}

func TestWhatIsSharedNoMoreNeedNotBeKept(t *testing.T) {
	state := made(State{}, Compare(State{}, sharing(map[string]string{"ana": "a@x", "rosa": "a@x"})))
	account := Account{Person: "ana", Kept: []string{"a@x"}}
	changes, _, _ := taken(state, sharing(map[string]string{"ana": "a@x", "rosa": "r@x"}), account)
	if !slices.Equal(changes.Release, []KeptAddress{{"ana", "a@x"}}) {
		t.Errorf("released: %v", changes.Release)
	}
}

func TestSignInsThatAnAddressEndsOrOpensAreCounted(t *testing.T) {
	before := map[string]string{"ana": "a@x", "leo": "l@x", "rosa": "r@x", "tom": "t@x"}
	after := map[string]string{"ana": "new@x", "leo": "r@x", "rosa": "l@x", "tom": "t@x"}
	accounts := []Account{
		{Person: "ana", Sessions: []string{"a@x"}}, {Person: "leo", Sessions: []string{"", "l@x"}},
		{Person: "rosa", Confirmed: []string{"r@x"}}, {Person: "tom", Sessions: []string{"t@x"}},
	}
	_, impact, _ := taken(made(State{}, Compare(State{}, sharing(before))), sharing(after), accounts...)
	var out []string
	for _, s := range impact.SignedOut {
		out = append(out, s.Person.SourcedID)
	}
	if !slices.Equal(out, []string{"ana", "leo"}) || len(impact.Handovers) != 2 || !impact.Handovers[0].SignIn {
		t.Errorf("signed out %v, handed over %+v", out, impact.Handovers)
	}
	if at := slices.Index(impact.Measured, Measured{OfSignIns, 3, 4}); at < 0 {
		t.Errorf("measured %+v", impact.Measured)
	}
}

func TestPeopleWithoutAClassAreListed(t *testing.T) {
	says := hillside()
	says.Enrolments = slices.DeleteFunc(says.Enrolments, func(e SnapshotEnrolment) bool { return e.Person == "t03" || e.Person == "a07" })
	says.Enrolments[0].End = today // over
	_, impact, _ := taken(State{}, says)
	if got := impact.TeachersWithoutClass; len(got) != 2 || got[0].SourcedID != "t00" || got[1].SourcedID != "t03" {
		t.Errorf("teachers %v", got)
	}
	if got := impact.StudentsWithoutClass; len(got) != 1 || got[0].SourcedID != "a07" {
		t.Errorf("students %v", got)
	}
}
