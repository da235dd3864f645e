package simulation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// send is a letter on its way from a page, tried with one key until it is
// answered, as docs/protocol.md says.
type send struct {
	page    *page
	talk    uuid.UUID
	key     uuid.UUID
	body    string
	began   time.Time
	tries   int
	waiting bool  // for the answer to a try
	acked   int64 // its number, once it was acknowledged
	refused error // for good
}

// retryAfter is how long one waits after busy.
const retryAfter = time.Second

// write sends a letter.
func (p *page) write(talk uuid.UUID, body string) {
	p.take(func() {
		s := &send{page: p, talk: talk, key: uuid.New(), body: body, began: time.Now()}
		p.sends = append(p.sends, s)
		s.try()
	})
}

// resend tries what has not been answered, after every connection.
func (p *page) resend() {
	for _, s := range p.sends {
		s.try()
	}
}

func (s *send) settled() bool { return s.acked > 0 || s.refused != nil }

func (s *send) try() {
	p := s.page
	if s.settled() || s.waiting || !p.up {
		return // the next connection tries again
	}
	s.tries++
	s.waiting = true
	p.then(func() {
		p.askFor("send", map[string]any{"conversation": s.talk, "key": s.key, "body": s.body}, s.answered)
	})
}

func (s *send) answered(f frame, err error) {
	s.waiting = false
	var code refused
	switch {
	case err == nil:
		s.acked = f.Message.Seq
		s.hold(f)
	case errors.Is(err, refused(hub.CodeBusy)), errors.Is(err, refused(hub.CodeRateLimited)):
		time.AfterFunc(retryAfter, func() { s.page.take(s.try) })
	case errors.As(err, &code):
		s.refused = err
	case s.page.up: // no answer came, and the connection stands
		s.try()
	}
}

func (s *send) hold(f frame) {
	if m := f.Message; m.Body != s.body || m.Conversation != s.talk || m.Sender != s.page.person {
		s.page.wrong = append(s.page.wrong, fmt.Sprintf("the answer to %q is %+v", s.body, *m))
	}
}

// askFor asks for something outside of what the page's script does.
func (p *page) askFor(kind string, fields map[string]any, settle func(frame, error)) {
	encoded, err := json.Marshal(fields)
	if err != nil {
		panic(err) // it holds text and identifiers
	}
	p.tell(entry{Do: "ask", Type: kind, Fields: encoded})
	p.request(kind, fields, settle)
}

// pry asks for what is not one's own, and must not be told that it is there.
func (p *page) pry(talk uuid.UUID) {
	for kind, fields := range map[string]map[string]any{
		"subscribe": {"channel": "conversation:" + talk.String()},
		"messages":  {"conversation": talk},
		"send":      {"conversation": talk, "key": uuid.New(), "body": "Let me in."},
	} {
		p.take(func() {
			p.askFor(kind, fields, func(_ frame, err error) {
				var code refused
				if err == nil || errors.As(err, &code) && code != refused(hub.CodeNotFound) &&
					code != refused(hub.CodeBusy) && code != refused(hub.CodeRateLimited) {
					p.wrong = append(p.wrong, fmt.Sprintf("%s of %s was answered with %v", kind, talk, err))
				}
			})
		})
	}
}
