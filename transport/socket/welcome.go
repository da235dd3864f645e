package socket

import (
	"context"
	"encoding/json"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
)

var limits = wire.Limits{
	Frame: operation.MaxRequest, Answer: wire.MaxAnswer, Rate: frameRate, Burst: frameBurst,
	Unanswered: maxUnanswered, Subscriptions: live.MaxConversations,
}

// welcome makes a session of the connection and reads it. What came in the hello
// is h.
func (c *connection) welcome(who identity.Session, h header) {
	ctx, cancel := context.WithTimeout(c.server.ctx, requestPatience)
	defer cancel()
	me, known, err := c.server.people.Read(ctx, who.District, who.Person)
	if err == nil && !known {
		err = roster.ErrNoPerson
	}
	if err != nil {
		c.server.log.Error("a signed-in person could not be read", "error", err)
		c.refuse(live.CloseBusy)
		return
	}
	c.pulse.start(c.ping)
	session, refusal := c.server.node.Attach(ctx, live.Who{District: who.District, Person: who.Person, SignIn: who.ID}, c)
	if session == nil {
		c.refuse(refusal)
		return
	}
	c.session = session
	if err := c.greeted(ctx, who, me, h); err != nil {
		c.server.log.Error("a welcome could not be sent", "error", err)
		c.refuse(live.CloseBusy)
		return
	}
	c.server.districts.add(c, me.messaging)
	c.lasts(who)
	c.start(c.serve)
}

// greeted sends the welcome, and subscribes to the inbox if that was asked for.
func (c *connection) greeted(ctx context.Context, who identity.Session, me person, h header) error {
	w := wire.Welcome{
		ID: h.ID, Type: wire.TypeWelcome, Person: who.Person, District: who.District, Name: me.name,
		Messaging: me.messaging, Heartbeat: int(heartbeat / time.Second), Limits: limits,
	}
	if !who.ExpiresAt.IsZero() {
		w.ExpiresAt = (*wire.Time)(&who.ExpiresAt)
	}
	encode := func() ([]byte, error) {
		w.Epoch, w.Time = c.session.Epoch(), wire.Time(time.Now())
		return json.Marshal(w)
	}
	if len(h.Subscribe) > 0 {
		return c.session.OpenInbox(ctx, func(head hub.Head) ([]byte, error) {
			w.Inbox = &wire.InboxState{Version: head.Version, Unread: head.Unread}
			return encode()
		})
	}
	frame, err := encode()
	if err != nil {
		return err
	}
	c.session.Send(frame)
	return nil
}
