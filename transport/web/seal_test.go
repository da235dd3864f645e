package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

func TestStaffSealAConversationWithAReasonThatAllRead(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(chen)
	b.get(conversationPath(id)).says("Seal this conversation")
	b.get(conversationPath(id)+"/seal").says("Trip", "This cannot be undone.", "Everybody in the conversation reads it.")
	b.post(conversationPath(id)+"/seal", url.Values{"reason": {" "}}).is(http.StatusUnprocessableEntity).says("Write the reason.")
	b.post(conversationPath(id)+"/seal", url.Values{"reason": {"The trip is over."}}).leadsTo(conversationPath(id) + "#reply")
	b.get(conversationPath(id)).says("The conversation is sealed.", "The trip is over.", "Sealed by Wei Chen", "Continue in a new conversation").
		hasNot("<textarea")
	family := s.as(ana)
	family.get(conversationPath(id)).says("This conversation is sealed", "The trip is over.").
		saysNot("Continue in a new conversation").hasNot("<textarea")
	family.get("/inbox").says("Sealed")
	b.post(conversationPath(id)+"/seal", url.Values{"reason": {"again"}}).is(http.StatusConflict)
	b.post(conversationPath(id)+"/seal", url.Values{"reason": {"The trip is over."}}).leadsTo(conversationPath(id) + "#reply")
	b.get(conversationPath(id) + "/seal").leadsTo(conversationPath(id) + "#reply")
}

func TestWhereMessagingIsOffStaffStillFindTheWayToSeal(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.change(func(d *roster.District) { d.Enabled = false })
	s.as(chen).get(conversationPath(id)).says("Messaging is off in your district.", "Seal this conversation")
	s.as(ana).get(conversationPath(id)).saysNot("Seal this conversation")
}

func TestAReplyThatMeetsASealIsNotLost(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	if _, err := s.hub.Seal(t.Context(), s.actor(chen), id, "Over."); err != nil {
		t.Fatal(err)
	}
	s.as(ana).post(conversationPath(id)+"/reply", url.Values{"body": {"But we"}}).is(http.StatusConflict).
		says("This conversation was sealed meanwhile.", "Over.", "What you were writing was not sent", "But we")
	s.as(ana).with(scriptHeader, "homeline-page").get(conversationPath(id)+"/footer").
		says("Over.", "But we").has(`data-swap="footer"`).hasNot("data-reply", "<html")
}

func TestOneContinuesASealedConversationWithWhoMayStillBeWrittenTo(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(chen)
	b.get("/compose?continues=" + id.String()).is(http.StatusNotFound) // not sealed
	other := s.as(chen).post("/compose", url.Values{"body": {"Something else."}, "do": {"find"}})
	if _, err := s.hub.Seal(t.Context(), s.actor(chen), id, "Over."); err != nil {
		t.Fatal(err)
	}
	b.post(conversationPath(id)+"/reply", url.Values{"body": {"Half a thought"}}).is(http.StatusConflict)

	a := b.get("/compose?continues="+id.String()).is(http.StatusOK).says("Recipients 2", "Ana Ruiz", "Leo Ruiz", "Half a thought").
		has(`value="Trip"`, `data-draft="reply:`+id.String()+`"`)
	s.as(ana).get("/compose?continues=" + id.String()).is(http.StatusNotFound)
	b.press(a, "send", url.Values{"subject": {"Trip, again"}, "body": {"On Monday."}}).leadsTo("/inbox")

	b.get(conversationPath(id)).says("It goes on in a new conversation")
	s.as(ana).get(conversationPath(id)).says("It goes on in a new conversation")
	b.anew(other).says("Something else.").saysNot("Half a thought")
}

func TestDistrictStaffSealByNumberWithoutReading(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(bell)
	b.get("/dashboard").says("Seal a conversation by its number")
	s.as(ortiz).get("/dashboard").saysNot("Seal a conversation by its number")
	b.get(conversationPath(id)).is(http.StatusNotFound)
	for _, number := range []string{"12", uuid.NewString()} {
		b.post("/seal", url.Values{"number": {number}, "reason": {"Kept words."}}).is(http.StatusNotFound).
			says("There is no conversation of this number in your district.", "Kept words.")
	}
	b.post("/seal", url.Values{"number": {" "}, "reason": {"Kept words."}}).is(http.StatusUnprocessableEntity).
		says("Write the number.", "Kept words.")
	s.as(chen).get(conversationPath(id)).says("Number of the conversation " + id.String())
	b.post("/seal", url.Values{"number": {" " + id.String() + " "}, "reason": {"Not here."}}).leadsTo("/dashboard")
	b.get("/dashboard").says("The conversation is sealed.").saysNot("Trip")
	s.as(ana).get(conversationPath(id)).says("Not here.", "Sealed by the district")
}

func TestAConversationThatAChangeInAFamilySealedIsShownToItsStaffToContinue(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	snapshot := lincoln()
	snapshot.Guardianships = []roster.SnapshotGuardianship{
		{Guardian: luis, Student: leo, Relation: roster.Parent}, {Guardian: okafor, Student: max_, Relation: roster.Parent},
	}
	s.deliver(snapshot)
	for _, path := range []string{"/dashboard", "/inbox"} {
		s.as(chen).get(path).says("1 conversation was closed", "Trip", "Continue").has(`href="/compose?continues=` + id.String() + `"`)
	}
	neutral := "This conversation was closed because who belongs to the family has changed."
	s.as(chen).get(conversationPath(id)).says(neutral, "For staff only: Ana Ruiz is no longer registered as a guardian of Leo Ruiz.")
	s.as(ana).get(conversationPath(id)).says("On Friday.", neutral).saysNot("no longer registered", "For staff")
	s.as(ana).get("/inbox").saysNot("was closed")
	s.change(func(d *roster.District) { d.Enabled = false })
	s.as(chen).get("/inbox").saysNot("was closed")
	s.as(chen).get(conversationPath(id)).says(neutral).hasNot(`href="/compose`)
	s.change(func(d *roster.District) { d.Enabled = true })

	b := s.as(chen)
	a := b.get("/compose?continues=" + id.String()).says("Leo Ruiz").saysNot("Ana Ruiz")
	b.press(a, "send", url.Values{"subject": {"Trip"}, "body": {"We go on."}}).leadsTo("/inbox")
	b.get("/dashboard").saysNot("was closed")
	s.as(ana).get(conversationPath(id)).saysNot("It goes on in a new conversation")
}
