package socket_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

func TestAMessageArrivesAtEverybodyInTheConversation(t *testing.T) {
	s := serve(t)
	conversation := s.Start(t, "Field trip", "Please sign the form.")
	rosa, leo, tom := s.signIn(t, schooltest.Rosa), s.signIn(t, schooltest.Leo), s.signIn(t, schooltest.Tom)
	for _, c := range []*client{rosa, leo, tom} {
		if answer := c.ask(object{"id": "u", "type": "subscribe", "channel": "user"}); answer["type"] != "answer" {
			t.Fatal(answer)
		}
	}
	opened := rosa.ask(object{"id": "c", "type": "subscribe", "channel": "conversation:" + conversation.String(), "after": 0})
	if messages := opened["messages"].([]any); len(messages) != 1 || opened["last_seq"] != 1.0 {
		t.Fatalf("subscribing answered %v", opened)
	}

	ana := s.signIn(t, schooltest.Ana)
	sent := ana.ask(object{
		"id": "s", "type": "send", "conversation": conversation, "key": uuid.New(), "body": "It is on Friday.",
	})
	if sent["type"] != "answer" || sent["repeated"] != false {
		t.Fatalf("sending answered %v", sent)
	}

	for _, c := range []*client{rosa, leo} {
		inbox := c.event("inbox")
		letter := inbox["letter"].(object)
		if inbox["unread"] != 2.0 || letter["unread"] != 2.0 || letter["preview"] != "It is on Friday." {
			t.Errorf("the inbox hears %v", inbox)
		}
	}
	message := rosa.event("message")["message"].(object)
	if message["seq"] != 2.0 || message["body"] != "It is on Friday." || message["sender_name"] != "Ana Ruiz" {
		t.Errorf("the conversation hears %v", message)
	}
	tom.nothingMore()
}

func TestReadingInOneTabTellsTheOthersOfThatPersonAndNobodyElse(t *testing.T) {
	s := serve(t)
	conversation := s.Start(t, "Field trip", "Please sign the form.")
	first, second, leo := s.signIn(t, schooltest.Rosa), s.signIn(t, schooltest.Rosa), s.signIn(t, schooltest.Leo)
	for _, c := range []*client{first, second, leo} {
		c.ask(object{"id": "u", "type": "subscribe", "channel": "user"})
	}
	answer := first.ask(object{"id": "r", "type": "read", "conversation": conversation, "up_to": 1})
	if answer["unread"] != 0.0 {
		t.Fatalf("reading answered %v", answer)
	}
	inbox := second.event("inbox")
	read := inbox["read"].(object)
	if inbox["unread"] != 0.0 || inbox["version"] != answer["version"] || read["read_seq"] != 1.0 {
		t.Errorf("the other tab hears %v", inbox)
	}
	leo.nothingMore()
}
