package socket_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/homeline/homeline/transport/schooltest"
)

// sized asks and returns the answer with its size in bytes.
func (c *client) sized(request object) (object, int) {
	c.t.Helper()
	c.send(request)
	raw, err := c.receiveRaw()
	if err != nil {
		c.t.Fatal(err)
	}
	var answer object
	if err := json.Unmarshal(raw, &answer); err != nil || answer["type"] != "answer" {
		c.t.Fatalf("%.200s, %v", raw, err)
	}
	return answer, len(raw)
}

func TestNoAnswerHasMoreThan64KilobytesAndMoreSaysThatThereIsMore(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.")
	const all = 41
	for i := range all - 1 {
		s.Reply(t, schooltest.Ana, talk, strings.Repeat([]string{"<", "好", "long "}[i%3], 2000))
	}
	c := s.signIn(t, schooltest.Rosa)
	seqs := func(answer object) (from, to float64) {
		messages := answer["messages"].([]any)
		return messages[0].(object)["seq"].(float64), messages[len(messages)-1].(object)["seq"].(float64)
	}
	opened, size := c.sized(object{"id": 1, "type": "subscribe", "channel": "conversation:" + talk.String()})
	if from, to := seqs(opened); size > 64_000 || from != 1 || to == all || opened["more"] != true || opened["last_seq"] != float64(all) {
		t.Errorf("subscribed to %d bytes, %v to %v, more %v", size, from, to, opened["more"])
	}
	for after := 0.0; after < all; {
		answer, size := c.sized(object{"id": 2, "type": "messages", "conversation": talk, "after": after, "limit": 200})
		from, to := seqs(answer)
		if size > 64_000 || from != after+1 || answer["more"] != (to < all) {
			t.Fatalf("after %v: %d bytes, %v to %v, more %v", after, size, from, to, answer["more"])
		}
		after = to
	}
	for before := all + 1.0; before > 1; {
		answer, size := c.sized(object{"id": 3, "type": "messages", "conversation": talk, "before": before, "limit": 200})
		from, to := seqs(answer)
		if size > 64_000 || to != before-1 || answer["more"] != (from > 1) {
			t.Fatalf("before %v: %d bytes, %v to %v, more %v", before, size, from, to, answer["more"])
		}
		before = from
	}
}

func TestASubscriptionBeginsWithAsManyMessagesAsAreAskedFor(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.")
	for range 4 {
		s.Reply(t, schooltest.Ana, talk, "And bring it.")
	}
	c := s.signIn(t, schooltest.Rosa)
	channel := "conversation:" + talk.String()
	for _, ask := range []struct {
		after, limit, got int
		more              bool
	}{{0, 0, 0, true}, {0, 2, 2, true}, {3, 2, 2, false}, {4, 0, 0, true}, {5, 0, 0, false}, {0, 200, 5, false}, {1 << 53, 3, 0, false}} {
		answer := c.ask(object{"id": "s", "type": "subscribe", "channel": channel, "after": ask.after, "limit": ask.limit})
		if messages, _ := answer["messages"].([]any); len(messages) != ask.got || answer["more"] != ask.more || answer["last_seq"] != 5.0 {
			t.Errorf("%+v: %v", ask, answer)
		}
	}
	for _, limit := range []int{-1, 201} {
		if answer := c.ask(object{"id": "s", "type": "subscribe", "channel": channel, "limit": limit}); answer["code"] != "invalid" || answer["field"] != "limit" {
			t.Errorf("%d: %v", limit, answer)
		}
	}
	c.ask(object{"id": "s", "type": "subscribe", "channel": channel, "limit": 0})
	s.Reply(t, schooltest.Ana, talk, "Thank you.")
	if event := c.event("message"); event["message"].(object)["seq"] != 6.0 {
		t.Errorf("after a subscription without messages: %v", event)
	}
}
