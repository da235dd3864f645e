package socket_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

// For those who do not take part, a conversation is as unknown as one that does
// not exist, whatever they ask.
func TestAnothersConversationIsAsUnknownAsNone(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.").String()
	for _, name := range []string{schooltest.Tom, schooltest.Ben, schooltest.Zoe, schooltest.Yan} {
		c := s.signIn(t, name)
		c.ask(object{"id": "u", "type": "subscribe", "channel": "user"})
		for _, request := range []object{
			{"type": "subscribe"},
			{"type": "conversation"},
			{"type": "messages", "after": 0},
			{"type": "send", "key": uuid.NewString(), "body": "Hello."},
			{"type": "read", "up_to": 1},
			{"type": "seal", "reason": "Over."},
		} {
			answers := map[string]object{}
			for _, id := range []string{talk, uuid.NewString()} {
				request["id"], request["conversation"], request["channel"] = "x", id, "conversation:"+id
				answer := c.ask(request)
				if answer["code"] != "not_found" {
					t.Errorf("%s asked %v: %v", name, request, answer)
				}
				answers[id] = answer
			}
			for _, answer := range answers {
				if len(answer) != len(answers[talk]) || answer["detail"] != answers[talk]["detail"] {
					t.Errorf("%s can tell the answers apart: %v", name, answers)
				}
			}
		}
		s.Reply(t, schooltest.Ana, uuid.MustParse(talk), "Among us.")
		c.nothingMore()
	}
}
