package socket_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/schooltest"
	"github.com/homeline/homeline/transport/socket"
)

func TestMain(m *testing.M) {
	if os.Getenv(idlersURL) != "" {
		idle()
		return
	}
	goleak.VerifyTestMain(m)
}

const cookieName = "homeline"

// patience bounds what must happen; nothing is expected to take that long.
const patience = 20 * time.Second

// server is a school behind a real listener.
type server struct {
	*schooltest.School
	URL string
}

func serve(t testing.TB) *server {
	t.Helper()
	return serveCrowd(t, 0)
}

func serveCrowd(t testing.TB, crowd int) *server {
	t.Helper()
	school := schooltest.Open(t, crowd)
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	operations := operation.New(school.Hub, operation.PartWords(catalogue, school.Store, school.Store))
	s, _ := serveOn(t, school, operations, slog.New(slog.DiscardHandler))
	return s
}

// serveOn serves a school until the test ends, or until stop.
func serveOn(t testing.TB, school *schooltest.School, operations *operation.Operations, log *slog.Logger) (served *server, stop func()) {
	t.Helper()
	s := socket.New(school.Node, operations, school.Identity, school.Store, socket.Options{
		Cookie: func(*http.Request) string { return cookieName }, Log: log,
	})
	listener := httptest.NewServer(s)
	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := school.Node.Drain(ctx, 0); err != nil {
			t.Error(err)
		}
		listener.Close()
		s.Close()
	})
	t.Cleanup(stop)
	return &server{school, listener.URL}, stop
}

// client is a WebSocket client that knows nothing of the server's code.
type client struct {
	t  testing.TB
	ws *websocket.Conn
}

type object = map[string]any

func (s *server) dial(t testing.TB, header http.Header) *client {
	t.Helper()
	c, response, err := s.tryDial(t, header)
	if err != nil {
		t.Fatalf("dial: %v (%v)", err, response)
	}
	return c
}

func (s *server) tryDial(t testing.TB, header http.Header) (*client, *http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ws, response, err := websocket.Dial(ctx, strings.Replace(s.URL, "http", "ws", 1)+"/socket", &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: []string{socket.Subprotocol},
	})
	if err != nil {
		return nil, response, err
	}
	ws.SetReadLimit(4 << 20)
	t.Cleanup(func() { _ = ws.CloseNow() })
	return &client{t, ws}, response, nil
}

// signIn is a client that has said hello and was welcomed.
func (s *server) signIn(t testing.TB, name string) *client {
	t.Helper()
	c := s.dial(t, nil)
	c.send(object{"id": 0, "type": "hello", "token": s.Token(t, name)})
	if welcome := c.receive(); welcome["type"] != "welcome" || welcome["person"] != s.ID(name).String() {
		t.Fatalf("instead of a welcome: %v", welcome)
	}
	return c
}

func (c *client) send(frame any) {
	c.t.Helper()
	raw, err := json.Marshal(frame)
	if err != nil {
		c.t.Fatal(err)
	}
	c.sendRaw(websocket.MessageText, raw)
}

func (c *client) sendRaw(kind websocket.MessageType, raw []byte) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.ws.Write(ctx, kind, raw); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

func (c *client) receive() object {
	c.t.Helper()
	frame, err := c.tryReceive()
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return frame
}

func (c *client) tryReceive() (object, error) {
	raw, err := c.receiveRaw()
	if err != nil {
		return nil, err
	}
	var frame object
	err = json.Unmarshal(raw, &frame)
	return frame, err
}

func (c *client) receiveRaw() ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, raw, err := c.ws.Read(ctx)
	return raw, err
}

// ask sends a request and returns its answer; events before it are dropped.
func (c *client) ask(request object) object {
	c.t.Helper()
	c.send(request)
	for {
		frame := c.receive()
		if id, ok := frame["id"]; ok && id == request["id"] {
			return frame
		}
	}
}

// event is the next frame of a type.
func (c *client) event(kind string) object {
	c.t.Helper()
	for {
		if frame := c.receive(); frame["type"] == kind {
			return frame
		}
	}
}

// closed is the code with which the server closes.
func (c *client) closed() int {
	c.t.Helper()
	for {
		if _, err := c.tryReceive(); err != nil {
			return int(websocket.CloseStatus(err))
		}
	}
}

// nothingMore says hello to the server and reports what comes before its answer.
func (c *client) nothingMore() {
	c.t.Helper()
	c.send(object{"id": "nothing more", "type": "ping"})
	if frame := c.receive(); frame["id"] != "nothing more" {
		c.t.Errorf("received %v", frame)
	}
}

// newNode is a node that does not run.
func newNode() *live.Node { return live.New(broker.NewInProcess(), nil, nil, live.Options{}) }
