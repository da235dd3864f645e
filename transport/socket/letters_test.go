package socket_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

func TestOnePersonsLettersAreLimitedOverAllConnections(t *testing.T) {
	s := serve(t)
	conversation := s.Start(t, "Field trip", "Please sign the form.")
	var tabs []*client
	for range 5 {
		tabs = append(tabs, s.signIn(t, schooltest.Rosa))
	}
	sent, refused := 0, 0
	for range 90 { // for which the rate of none of them alone stands in the way
		for _, c := range tabs {
			c.send(object{"id": "a", "type": "send", "conversation": conversation, "key": uuid.NewString(), "body": "Yes."})
		}
		for _, c := range tabs {
			switch answer := c.receive(); {
			case answer["type"] == "answer":
				sent++
			case answer["code"] == "rate_limited":
				refused++
			default:
				t.Fatalf("answered %v", answer)
			}
		}
	}
	if sent < 100 || refused == 0 {
		t.Errorf("%d were sent and %d refused", sent, refused)
	}
	ana := s.signIn(t, schooltest.Ana)
	if answer := ana.ask(object{"id": "a", "type": "send", "conversation": conversation, "key": uuid.NewString(), "body": "Good."}); answer["type"] != "answer" {
		t.Errorf("another is answered %v", answer)
	}
}
