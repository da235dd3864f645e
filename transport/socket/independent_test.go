package socket_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

// inboxEvent and the answers below are transcribed from the document.
type inboxEvent struct {
	Version, Unread int64
	Letter          *struct {
		Conversation string `json:"conversation"`
		Seq          int64  `json:"seq"`
		At           string `json:"at"`
		Sender       string `json:"sender"`
		SenderName   string `json:"sender_name"`
		Part         string `json:"part"`
		Preview      string `json:"preview"`
		Unread       int64  `json:"unread"`
	}
	Read *struct {
		Conversation string `json:"conversation"`
		ReadSeq      int64  `json:"read_seq"`
		Unread       int64  `json:"unread"`
	}
	Sealed *struct {
		Conversation string `json:"conversation"`
		Unread       int64  `json:"unread"`
	}
}

type unreadAnswer struct {
	Epoch           string // of subscribe
	Version, Unread int64
}

type subscribedAnswer struct {
	Epoch    string
	LastSeq  int64 `json:"last_seq"`
	ReadSeq  int64 `json:"read_seq"`
	Sealed   bool
	Messages []letterOutside
	More     bool
}

type sendAnswer struct {
	Message  letterOutside
	Repeated bool
}

type historyAnswer struct {
	Messages []letterOutside
	More     bool
}

type sealOutside struct {
	At, By, Cause, Reason string
	ByName                string `json:"by_name"`
	StaffReason           string `json:"staff_reason"`
}

type contactsAnswer struct {
	Students []struct {
		Person, Name    string
		Grades, Schools []string
		Guardians       []struct{ Person, Name, Relation string }
		Teachers        []struct {
			Person, Name string
			Teaches      []string
		}
	}
	Total int
	Next  string
}

// TestAClientWrittenFromTheDocumentAloneGetsThroughAWholeConversation runs a
// client that was written from docs/protocol.md, before its author had read
// the server (all but contacts, which that client was found to need): start,
// subscribe, send and send again, read, history, a cut line, seal. It fails
// when document and program part.
func TestAClientWrittenFromTheDocumentAloneGetsThroughAWholeConversation(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	address, teachersToken, guardiansToken := outsidersSchool(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	teacher := &outsider{t: t, address: address, token: teachersToken}
	guardian := &outsider{t: t, address: address, token: guardiansToken}
	_, err := teacher.connect(ctx)
	must(err)
	me, err := guardian.connect(ctx)
	must(err)
	defer teacher.cut()
	defer func() { guardian.cut() }()

	var at unreadAnswer
	must(guardian.ask(ctx, "subscribe", map[string]any{"channel": "user"}, &at))
	conversation := teacher.startWithFamilyOf(ctx, me)

	var event inboxEvent
	must(guardian.hear(ctx, "inbox", &event))
	if event.Letter == nil || event.Letter.Conversation != conversation || event.Version != at.Version+1 || event.Unread != at.Unread+1 {
		t.Fatalf("the new conversation came as %+v after %+v", event, at)
	}

	channel := map[string]any{"channel": "conversation:" + conversation, "after": 0}
	var opened subscribedAnswer
	must(guardian.ask(ctx, "subscribe", channel, &opened))
	if opened.LastSeq != 1 || len(opened.Messages) != 1 || opened.More || opened.Sealed {
		t.Fatalf("subscribed to %+v", opened)
	}
	must(guardian.ask(ctx, "read", map[string]any{"conversation": conversation, "up_to": 1}, &at))
	if at.Unread != event.Unread-1 {
		t.Fatalf("after reading it %d are unread, before it %d", at.Unread, event.Unread)
	}

	// The answer to a send is lost with the line: the same key again.
	letter := map[string]any{"conversation": conversation, "key": uuid.NewString(), "body": "Signed."}
	var first sendAnswer
	must(guardian.ask(ctx, "send", letter, &first))
	guardian.cut()
	must(teacher.ask(ctx, "send", map[string]any{"conversation": conversation, "key": uuid.NewString(), "body": "Thank you."}, new(sendAnswer)))

	_, err = guardian.connect(ctx)
	must(err)
	must(guardian.ask(ctx, "subscribe", map[string]any{"channel": "user"}, &at))
	channel["after"] = 1
	var again subscribedAnswer
	must(guardian.ask(ctx, "subscribe", channel, &again))
	if len(again.Messages) != 2 || again.Messages[0] != first.Message || again.Messages[1].Seq != 3 {
		t.Fatalf("after the cut, from 1 on: %+v", again)
	}
	var second sendAnswer
	must(guardian.ask(ctx, "send", letter, &second))
	if !second.Repeated || second.Message != first.Message {
		t.Fatalf("sent again it is %+v, first it was %+v", second, first)
	}

	var history historyAnswer
	must(guardian.ask(ctx, "messages", map[string]any{"conversation": conversation, "before": 3, "limit": 1}, &history))
	if len(history.Messages) != 1 || history.Messages[0].Seq != 2 || !history.More {
		t.Fatalf("the last one before 3: %+v", history)
	}

	var sealed struct{ Seal sealOutside }
	must(teacher.ask(ctx, "seal", map[string]any{"conversation": conversation, "reason": "The trip is over."}, &sealed))
	var told struct {
		Conversation string
		Seal         sealOutside
	}
	must(guardian.hear(ctx, "sealed", &told))
	if told.Seal != sealed.Seal || told.Conversation != conversation || told.Seal.Cause != "staff" {
		t.Fatalf("sealed as %+v, told as %+v", sealed, told)
	}
	letter["key"] = uuid.NewString()
	var no *refusal
	if err := guardian.ask(ctx, "send", letter, new(sendAnswer)); !errors.As(err, &no) || no.Code != "sealed" {
		t.Fatalf("a letter to a sealed conversation: %v", err)
	}
	must(guardian.ask(ctx, "ping", nil, nil))
}

func TestAClientWithAWrongTokenIsToldSoAndClosedWith4501(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	address, _, _ := outsidersSchool(t)
	o := &outsider{t: t, address: address, token: "wrong"}
	var no *refusal
	if _, err := o.connect(ctx); !errors.As(err, &no) || no.Code != "unauthenticated" {
		t.Fatalf("connected: %v", err)
	}
	defer o.cut()
	if _, err := o.next(ctx); websocket.CloseStatus(err) != 4501 {
		t.Fatalf("closed with %v", err)
	}
}

// startWithFamilyOf looks among its contacts for the student of a guardian
// and starts a conversation with both.
func (o *outsider) startWithFamilyOf(ctx context.Context, guardian string) (conversation string) {
	o.t.Helper()
	var found contactsAnswer
	if err := o.ask(ctx, "contacts", map[string]any{"side": "staff"}, &found); err != nil {
		o.t.Fatal(err)
	}
	for _, student := range found.Students {
		for _, g := range student.Guardians {
			if g.Person != guardian {
				continue
			}
			var started struct {
				Conversations []string
				Repeated      bool
			}
			if err := o.ask(ctx, "start", map[string]any{
				"key": uuid.NewString(), "side": "staff", "subject": "Field trip", "body": "Please sign the form.",
				"recipients": []map[string]any{
					{"person": student.Person, "student": student.Person},
					{"person": g.Person, "student": student.Person},
				},
			}, &started); err != nil {
				o.t.Fatal(err)
			}
			if len(started.Conversations) != 1 {
				o.t.Fatalf("started %+v", started)
			}
			return started.Conversations[0]
		}
	}
	o.t.Fatalf("nobody of the family of %s among the contacts", guardian)
	return ""
}

// outsidersSchool is the server with the address and the tokens that somebody
// outside is given, of a teacher and a guardian of a student of theirs.
func outsidersSchool(t *testing.T) (address, teacher, guardian string) {
	s := serve(t)
	return strings.Replace(s.URL, "http", "ws", 1) + "/socket", s.Token(t, schooltest.Ana), s.Token(t, schooltest.Rosa)
}
