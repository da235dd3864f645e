package page

import (
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	sendAgain = 2 * time.Second
	sendTries = 20 // by itself
)

// Reply is a letter on its way, with the one key for every try. It is kept where
// its page is left, as a draft is.
type Reply struct {
	Conversation uuid.UUID
	Key          uuid.UUID
	Body         string
	BySocket     bool // as a program sends, else as the reply box does
	answered     chan struct{}
	once         sync.Once // a page that was left may be answered too
}

// NewReply is a letter that nobody has tried to send yet.
func NewReply(conversation uuid.UUID, body string, bySocket bool) *Reply {
	return &Reply{Conversation: conversation, Key: uuid.New(), Body: body, BySocket: bySocket, answered: make(chan struct{})}
}

// Answered is closed when it is stored.
func (r *Reply) Answered() <-chan struct{} { return r.answered }

// sending is a reply on an open page.
type sending struct {
	page     *Page
	reply    *Reply
	underWay bool
	failed   bool
	cameBack bool
	stored   bool // it has come back as an event
	tries    int
}

// Send sends a reply from the conversation's page.
func (p *Page) Send(r *Reply) {
	p.turn.do(func() {
		p.sending = &sending{page: p, reply: r}
		p.sending.send()
	})
}

func (s *sending) send() {
	if s.page.sending != s || s.underWay {
		return
	}
	s.underWay, s.failed, s.cameBack = true, false, false
	r := s.reply
	if r.BySocket {
		s.page.connection.request("send", map[string]any{"conversation": r.Conversation, "key": r.Key, "body": r.Body},
			func(f frame, err error) {
				var answer storedAnswer
				if err == nil {
					err = f.read(&answer)
				}
				s.settle(answer, err)
			})
		return
	}
	sockets.Go(func() {
		var answer storedAnswer
		err := s.page.device.call(s.page.left, "POST", "/conversations/"+r.Conversation.String()+"/messages",
			map[string]any{"key": r.Key, "body": r.Body}, &answer)
		s.page.turn.do(func() { s.settle(answer, err) })
	})
}

type storedAnswer struct {
	Message  Message `json:"message"`
	Repeated bool    `json:"repeated"`
}

func (s *sending) settle(answer storedAnswer, err error) {
	s.underWay = false
	record := s.page.device.Record
	var refused *Refused
	switch {
	case err == nil:
		record.stored(s.reply.Key, answer.Message)
		s.reply.once.Do(func() { close(s.reply.answered) })
		if s.page.sending == s {
			s.page.sending = nil
		}
	case errors.As(err, &refused) && refused.Code != "busy" && refused.Code != "rate_limited":
		record.Wrong("a reply was refused: " + err.Error())
	case s.reply.BySocket:
		s.unansweredBySocket(refused)
	default:
		s.unanswered()
	}
}

// connected: the connection is back; what was not sent is tried again.
func (s *sending) connected() {
	s.cameBack = true
	if s.failed && s.tries < sendTries {
		s.tries++
		s.send()
	}
}

// arrived: a letter of one's own is there. Where it is this one, it is stored,
// and only the answer is missing.
func (s *sending) arrived(m Message) {
	if m.Body == s.reply.Body {
		s.stored = true
		if s.failed {
			s.askAgain()
		}
	}
}

// unanswered: it is not known whether it was stored, unless it has come back.
func (s *sending) unanswered() {
	s.failed = true
	if s.stored || s.cameBack {
		s.askAgain()
		return
	}
	s.page.turn.after(sendAgain+s.page.pause(2*time.Second), s.send) // somebody presses "Try again"
}

func (s *sending) askAgain() {
	if s.tries < sendTries {
		s.tries++
		s.page.turn.after(sendAgain, s.send)
	}
}

// unansweredBySocket does as docs/protocol.md says: once more after the time
// that the server asks for, or once more after the next connection.
func (s *sending) unansweredBySocket(refused *Refused) {
	s.failed = true
	switch {
	case refused != nil:
		s.page.turn.after(max(time.Duration(refused.RetryAfter*float64(time.Second)), s.page.pause(time.Second)), s.send)
	case s.page.connection.up:
		s.page.turn.after(sendAgain, s.send)
	}
}

func (p *Page) pause(most time.Duration) time.Duration {
	return time.Duration(p.random.Float64() * float64(most))
}
