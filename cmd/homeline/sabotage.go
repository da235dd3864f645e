//go:build sabotage

package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
)

// sabotage breaks one thing on purpose, for `make chaos-proof` and
// `make mailproof-proof`: who looks for faults has to show that they would find
// them. The other flags let a run be short, and machines' clocks be wrong.
type sabotage struct {
	Sabotage    string        `help:"Break the program: drop-event, count-twice, answer-early, trust-timeouts, mail-early or trust-clock." enum:",drop-event,count-twice,answer-early,trust-timeouts,mail-early,trust-clock" default:""`
	ClockOffset time.Duration `help:"How far the clock of this machine is ahead."`
	MailAhead   time.Duration `help:"How far the clock that mails go by is ahead of the one that letters are sent by: delays, of a minute at the least, are shorter by that."`
	MailLease   time.Duration `help:"For how long a mail is a worker's."`
	MailRetry   time.Duration `help:"After how long a mail is tried again first."`
}

func (s sabotage) wrap(kept store, b closingBroker) (store, closingBroker) {
	switch s.Sabotage {
	case "drop-event":
		return blind{kept}, dropping{b}
	case "count-twice":
		return countingTwice{kept}, b
	case "answer-early":
		return answeringEarly{kept}, b
	}
	return kept, b
}

func onceIn(n int) bool { return rand.IntN(n) == 0 }

// dropping loses one event in ten between nodes.
type dropping struct{ closingBroker }

func (d dropping) Publish(ctx context.Context, district uuid.UUID, payload []byte) error {
	if district != uuid.Nil && onceIn(10) { // the beats go to no district
		return nil
	}
	return d.closingBroker.Publish(ctx, district, payload)
}

// blind does not reconcile: it finds nothing that anybody has missed.
type blind struct{ store }

func (blind) Heads(context.Context, uuid.UUID, []uuid.UUID) ([]hub.Head, error) { return nil, nil }
func (blind) Tails(context.Context, uuid.UUID, []uuid.UUID) ([]hub.Tail, error) { return nil, nil }

// countingTwice tells somebody of one unread message too many, now and then.
type countingTwice struct{ store }

func (c countingTwice) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	r, err := c.store.Post(ctx, p)
	if n := len(r.Audience); n > 0 && onceIn(20) {
		r.Audience[rand.IntN(n)].Unread++
	}
	return r, err
}

// answeringEarly answers before the commit, which one time in fifty does not
// come.
type answeringEarly struct{ store }

func (a answeringEarly) Post(ctx context.Context, p hub.Post) (hub.Receipt, error) {
	if !onceIn(50) {
		return a.store.Post(ctx, p)
	}
	c, err := a.Conversation(ctx, p.District, p.Conversation, p.Sender)
	if err != nil {
		return hub.Receipt{}, err
	}
	return hub.Receipt{Message: hub.Message{
		Conversation: p.Conversation, Seq: c.LastSeq + 1, Sender: p.Sender, SentAt: p.Now, Body: p.Body, Key: p.Key,
	}}, nil
}

// machine is the clock of this machine.
func (s sabotage) machine() time.Time { return time.Now().Add(s.ClockOffset) }

// followsNobody says that each node goes by the clock of its machine.
func (s sabotage) followsNobody() bool { return s.Sabotage == "trust-clock" }

// wrapMail breaks what mailproof must find.
func (s sabotage) wrapMail(o notify.Options) notify.Options {
	now, ahead := o.Now, s.MailAhead
	switch s.Sabotage {
	case "trust-timeouts":
		o.Mailer = trusting{o.Mailer}
	case "mail-early":
		ahead += haste
	}
	o.Now = func() time.Time { return now().Add(ahead) }
	o.Lease, o.FirstRetry = s.MailLease, s.MailRetry
	return o
}

// haste is how much too early mails are due: also those to who would have read
// in time.
const haste = 45 * time.Second

// trusting takes a call whose answer is lost for one that failed.
type trusting struct{ notify.Mailer }

func (t trusting) Send(ctx context.Context, l notify.Letter) (string, error) {
	name, err := t.Mailer.Send(ctx, l)
	var refused *notify.RefusedError
	var later *notify.LaterError
	if err == nil || errors.As(err, &refused) || errors.As(err, &later) {
		return name, err
	}
	return "", &notify.LaterError{Err: err}
}
