package socket_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/homeline/homeline/transport/schooltest"
	"github.com/homeline/homeline/transport/socket"
)

// Idlers are clients in a process of their own, so that what they need is not
// taken for what the server needs. The test binary is that process where these
// variables are set.
const (
	idlersURL    = "HOMELINE_TEST_IDLERS_URL"
	idlersTokens = "HOMELINE_TEST_IDLERS_TOKENS" // a file, one token a line for each connection
)

// idlers connects n browsers of a crowd, each subscribed to its person's inbox.
func (s *server) idlers(t testing.TB, n int) {
	t.Helper()
	const tabs = 50 // of one person
	tokens, err := os.Create(t.TempDir() + "/tokens")
	if err != nil {
		t.Fatal(err)
	}
	token := ""
	for i := range n {
		if i%tabs == 0 {
			token = s.Token(t, schooltest.Crowd(i/tabs))
		}
		if _, err := fmt.Fprintln(tokens, token); err != nil {
			t.Fatal(err)
		}
	}
	if err := tokens.Close(); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(self)
	process.Env = append(os.Environ(), idlersURL+"="+s.URL, idlersTokens+"="+tokens.Name())
	process.Stderr = os.Stderr
	stay, err := process.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stay.Close()
		if err := process.Wait(); err != nil {
			t.Errorf("the idlers: %v", err)
		}
	})
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the idlers said %q (%v)", line, err)
	}
}

// idle is the process of the idlers: it stays until its input ends.
func idle() {
	tokens, err := os.ReadFile(os.Getenv(idlersTokens))
	if err != nil {
		panic(err)
	}
	var readers, dialling sync.WaitGroup
	ctx, leave := context.WithCancel(context.Background())
	room := make(chan struct{}, 32)
	for token := range strings.FieldsSeq(string(tokens)) {
		room <- struct{}{}
		dialling.Go(func() {
			defer func() { <-room }()
			ws := dialIdly(ctx, os.Getenv(idlersURL), token)
			readers.Go(func() {
				for { // pings are answered while it reads
					if _, _, err := ws.Read(ctx); err != nil {
						return
					}
				}
			})
		})
	}
	dialling.Wait()
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	leave()
	readers.Wait()
}

func dialIdly(ctx context.Context, url, token string) *websocket.Conn {
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPHeader:   http.Header{"Origin": {url}, "Cookie": {cookieName + "=" + token}},
		Subprotocols: []string{socket.Subprotocol},
	})
	if err != nil {
		panic(err)
	}
	if err := ws.Write(ctx, websocket.MessageText, []byte(`{"id":1,"type":"subscribe","channel":"user"}`)); err != nil {
		panic(err)
	}
	for range 2 { // welcome and answer
		if _, _, err := ws.Read(ctx); err != nil {
			panic(err)
		}
	}
	return ws
}
