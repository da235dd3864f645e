package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func (b *browser) put(slot, content string) answer {
	return b.do(http.MethodPut, "/drafts/"+slot, "application/json", strings.NewReader(content))
}

func TestADraftComesBackIntoItsForm(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	key := uuid.NewString()
	b.put(slotOf(id), `{"key":"`+key+`","body":["Half a"],"at":["1760469600000"]}`).is(http.StatusNoContent)
	b.get(conversationPath(id)).has(">Half a</textarea>", `value="`+key+`"`, `data-draft-at="1760469600000"`)
	draft := uuid.New()
	b.put(newSlot(draft), `{"subject":"Ill","body":"Leo is","to":["`+s.value(chen, leo)+`"],"side":"family"}`).is(http.StatusNoContent)
	b.get(newPath(draft)).has(`value="Ill"`, ">Leo is</textarea>", `value="`+s.value(chen, leo)+`" checked`)

	b.do(http.MethodDelete, "/drafts/"+newSlot(draft), "", nil).is(http.StatusNoContent)
	b.get(newPath(draft)).hasNot(`value="Ill"`).has(`data-draft-at="0"`)
}

func TestADraftIsItsWritersAlone(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.as(ana).put(slotOf(id), `{"body":"Mine"}`).is(http.StatusNoContent)
	s.as(chen).get(conversationPath(id)).saysNot("Mine")
	s.as(luis).put(slotOf(id), `{"body":"x"}`).is(http.StatusNotFound)
	for _, slot := range []string{"evil", "reply:", "compose", "compose:", "compose:" + strings.ToUpper(id.String()), "reply:" + strings.ToUpper(id.String()), slotOf(uuid.New()), id.String()} {
		s.as(ana).put(slot, `{"body":"x"}`).is(http.StatusNotFound)
	}
	s.browser().put(newSlot(uuid.New()), `{}`).is(http.StatusUnauthorized)
}

func TestAMalformedOrHugeDraftIsRefused(t *testing.T) {
	b, draft := open(t).as(ana), uuid.New()
	for _, content := range []string{"", "[]", `"x"`, `{"body":`} {
		b.put(newSlot(draft), content).is(http.StatusBadRequest)
	}
	b.put(newSlot(draft), `{"body":"`+strings.Repeat("x", hub.MaxDraft)+`"}`).is(http.StatusRequestEntityTooLarge)
	b.put(newSlot(draft), `{"body":[1,null,{}],"to":"evil"}`).is(http.StatusNoContent)
	b.get(newPath(draft)).is(http.StatusOK)
}

// write presses Write beside a student.
func (b *browser) write(s *school, student string) answer {
	b.t.Helper()
	return b.follow(b.get("/compose?student=" + s.id(student).String())).is(http.StatusOK)
}

func TestWriteBeginsAnEmptyMessageToTheGuardiansOfThatStudent(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	old := b.press(b.composing(), "find", url.Values{
		"to": {s.value(okafor, max_)}, "subject": {"Max: his reading test"}, "body": {"Max reads."}, "name": {"max"},
	})
	b.get("/students").has(`href="/compose?student=` + s.id(leo).String() + `"`)
	a := b.write(s, leo).says("Recipients 2", "Ana Ruiz", "Luis Ruiz", "parent of Leo", "1 student found", "You have 1 other draft").
		saysNot("parent of Max", "Max Okafor").hasNot(`value="max"`, "reading test", `name="to" value="`+s.value(leo, leo))
	if a.field("draft") == old.field("draft") || a.field("key") == old.field("key") {
		t.Error("it is the draft that was there")
	}
	b.press(a, "add:"+s.value(leo, leo), nil).says("Recipients 3", "1 student found")
	b.press(a, "find", nil).says("3 students found")

	b.get("/drafts").says("Max: his reading test", "To Grace Okafor, parent of Max", "Max reads.")
	b.anew(old).says("Grace Okafor", "Max reads.").saysNot("Ana Ruiz", "students found").hasNot(`value="max"`)
}

// Two students may have one name.
func TestWriteAsksForTheStudentAndNotForTheName(t *testing.T) {
	s := open(t)
	snapshot := lincoln()
	for _, id := range []string{"an1", "an2"} {
		snapshot.People = append(snapshot.People,
			roster.SnapshotPerson{SourcedID: id, Given: "An", Family: "Bui", Roles: []roster.SnapshotRole{{Org: "school", Role: roster.Student}}},
			roster.SnapshotPerson{SourcedID: "of" + id, Given: "Parent", Family: id, Roles: []roster.SnapshotRole{{Org: "school", Role: roster.Parent}}})
		snapshot.Guardianships = append(snapshot.Guardianships, roster.SnapshotGuardianship{Guardian: "of" + id, Student: id, Relation: roster.Parent})
	}
	s.deliver(snapshot)
	s.as(ortiz).write(s, "an2").says("Recipients 1", "Parent an2", "1 student found").saysNot("Parent an1")
}

func TestWriteNamesNobodyWhomOneMayNotWriteTo(t *testing.T) {
	s := open(t)
	b := s.as(okafor) // she teaches Eva, not Max's classmate Leo
	b.write(s, leo).says("Nobody yet.", "0 students found").saysNot("Ana", "Luis", "Leo Ruiz")
	b.follow(b.get("/compose?student=" + uuid.NewString())).is(http.StatusOK).says("Nobody yet.")
	s.as(ana).follow(s.as(ana).get("/compose?student=" + s.id(leo).String())).is(http.StatusOK).saysNot("Luis")
}

func TestDraftsAreListedAndDiscarded(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	b.get("/inbox").saysNot("draft")
	b.get("/drafts").says("You have no drafts.")
	ill := b.press(b.composing(), "check", url.Values{"subject": {"Ill"}, "to": {s.value(chen, leo)}})
	b.press(b.composing(), "check", url.Values{"body": {"No subject yet"}})
	b.put(slotOf(id), `{"body":"Half a"}`).is(http.StatusNoContent)
	b.get("/inbox").says("3 drafts", "Trip", "Draft")
	a := b.get("/drafts").says("Ill To Wei Chen, teacher of Leo", "No subject", "No subject yet", "Trip Reply", "Half a")
	a.has(`href="`+newPath(uuid.MustParse(ill.field("draft")))+`"`, `href="`+conversationPath(id)+`#reply"`)
	s.as(luis).get("/drafts").says("You have no drafts.")
	s.as(luis).get(newPath(uuid.MustParse(ill.field("draft")))).is(http.StatusOK).hasNot(`value="Ill"`)

	b.post("/drafts/"+newSlot(uuid.MustParse(ill.field("draft")))+"/discard", nil).leadsTo("/drafts")
	b.get("/drafts").says("The draft is discarded.", "No subject yet", "Half a").saysNot("Ill")
	s.as(luis).post("/drafts/"+slotOf(id)+"/discard", nil).is(http.StatusNotFound)
	b.press(b.composing(), "discard", url.Values{"body": {"Never mind"}}).leadsTo("/inbox")
	b.get("/drafts").says("Half a").saysNot("Never mind")
}

func TestADraftInWhichNothingIsLeftIsNone(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	for _, content := range []string{`{"body":"Half a"}`, `{"body":" \n"}`} {
		b.put(slotOf(id), content).is(http.StatusNoContent)
	}
	b.press(b.composing(), "check", nil)
	b.get("/drafts").says("You have no drafts.")
}

func TestWhoHasTheMostDraftsIsToldThatNoMoreAreKept(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	for range hub.MaxDrafts {
		b.put(newSlot(uuid.New()), `{"body":"x"}`).is(http.StatusNoContent)
		s.clock.advance(time.Second)
	}
	// The browser must not think that it is kept.
	b.put(newSlot(uuid.New()), `{"body":"x"}`).is(http.StatusUnprocessableEntity)
	a := b.press(b.composing(), "find", url.Values{"body": {"Still here."}}).
		says("You have 50 drafts, and no more are kept.", "Still here.")
	b.press(a, "send", url.Values{"subject": {"Trip"}, "to": {s.value(ana, leo)}, "body": {"On Friday."}}).leadsTo("/inbox")
}

func TestAMessageThatWasSentIsNotComposedAgain(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	page := b.write(s, leo)
	form := url.Values{"subject": {"Trip"}, "body": {"On Friday."}}
	b.press(page, "send", form).leadsTo("/inbox")
	at := newPath(uuid.MustParse(page.field("draft")))
	b.get(at).is(http.StatusOK).says("You have already sent this message.").hasNot("On Friday.", "<textarea").
		has(`href="` + s.only(ana) + `#new"`)
	// A page of before, shown again from the browser's memory.
	b.press(page, "find", form).is(http.StatusConflict).says("You have already sent this message.")
	b.press(page, "send", form).leadsTo("/inbox")
	b.get("/inbox").says("Your message was successfully sent.")
	b.get("/drafts").says("You have no drafts.")
	s.only(ana)
}

// The name of the field has the key in it, whatever else the form says.
func TestATextGoesUnderTheKeyThatItWasTypedUnder(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	page := b.get(conversationPath(id))
	key := page.field("key")
	page.has(`name="body.` + key + `"`)
	b.post(conversationPath(id)+"/reply", url.Values{"body." + key: {"We come."}, "key": {uuid.NewString()}}).leadsTo("/inbox")
	b.post(conversationPath(id)+"/reply", url.Values{"body." + key: {"We come."}, "key": {uuid.NewString()}}).leadsTo("/inbox")
	if got := s.unread(chen); got != 1 {
		t.Errorf("%d messages are stored", got)
	}
	next := b.get(conversationPath(id)).hasNot(key)
	if b.get(conversationPath(id)).field("key") != next.field("key") {
		t.Error("without script the key of the next message is not the same on a page loaded anew")
	}
}

func TestWhatAPageLeftInTheBrowserIsKeptUnlessItWasSent(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana).runsScript()
	left := func(slot, key, body, at string) {
		b.put(slot, `{"key":"`+key+`","body":"`+body+`","at":["`+at+`"],"left":["1"]}`).is(http.StatusNoContent)
	}
	key, draft := uuid.NewString(), uuid.New()
	left(slotOf(id), key, "Half a", "100")
	b.get(conversationPath(id)).has(">Half a</textarea>")
	left(slotOf(id), key, "Half", "99")
	b.get(conversationPath(id)).has(">Half a</textarea>")
	b.post(conversationPath(id)+"/reply", url.Values{"key": {key}, "body": {"Half a"}}).leadsTo("/inbox")
	left(slotOf(id), key, "Half a", "101")
	b.get(conversationPath(id)).hasNot(">Half a</textarea>")

	b.post("/compose", url.Values{"draft": {draft.String()}, "to": {s.value(chen, leo)}, "subject": {"Ill"}, "body": {"Leo is"}, "do": {"send"}}).leadsTo("/inbox")
	left(newSlot(draft), draft.String(), "Leo is", "100")
	b.get("/drafts").says("You have no drafts.")
}
