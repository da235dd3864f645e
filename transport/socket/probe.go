package socket

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/homeline/homeline/hub/live"
)

// ProbeSubprotocol is offered by who wants to know whether what stands before
// the server passes sockets on and leaves idle ones open.
const ProbeSubprotocol = "homeline.probe"

// probeSilence is how long a probed connection stays silent before the server
// closes it: longer than a heartbeat, which is the longest silence of others.
const probeSilence = heartbeat + 10*time.Second

// closeProbed ends a probe that has lasted.
var closeProbed = live.Close{Code: int(websocket.StatusNormalClosure), Reason: "still open"}

// probe keeps a connection silent. It counts among those that have not said who
// they are, which bounds how many there can be.
func (s *Server) probe(w http.ResponseWriter, r *http.Request) {
	c, err := s.accept(w, r, ProbeSubprotocol)
	if err != nil {
		return // it has been answered
	}
	c.start(func() {
		if !s.stranger(c) {
			c.refuse(live.CloseStopping)
			return
		}
		defer s.known(c)
		over := time.AfterFunc(probeSilence, func() { c.Close(closeProbed) })
		defer over.Stop()
		_, err := c.read(maxHello)
		c.fail(err)
	})
}

// The ways in which what stands before a server is wrong.
var (
	ErrNoUpgrade = errors.New("sockets are not passed on")
	ErrIdleCut   = errors.New("an idle socket is cut")
)

// Probe asks a server, at a URL as https://homeline.example/socket, whether
// sockets reach it and may be idle. It takes half a minute; with idle false it
// only looks whether one opens.
func Probe(ctx context.Context, client *http.Client, url string, idle bool) error {
	ws, response, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient: client, Subprotocols: []string{ProbeSubprotocol},
	})
	if err != nil {
		if response != nil {
			return fmt.Errorf("%w: the answer to an upgrade was %s", ErrNoUpgrade, response.Status)
		}
		return err
	}
	defer func() { _ = ws.CloseNow() }()
	if !idle {
		return nil
	}
	began := time.Now()
	_, _, err = ws.Read(ctx)
	if websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		return fmt.Errorf("%w after %s: %w", ErrIdleCut, time.Since(began).Round(time.Second), err)
	}
	return nil
}
