package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
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
	b.put("compose", `{"subject":"Ill","body":"Leo is","to":["`+s.value(chen, leo)+`"],"side":"family"}`).is(http.StatusNoContent)
	b.get("/compose").has(`value="Ill"`, ">Leo is</textarea>", `value="`+s.value(chen, leo)+`" checked`)

	b.do(http.MethodDelete, "/drafts/compose", "", nil).is(http.StatusNoContent)
	b.get("/compose").hasNot(`value="Ill"`).has(`data-draft-at="0"`)
}

func TestADraftIsItsWritersAlone(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.as(ana).put(slotOf(id), `{"body":"Mine"}`).is(http.StatusNoContent)
	s.as(chen).get(conversationPath(id)).saysNot("Mine")
	s.as(luis).put(slotOf(id), `{"body":"x"}`).is(http.StatusNotFound)
	for _, slot := range []string{"evil", "reply:", "reply:" + strings.ToUpper(id.String()), slotOf(uuid.New()), id.String()} {
		s.as(ana).put(slot, `{"body":"x"}`).is(http.StatusNotFound)
	}
	s.browser().put("compose", `{}`).is(http.StatusUnauthorized)
}

func TestAMalformedOrHugeDraftIsRefused(t *testing.T) {
	b := open(t).as(ana)
	for _, content := range []string{"", "[]", `"x"`, `{"body":`} {
		b.put("compose", content).is(http.StatusBadRequest)
	}
	b.put("compose", `{"body":"`+strings.Repeat("x", hub.MaxDraft)+`"}`).is(http.StatusRequestEntityTooLarge)
	b.put("compose", `{"body":[1,null,{}],"to":"evil"}`).is(http.StatusNoContent)
	b.get("/compose").is(http.StatusOK)
}
