package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// give gives somebody access, or the role of a grant.
func (s *school) give(to string, g roster.Grant) roster.Grant {
	s.t.Helper()
	if to != "" {
		g.Person = s.id(to)
	}
	g.Reason, g.By = "Clinic", "Dana Ortiz"
	g, err := s.hub.Grant(s.t.Context(), s.district, g)
	if err != nil {
		s.t.Fatal(err)
	}
	return g
}

func (s *school) entry(kind roster.Kind, sourcedID string) uuid.UUID {
	s.t.Helper()
	found, err := s.store.Entries(s.t.Context(), s.district, kind, nil, []string{sourcedID})
	if err != nil || len(found) != 1 {
		s.t.Fatalf("%s: %+v, %v", sourcedID, found, err)
	}
	return found[0].ID
}

// lastOf is the conversation at the top of somebody's inbox.
func (s *school) lastOf(name string) uuid.UUID {
	s.t.Helper()
	page, err := s.store.Inbox(s.t.Context(), s.district, s.id(name), hub.InboxQuery{Limit: 1})
	if err != nil || len(page.Rows) != 1 {
		s.t.Fatalf("the inbox of %s: %+v, %v", name, page, err)
	}
	return page.Rows[0].Conversation
}

// withAide is the school with an aide, whom the roster lets reach no one.
func withAide(t *testing.T) *school {
	s := open(t)
	snapshot := lincoln()
	snapshot.People = append(snapshot.People, roster.SnapshotPerson{
		SourcedID: "delgado", Given: "Sam", Family: "Delgado", Roles: []roster.SnapshotRole{{Org: "school", Role: roster.Aide}},
	})
	s.deliver(snapshot)
	return s
}

func TestR3AnAideWithAGrantIsToldWhyAndWrites(t *testing.T) {
	s := withAide(t)
	b := s.as("delgado")
	b.composing().says("Your district can give you access to students.")
	g := s.give("delgado", roster.Grant{Section: s.entry(roster.KindSection, "art"), Until: roster.NewDate(2026, 12, 20)})
	const why = "You find students here because the district gave you access to Art 7 until 20 Dec."
	b.get("/students").says(why, "Eva Ruiz").saysNot("Leo Ruiz")
	a := b.press(b.composing(), "find", nil).says(why, "Eva Ruiz", "Ana Ruiz").saysNot("Leo Ruiz")
	form := url.Values{"to": {s.value(ana, eva)}, "subject": {"Shots"}, "body": {"They are due."}}
	b.press(a, "send", form).leadsTo("/inbox")
	s.as(ana).get("/inbox").says("Shots", "Sam Delgado")
	s.replies(ana, s.lastOf("delgado"), "On Monday.") // R5
	b.get("/inbox").says("Ana Ruiz", "On Monday.")
	s.as(ana).composing().saysNot("Sam Delgado") // R4: only current teachers

	form["to"] = []string{s.value(ana, leo)}
	b.press(b.composing(), "send", form).is(http.StatusForbidden).says("the district has not given you access")
	if err := s.hub.Revoke(t.Context(), s.district, g.ID, "Dana Ortiz"); err != nil {
		t.Fatal(err)
	}
	b.get("/students").saysNot("because the district", "Eva Ruiz")
	b.composing().says("In your role you answer")
	form["to"] = []string{s.value(ana, eva)}
	b.post("/compose", form).saysNot("They are due.")
}

func TestR3AGrantIsExplainedInSpanishToo(t *testing.T) {
	s := withAide(t)
	b := s.as("delgado")
	b.post("/welcome", url.Values{"language": {"es"}})
	s.give("delgado", roster.Grant{Org: s.entry(roster.KindOrg, "school")})
	s.give("delgado", roster.Grant{Students: []uuid.UUID{s.id(leo), s.id(eva)}})
	b.get("/students").says(
		"Aquí encuentra estudiantes porque el distrito le dio acceso a Lincoln School.",
		"Aquí encuentra estudiantes porque el distrito le dio acceso a 2 estudiantes.", "Leo Ruiz", "Max Okafor")
	s.as(chen).get("/students").saysNot("because the district gave you access")
}
