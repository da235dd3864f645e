package socket

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/strict"
)

const (
	maxFrame      = 64 << 10         // of a client's frame, in bytes
	maxUnanswered = 32               // requests of a session; the next one is not read before
	maxPending    = 128 << 10        // bytes of them
	frameRate     = 20               // frames a second that a session may send
	frameBurst    = 100              // frames that it may send at once
	maxRefused    = 200              // frames beyond the rate, in a row, before it is closed
	heartbeat     = 25 * time.Second // between pings, and for the answer to one
	writePatience = 10 * time.Second // for one frame to leave
	closePatience = 5 * time.Second  // for the closing handshake
)

// connection is one socket. While nothing happens it is one goroutine that
// reads, and a timer.
type connection struct {
	server *Server
	ws     *websocket.Conn
	net    net.Conn
	client string // from where, see strangers
	beat   *time.Timer
	pinged atomic.Int64 // when it was asked for a sign of life that has not come, in ns; else 0

	session *live.Session // nil until it is known whose it is; then never changed

	mu       sync.Mutex
	changed  sync.Cond // closed, or less is pending
	closed   bool
	pending  []request // frames that are taken and not yet answered
	bytes    int       // of pending
	handling bool
	limiter  *rate.Limiter
	refused  int // in a row
}

// request is a frame of the client. One over the rate is refused unread.
type request struct {
	raw     []byte
	refused bool
}

func newConnection(s *Server, ws *websocket.Conn, conn net.Conn) *connection {
	c := &connection{server: s, ws: ws, net: conn, limiter: rate.NewLimiter(frameRate, frameBurst)}
	c.changed.L = &c.mu
	return c
}

// start runs f in a goroutine of the server's, or drops the connection.
func (c *connection) start(f func()) {
	if !c.server.goes(f) {
		_ = c.ws.CloseNow()
	}
}

// greet waits for a hello.
func (c *connection) greet() {
	if !c.server.stranger(c) {
		c.refuse(live.CloseStopping)
		return
	}
	defer c.server.known(c)
	late := time.AfterFunc(helloPatience, func() { c.Close(live.CloseSignedOut) })
	defer late.Stop()
	raw, err := c.read()
	if err != nil {
		c.fail(err)
		return
	}
	h, err := decodeHeader(raw)
	switch {
	case errors.Is(err, strict.ErrNotUTF8):
		c.refuse(closeNotUTF8)
		return
	case errors.Is(err, strict.ErrNotObject):
		c.refuse(live.CloseBadProtocol)
		return
	case err != nil:
		c.refuseWith(h.ID, wire.FromError(err), live.CloseBadProtocol)
		return
	}
	if h.Type != "hello" {
		c.refuseWith(h.ID, wire.Error{Code: wire.CodeUnauthenticated, Detail: "the first frame is a hello with a token"}, live.CloseSignedOut)
		return
	}
	who, err := c.server.authenticate(c.server.ctx, h.Token)
	switch {
	case errors.Is(err, errUnknown):
		c.refuseWith(h.ID, wire.Error{Code: wire.CodeUnauthenticated, Field: "token", Detail: err.Error()}, live.CloseSignedOut)
	case err != nil:
		c.server.log.Error("a sign-in could not be checked", "error", err)
		c.refuse(live.CloseBusy)
	default:
		late.Stop()
		c.welcome(who, h.ID)
	}
}

// welcome makes a session of the connection and reads it.
func (c *connection) welcome(who identity.Session, id json.RawMessage) {
	ctx, cancel := context.WithTimeout(c.server.ctx, requestPatience)
	defer cancel()
	name, known, err := c.server.names.Read(ctx, who.District, who.Person)
	if err == nil && !known {
		err = roster.ErrNoPerson
	}
	if err != nil {
		c.server.log.Error("a signed-in person could not be read", "error", err)
		c.refuse(live.CloseBusy)
		return
	}
	c.beat = time.AfterFunc(heartbeat, c.ping)
	session, refusal := c.server.node.Attach(ctx, live.Who{District: who.District, Person: who.Person, SignIn: who.ID}, c)
	if session == nil {
		c.refuse(refusal)
		return
	}
	c.session = session
	frame, err := json.Marshal(wire.Welcome{
		ID: id, Type: wire.TypeWelcome, Person: who.Person, District: who.District,
		Name: name, Heartbeat: int(heartbeat / time.Second), Epoch: session.Epoch(),
	})
	if err != nil {
		c.refuse(live.CloseBusy)
		return
	}
	session.Send(frame)
	c.start(c.serve)
}

// serve reads until the connection ends. What is read is handled elsewhere, so
// that the goroutine of an idle connection keeps a small stack.
func (c *connection) serve() {
	for {
		raw, err := c.read()
		if err != nil {
			c.fail(err)
			return
		}
		if !c.take(raw) {
			c.refuse(live.CloseBadProtocol)
			return
		}
	}
}

// closeNotUTF8 is RFC 6455's own.
var closeNotUTF8 = live.Close{Code: int(websocket.StatusInvalidFramePayloadData), Reason: "not valid UTF-8"}

var errBadFrame = errors.New("not a text frame, or too large")

// read is the next frame. Its context never ends, since ending it would cut the
// connection: whoever closes the connection ends it.
func (c *connection) read() ([]byte, error) {
	kind, r, err := c.ws.Reader(context.Background())
	if err != nil {
		return nil, err
	}
	if kind != websocket.MessageText {
		return nil, errBadFrame
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxFrame+1))
	if err == nil && len(raw) > maxFrame {
		err = errBadFrame
	}
	return raw, err
}

// fail ends a connection that cannot be read any more.
func (c *connection) fail(err error) {
	if errors.Is(err, errBadFrame) {
		c.refuse(live.CloseBadProtocol)
		return
	}
	c.refuse(live.CloseGone)
}

// refuse ends the connection, with its session where there is one.
func (c *connection) refuse(reason live.Close) {
	if c.session != nil {
		c.session.End(reason)
		return
	}
	c.Close(reason)
}

func (c *connection) refuseWith(id json.RawMessage, e wire.Error, end live.Close) {
	if frame, err := encodeError(id, e); err == nil {
		_ = c.Write(frame) // it is closed in any case
	}
	c.refuse(end)
}

// Write writes a frame. The deadline is the connection's own: that of a context
// would cost a timer and a goroutine for each frame.
func (c *connection) Write(frame []byte) error {
	if err := c.net.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	if err := c.ws.Write(context.Background(), websocket.MessageText, frame); err != nil {
		return err
	}
	return c.net.SetWriteDeadline(time.Time{})
}

// Close closes in a goroutine of its own: a silent peer takes a while.
func (c *connection) Close(reason live.Close) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.closed = true
	c.pending, c.bytes = nil, 0
	c.changed.Broadcast()
	c.mu.Unlock()
	if c.beat != nil {
		c.beat.Stop()
	}
	if reason == live.CloseGone || !c.server.goes(func() { c.shake(reason) }) {
		_ = c.ws.CloseNow()
	}
}

// shake tells the peer how it ends, and takes its silence for an answer after a
// while.
func (c *connection) shake(reason live.Close) {
	defer func() { _ = c.ws.CloseNow() }()
	if c.net.SetDeadline(time.Now().Add(closePatience)) == nil {
		_ = c.ws.Close(websocket.StatusCode(reason.Code), reason.Reason)
	}
}

// ping asks the peer for a sign of life. Where it gives none for a heartbeat,
// the connection is cut, and whoever reads it hears of that.
func (c *connection) ping() {
	c.server.goes(func() {
		ctx, cancel := context.WithTimeout(context.Background(), heartbeat)
		defer cancel()
		c.pinged.Store(time.Now().UnixNano())
		if c.ws.Ping(ctx) != nil {
			_ = c.ws.CloseNow()
			return
		}
		c.pinged.Store(0)
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.closed {
			c.beat.Reset(heartbeat)
		}
	})
}

// Ping implements live.Conn: the next ping of the heartbeat is sent now.
func (c *connection) Ping() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed && c.beat.Stop() {
		c.beat.Reset(0)
	}
}

// Unanswered implements live.Conn.
func (c *connection) Unanswered() time.Duration {
	pinged := c.pinged.Load()
	if pinged == 0 {
		return 0
	}
	return time.Since(time.Unix(0, pinged))
}
