//go:build unix

package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func TestANodeWithoutDescriptorsSaysSoAndKeepsThePagesThatItHas(t *testing.T) {
	data := lincoln(t)
	c := program(context.Background(), "serve", "--listen", "127.0.0.1:0", "--drain-window", "0s", "--data", data)
	limited := exec.Command("/bin/sh", append([]string{"-c", `ulimit -n 100 && exec "$@"`, "sh"}, c.Args...)...)
	limited.Env = c.Env
	s := launchCommand(t, data, nil, limited).located()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	token := map[string]string{"ana": s.token("ana"), "rosa": s.token("rosa")}

	var pages []*websocket.Conn
	for refused := false; !refused; {
		if len(pages) > 100 {
			t.Fatal("more sockets than descriptors")
		}
		page, _, err := websocket.Dial(ctx, s.url+"/socket", &websocket.DialOptions{Subprotocols: []string{"homeline.v1"}})
		if refused = err != nil; refused {
			continue
		}
		defer page.CloseNow()
		who := []string{"ana", "rosa"}[len(pages)%2]
		s.send(ctx, page, `{"id":1,"type":"hello","token":"`+token[who]+`"}`)
		s.hear(ctx, page, `"type":"welcome"`)
		pages = append(pages, page)
	}
	t.Logf("%d sockets of 100 descriptors", len(pages))
	for range 100 { // each over a connection of its own
		if status, said := s.get("/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(said, "connections: no descriptor is left") {
			t.Fatalf("readiness: %d %s", status, said)
		}
	}
	if status, _ := s.get("/readyz?drain"); status != http.StatusNotFound {
		t.Errorf("a balancer would close the sockets: %d", status)
	}
	if status, _ := s.get("/healthz"); status != http.StatusOK {
		t.Errorf("alive: %d", status)
	}
	if status, _ := s.get("/sign-in"); status != http.StatusServiceUnavailable {
		t.Errorf("a page: %d", status)
	}
	for _, page := range pages {
		if !answers(ctx, page, patience) {
			t.Error("a page is not answered any more")
		}
	}
	for _, page := range pages[:10] {
		page.CloseNow()
	}
	s.becomes("/readyz", http.StatusOK, "ready")
	s.becomes("/sign-in", http.StatusOK)
	if n := strings.Count(s.output(), "no descriptor is left for connections"); n != 1 {
		t.Errorf("it was logged %d times:\n%s", n, s.output())
	}
	s.stop(os.Interrupt)
}
