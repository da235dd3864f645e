package replymailtest

import (
	"bytes"
	"context"
	"errors"
	"net/textproto"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/schooltest"
)

// desk is where replies to the mails of a school come in. Ana has written to
// Leo and his parent Rosa, who have not read it and were mailed.
type desk struct {
	*testing.T
	*schooltest.School
	*replymail.Service
	hub          *hub.Hub
	conversation uuid.UUID
	to           string // Rosa's address for it

	mu      sync.Mutex
	now     time.Time
	heard   []hub.Event
	answers []replymail.Answer
	fails   bool // the mail does not go out
}

const mailDomain = "mg.school.example"

func addresses() replymail.Addresses {
	return replymail.Addresses{Secret: bytes.Repeat([]byte("s"), 32), Domain: "reply.school.example"}
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, School: schooltest.Open(t, 0), now: time.Now()}
	d.hub = hub.New(d.Store, d.Store, d, d.clock)
	var err error
	d.Service, err = replymail.New(d.Store, d.hub, d, replymail.Options{Addresses: addresses(), MailDomain: mailDomain, Now: d.clock})
	if err != nil {
		t.Fatal(err)
	}
	d.conversation = d.Start(t, "The trip", "May Leo come?")
	d.to = d.mailed(schooltest.Rosa)
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// Publish implements hub.Events.
func (d *desk) Publish(_ context.Context, e hub.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, e)
}

// MailAnswer implements replymail.Mailer.
func (d *desk) MailAnswer(_ context.Context, a replymail.Answer) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails {
		return errors.New("the provider is away")
	}
	d.answers = append(d.answers, a)
	return nil
}

// mailed is the address at which somebody answers the mail that is due to them.
func (d *desk) mailed(name string) string {
	d.Helper()
	claimed, err := d.Store.Claim(d.Context(), d.clock().Add(time.Hour), 100, time.Minute, notify.Judge)
	if err != nil {
		d.Fatal(err)
	}
	address := ""
	for _, m := range claimed.Mails {
		if err := d.Store.Settle(d.Context(), m.Lease, notify.Settlement{State: notify.Sent, At: d.clock()}); err != nil {
			d.Fatal(err)
		}
		if m.Person == d.ID(name) {
			address = d.Make(m.ID)
		}
	}
	if address == "" {
		d.Fatalf("%s is not mailed", name)
	}
	return address
}

// mail is one of Rosa's, as her program sends it.
func (d *desk) mail(text string) replymail.Incoming {
	id := "<" + uuid.NewString() + "@mail.example>"
	return replymail.Incoming{
		Recipient: d.to, From: "rosa@example.org", ReturnPath: "rosa@example.org", Identity: id, Subject: "Re: The trip",
		Header: textproto.MIMEHeader{"Message-Id": {id}}, Text: text, Vouched: true,
	}
}

func (d *desk) comes(in replymail.Incoming, want replymail.Outcome) {
	d.Helper()
	before := d.Count(want)
	got, err := d.Receive(d.Context(), in)
	if err != nil || got != want {
		d.Errorf("it is %s, %v; want %s", got, err, want)
	}
	if d.Count(want) != before+1 {
		d.Errorf("%d are counted as %s", d.Count(want), want)
	}
}

// says holds what was written in the conversation after its first message.
func (d *desk) says(want ...string) {
	d.Helper()
	messages, err := d.hubMessages()
	if err != nil {
		d.Fatal(err)
	}
	if len(messages) != len(want)+1 {
		d.Fatalf("there are %d messages, want %d: %+v", len(messages), len(want)+1, messages)
	}
	for i, body := range want {
		if m := messages[i+1]; m.Body != body || m.Sender != d.ID(schooltest.Rosa) {
			d.Errorf("message %d is %+v, want %q", i+2, m, body)
		}
	}
}

func (d *desk) hubMessages() ([]hub.Message, error) {
	a := d.Actor(schooltest.Ana)
	return d.Store.Messages(d.Context(), a.District, d.conversation, a.Person, hub.Range{Limit: 50})
}

// answered holds that so many answers went out, and is the last of them.
func (d *desk) answered(want int) replymail.Answer {
	d.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.answers) != want {
		d.Fatalf("%d answers went out, want %d: %+v", len(d.answers), want, d.answers)
	}
	if want == 0 {
		return replymail.Answer{}
	}
	return d.answers[want-1]
}

func (d *desk) district(change func(*roster.District)) {
	d.Helper()
	district, err := d.Store.District(d.Context(), d.Actor(schooltest.Ana).District)
	if err != nil {
		d.Fatal(err)
	}
	change(&district)
	if err := d.Store.SaveDistrict(d.Context(), district); err != nil {
		d.Fatal(err)
	}
}

// leaves takes somebody off the roster.
func (d *desk) leaves(name string) {
	d.Helper()
	id := d.Actor(name).District
	state, err := d.Store.State(d.Context(), id)
	if err != nil {
		d.Fatal(err)
	}
	changes := roster.Changes{Base: state.Version}
	for _, p := range state.People {
		if p.SourcedID == name {
			p.Gone = true
			changes.PutPeople = append(changes.PutPeople, p)
		}
	}
	if _, err := d.Store.Apply(d.Context(), id, changes, d.clock()); err != nil {
		d.Fatal(err)
	}
}
