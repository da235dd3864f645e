package simulation_test

import (
	"context"
	"net/http"
	"sync"

	"github.com/coder/websocket"

	"github.com/homeline/homeline/transport/socket"
)

// webSocket is the browser's: it opens by itself, sends without waiting, and
// tells of frames and of its end.
type webSocket struct {
	out       chan []byte
	onMessage func(data []byte)
	onClose   func(code int)
	awake     func() <-chan struct{} // closed while the machine is awake
	stop      context.CancelFunc

	mu   sync.Mutex
	link *link // nil until there is one
}

// waitingFrames is how much a page may have sent before the connection takes it.
const waitingFrames = 100

// openSocket opens one to a node.
func (w *world) openSocket(name, token string, ws *webSocket) {
	ctx, stop := context.WithCancel(context.Background())
	ws.out, ws.stop = make(chan []byte, waitingFrames), stop
	dialled := context.WithValue(ctx, linkKey{}, func(l *link) {
		ws.mu.Lock()
		defer ws.mu.Unlock()
		ws.link = l
	})
	go func() {
		conn, _, err := websocket.Dial(dialled, "http://"+name+"/socket", &websocket.DialOptions{
			HTTPClient: w.http, Subprotocols: []string{socket.Subprotocol},
			HTTPHeader: http.Header{"Origin": {publicURL}, "Cookie": {cookieName + "=" + token}},
			OnPingReceived: func(context.Context, []byte) bool {
				select { // who sleeps answers when they wake
				case <-ws.awake():
				case <-ctx.Done():
				}
				return true
			},
		})
		if err != nil {
			ws.close()
			ws.onClose(1006)
			return
		}
		go ws.write(ctx, conn)
		ws.read(conn)
	}()
}

func (ws *webSocket) read(conn *websocket.Conn) {
	defer ws.close()
	for {
		_, data, err := conn.Read(context.Background())
		if err != nil {
			_ = conn.CloseNow()
			code := int(websocket.CloseStatus(err))
			if code < 0 {
				code = 1006
			}
			ws.onClose(code)
			return
		}
		ws.onMessage(data)
	}
}

func (ws *webSocket) write(ctx context.Context, conn *websocket.Conn) {
	for {
		select {
		case data := <-ws.out:
			if conn.Write(context.Background(), websocket.MessageText, data) != nil {
				return
			}
		case <-ctx.Done():
			_ = conn.CloseNow()
			return
		}
	}
}

func (ws *webSocket) send(data []byte) {
	select {
	case ws.out <- data:
	default: // it is stuck, and will be found dead
	}
}

// close drops the connection, whose other side notices.
func (ws *webSocket) close() {
	ws.stop()
	if l := ws.wire(); l != nil {
		l.cut()
	}
}

func (ws *webSocket) wire() *link {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	return ws.link
}
