package page

import (
	"context"
	"sync"

	"github.com/coder/websocket"
)

// dialer opens a WebSocket to the installation.
type dialer func(context.Context) (*websocket.Conn, error)

const (
	maxFrame  = 1 << 20 // of the server
	maxUnsent = 256     // frames that wait to leave
)

// socket is a browser's WebSocket: what is sent waits, what comes is told in the
// page's turn.
type socket struct {
	turn    *turn
	dial    dialer
	opened  func()
	message func([]byte)
	closed  func(code int, why error)

	ctx    context.Context // ends the dialling, and the writing
	cancel context.CancelFunc
	out    chan []byte

	mu    sync.Mutex
	conn  *websocket.Conn
	leave bool
}

// sockets are all that are open, so that their end can be waited for.
var sockets sync.WaitGroup

// Wait returns when nothing of any page runs any more; all are closed by then.
func Wait() { sockets.Wait() }

func openSocket(t *turn, d dialer) *socket {
	ctx, cancel := context.WithCancel(context.Background())
	return &socket{turn: t, dial: d, ctx: ctx, cancel: cancel, out: make(chan []byte, maxUnsent)}
}

func (s *socket) begin() { sockets.Go(s.run) }

func (s *socket) run() {
	defer s.cancel()
	conn, err := s.dial(s.ctx)
	if err != nil {
		s.turn.do(func() { s.closed(0, err) })
		return
	}
	defer conn.CloseNow()
	if !s.keep(conn) {
		return
	}
	conn.SetReadLimit(maxFrame)
	sockets.Go(func() { s.write(conn) })
	s.turn.do(s.opened)
	for {
		_, raw, err := conn.Read(context.Background())
		if err != nil {
			s.turn.do(func() { s.closed(max(0, int(websocket.CloseStatus(err))), err) })
			return
		}
		s.turn.do(func() { s.message(raw) })
	}
}

// keep says false where the page has closed the socket meanwhile.
func (s *socket) keep(conn *websocket.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = conn
	return !s.leave
}

func (s *socket) write(conn *websocket.Conn) {
	for {
		select {
		case <-s.ctx.Done():
			return
		case raw := <-s.out:
			if err := conn.Write(context.Background(), websocket.MessageText, raw); err != nil {
				conn.CloseNow() // the reader tells
				return
			}
		}
	}
}

func (s *socket) send(raw []byte) {
	select {
	case s.out <- raw:
	default: // as a connection that has been dead for long
		s.close()
	}
}

// close leaves as a browser does: with a word, and without waiting for the answer.
func (s *socket) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leave {
		return
	}
	s.leave = true
	if s.conn == nil {
		s.cancel()
		return
	}
	sockets.Go(func() {
		_ = s.conn.Close(websocket.StatusGoingAway, "")
		s.conn.CloseNow()
	})
}
