package socket

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/strict"
)

const (
	maxHello      = 8 << 10          // bytes of the first frame, from a client that has not said who it is
	maxDiscarded  = 16 << 20         // bytes of a frame that is too large and thrown away
	maxUnanswered = 32               // requests of a session; the next one is not read before
	maxPending    = 128 << 10        // bytes of them
	frameRate     = 20               // frames a second that are read of a client
	frameBurst    = 100              // frames that are read of it at once
	fragment      = 4 << 10          // bytes of a frame that leave in one piece, with pings in between
	writePatience = 90 * time.Second // for one piece to leave: a client takes first what its kernel holds
	closePatience = 5 * time.Second  // for the closing handshake
)

// connection is one socket. While nothing happens it is one goroutine that
// reads, and a timer.
type connection struct {
	server *Server
	ws     *websocket.Conn
	line   *line
	client string // from where, see strangers
	pulse  pulse
	life   life

	session *live.Session // nil until it is known whose it is; then never changed

	mu       sync.Mutex
	changed  sync.Cond // closed, or less is pending
	closed   bool
	pending  []request // frames that are taken and not yet answered
	bytes    int       // of pending
	handling bool

	messaging bool // what the client was told of it; guarded by the server's districts
}

// request is a frame of the client; without bytes it was too large.
type request struct{ raw []byte }

func newConnection(s *Server, ws *websocket.Conn, l *line) *connection {
	c := &connection{server: s, ws: ws, line: l}
	c.changed.L = &c.mu
	return c
}

// start runs f in a goroutine of the server's, or ends the connection. One that is
// being told already why it ends is left to that.
func (c *connection) start(f func()) {
	if !c.server.goes(f) {
		c.refuse(live.CloseStopping)
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
	raw, err := c.read(maxHello)
	if errors.Is(err, errTooLarge) {
		c.refuseWith(nil, wire.FromError(operation.TooLarge(maxHello)), live.CloseBadProtocol)
		return
	}
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
	case errors.Is(err, identity.ErrExpired):
		c.refuseWith(h.ID, wire.FromError(errExpired), live.CloseExpired)
	case errors.Is(err, identity.ErrNoSession):
		c.refuseWith(h.ID, wire.FromError(errUnknown), live.CloseSignedOut)
	case err != nil:
		c.server.log.Error("a sign-in could not be checked", "error", err)
		c.refuse(live.CloseBusy)
	default:
		late.Stop()
		c.welcome(who, h)
	}
}

// serve reads until the connection ends. What is read is handled elsewhere, so
// that the goroutine of an idle connection keeps a small stack.
func (c *connection) serve() {
	for {
		raw, err := c.read(operation.MaxRequest)
		if errors.Is(err, errTooLarge) {
			raw, err = nil, nil
		}
		if err != nil {
			c.fail(err)
			return
		}
		c.take(raw)
	}
}

// closeNotUTF8 is RFC 6455's own.
var closeNotUTF8 = live.Close{Code: int(websocket.StatusInvalidFramePayloadData), Reason: "not valid UTF-8"}

var (
	errBadFrame = errors.New("not a text frame, or far too large")
	errTooLarge = errors.New("too large a frame")
)

// read returns the next frame. One that is too large is thrown away, and the next
// can be read. Its context never ends, since ending it would cut the connection:
// what closes the connection ends it.
func (c *connection) read(most int64) ([]byte, error) {
	kind, r, err := c.ws.Reader(context.Background())
	if err != nil {
		return nil, err
	}
	if kind != websocket.MessageText {
		return nil, errBadFrame
	}
	raw, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil || int64(len(raw)) <= most {
		return raw, err
	}
	switch n, err := io.Copy(io.Discard, io.LimitReader(r, maxDiscarded)); {
	case err != nil:
		return nil, err
	case n == maxDiscarded:
		return nil, errBadFrame
	}
	return nil, errTooLarge
}

// fail ends a connection that cannot be read any more.
func (c *connection) fail(err error) {
	switch {
	case errors.Is(err, errBadFrame):
		c.refuse(live.CloseBadProtocol)
	case errors.Is(err, errReason):
		c.refuse(closeNotUTF8)
	default:
		c.refuse(live.CloseGone)
	}
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

// Write writes a frame, a long one in fragments: what else is to leave, a ping or
// the answer to one, need not wait for all of it.
func (c *connection) Write(frame []byte) error {
	if len(frame) <= fragment {
		return c.ws.Write(context.Background(), websocket.MessageText, frame)
	}
	w, err := c.ws.Writer(context.Background(), websocket.MessageText)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(frame, fragment) {
		if _, err := w.Write(some); err != nil {
			return err
		}
	}
	return w.Close()
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
	c.pulse.stop()
	if reason == live.CloseSignedOut && c.life.over() {
		reason = live.CloseExpired // whatever found it first
	}
	c.life.stop()
	c.server.districts.remove(c)
	c.line.finish()
	if reason == live.CloseGone || !c.server.goes(func() { c.shake(reason) }) {
		_ = c.ws.CloseNow()
	}
}

// shake tells the peer how it ends, and takes its silence for an answer after a
// while.
func (c *connection) shake(reason live.Close) {
	defer func() { _ = c.ws.CloseNow() }()
	if c.line.SetDeadline(time.Now().Add(closePatience)) == nil {
		_ = c.ws.Close(websocket.StatusCode(reason.Code), reason.Reason)
	}
}
