package operation_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/schooltest"
)

func contacts(t *testing.T, s *schooltest.School, name string, r operation.ContactsRequest) operation.ContactsAnswer {
	t.Helper()
	answer, err := operation.New(s.Hub, nil).Contacts(t.Context(), s.Actor(name), r)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestContactsAreWhomOneMayWriteToAndNobodyElse(t *testing.T) {
	s := schooltest.Open(t, 3)
	for _, c := range []struct {
		who  string
		side roster.Side
		want []string
	}{
		{schooltest.Ana, roster.AsWorker, []string{"Mia Chen", "Tom Chen", "Leo Vega", "Rosa Vega"}},
		{schooltest.Ana, roster.AsFamily, nil},
		{schooltest.Ben, roster.AsWorker, nil},
		{schooltest.Pia, roster.AsWorker, []string{"Student 0", "Student 1", "Student 2", "Mia Chen", "Tom Chen", "Leo Vega", "Rosa Vega"}},
		{schooltest.Rosa, roster.AsFamily, []string{"Leo Vega", "Ana Ruiz"}},
		{schooltest.Rosa, roster.AsWorker, nil},
		{schooltest.Leo, roster.AsFamily, []string{"Leo Vega", "Ana Ruiz"}},
		{schooltest.Zoe, roster.AsWorker, []string{"Yan Berg"}},
	} {
		answer := contacts(t, s, c.who, operation.ContactsRequest{Side: c.side})
		var got []string
		for _, student := range answer.Students {
			got = append(got, student.Name)
			for _, g := range student.Guardians {
				got = append(got, g.Name)
			}
			for _, teacher := range student.Teachers {
				got = append(got, teacher.Name)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s as %s finds %q, want %q", c.who, c.side, got, c.want)
		}
	}
}

func TestABarredGuardianFindsNeitherStudentNorTeachers(t *testing.T) {
	s := schooltest.Open(t, 0)
	rosa := s.Actor(schooltest.Rosa)
	bar := roster.Bar{ID: uuid.New(), Guardian: rosa.Person, Student: s.ID(schooltest.Leo)}
	if _, err := s.Store.Bar(t.Context(), rosa.District, bar, time.Now()); err != nil {
		t.Fatal(err)
	}
	if found := contacts(t, s, schooltest.Rosa, operation.ContactsRequest{Side: roster.AsFamily}); len(found.Students) > 0 {
		t.Errorf("Rosa finds %+v", found.Students)
	}
	for _, student := range contacts(t, s, schooltest.Ana, operation.ContactsRequest{Side: roster.AsWorker}).Students {
		if student.Name == "Leo Vega" && len(student.Guardians) > 0 {
			t.Errorf("Ana finds %+v", student.Guardians)
		}
	}
}

func TestContactsComeInPagesAndByName(t *testing.T) {
	s := schooltest.Open(t, 5)
	var got []string
	request := operation.ContactsRequest{Side: roster.AsWorker, Name: "stud", Limit: 2}
	for {
		page := contacts(t, s, schooltest.Pia, request)
		if page.Total != 5 || len(page.Students) > 2 {
			t.Fatalf("a page of %d of %d", len(page.Students), page.Total)
		}
		for _, student := range page.Students {
			got = append(got, student.Name)
		}
		if request.After = page.Next; page.Next == "" {
			break
		}
	}
	if want := []string{"Student 0", "Student 1", "Student 2", "Student 3", "Student 4"}; !slices.Equal(got, want) {
		t.Errorf("found %q", got)
	}
}

func TestContactsAskedForWronglyAreRefusedByField(t *testing.T) {
	s := schooltest.Open(t, 0)
	for field, c := range map[string]struct {
		request operation.ContactsRequest
		code    hub.Code
	}{
		"side":    {operation.ContactsRequest{}, hub.CodeRequired},
		"limit":   {operation.ContactsRequest{Side: roster.AsWorker, Limit: 101}, hub.CodeInvalid},
		"after":   {operation.ContactsRequest{Side: roster.AsWorker, After: "!"}, hub.CodeInvalid},
		"school":  {operation.ContactsRequest{Side: roster.AsWorker, School: "1"}, hub.CodeInvalid},
		"section": {operation.ContactsRequest{Side: roster.AsWorker, Section: "1"}, hub.CodeInvalid},
		"teacher": {operation.ContactsRequest{Side: roster.AsWorker, Teacher: "1"}, hub.CodeInvalid},
	} {
		_, err := operation.New(s.Hub, nil).Contacts(t.Context(), s.Actor(schooltest.Ana), c.request)
		var refusal *hub.Error
		if !errors.As(err, &refusal) || refusal.Code != c.code || refusal.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// counted counts what is asked of a roster for the words of an answer.
type counted struct {
	roster.Store
	people, districts int
}

func (c *counted) People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) ([]roster.Person, error) {
	c.people++
	return c.Store.People(ctx, district, ids)
}

func (c *counted) District(ctx context.Context, id uuid.UUID) (roster.District, error) {
	c.districts++
	return c.Store.District(ctx, id)
}

func TestAPageOfTheInboxLooksNamesUpOnceAndNotForEachRow(t *testing.T) {
	s := schooltest.Open(t, 0)
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for range 5 { // Leo himself is in none of them
		if _, err := s.Hub.Start(t.Context(), s.Actor(schooltest.Ana), hub.StartRequest{
			Key: uuid.New(), Side: roster.AsWorker, Subject: "Leo", Body: "How is he?",
			Recipients: []roster.Recipient{{Person: s.ID(schooltest.Rosa), Student: s.ID(schooltest.Leo)}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	people := &counted{Store: s.Store}
	o := operation.New(s.Hub, operation.PartWords(catalogue, s.Store, people))
	answer, err := o.Inbox(t.Context(), s.Actor(schooltest.Ana), operation.InboxRequest{})
	if err != nil || len(answer.Rows) != 5 {
		t.Fatalf("%d rows, %v", len(answer.Rows), err)
	}
	for _, p := range answer.Rows[4].Participants {
		if p.Name == "Rosa Vega" && p.Words != "parent of Leo" {
			t.Errorf("Rosa is %q", p.Words)
		}
	}
	if people.people != 1 || people.districts != 1 {
		t.Errorf("five rows asked %d times for people and %d times for the district", people.people, people.districts)
	}
}
