package socket_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

// thread is a connection over which bytes come at so many a second.
type thread struct {
	net.Conn
	rate int
}

func (c thread) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p[:min(len(p), c.rate/4)])
	time.Sleep(time.Duration(n) * time.Second / time.Duration(c.rate))
	return n, err
}

// over makes what is dialled come slowly.
func (v *virtual) over(rate int) dialler {
	d := v.dialler
	d.transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := v.listener.DialContext(ctx, network, address)
		return thread{conn, rate}, err
	}}
	return d
}

func TestAClientThatIsReceivingIsNotCutHoweverSlowlyItReceives(t *testing.T) {
	for _, rate := range []int{2500, 4000, 9000} {
		t.Run(fmt.Sprint(rate, " bytes a second"), func(t *testing.T) {
			inVirtualSchool(t, func(t *testing.T, v *virtual) {
				for range 60 {
					_, err := v.hub.Reply(t.Context(), v.teacher, v.talk, uuid.New(), strings.Repeat("long ", 1000))
					v.must(err)
				}
				ws := v.over(rate).browser()
				ws.SetReadLimit(-1)
				began := time.Now()
				const pages = 8
				go func() {
					for range pages { // all at once, so that there is always something on its way
						ask := fmt.Sprintf(`{"id":1,"type":"messages","conversation":"%s","after":0,"limit":200}`, v.talk)
						_ = ws.Write(context.Background(), websocket.MessageText, []byte(ask)) // what fails is not answered
					}
				}()
				if err := answers(ws, pages); err != nil {
					t.Errorf("after %v: %v", time.Since(began), err)
				}
				t.Logf("%v of virtual time", time.Since(began))
			})
		})
	}
}

func TestAClientThatAnswersNoPingButSendsSomethingIsAlive(t *testing.T) {
	inVirtualSchool(t, func(t *testing.T, v *virtual) {
		conn := v.raw()
		for range 20 {
			time.Sleep(20 * time.Second)
			if _, err := conn.Write(maskedFrame(0x8a, "no ping has this")); err != nil {
				t.Fatal(err)
			}
		}
		if n := v.node.Sessions(); n != 1 {
			t.Errorf("%d sessions", n)
		}
		time.Sleep(76 * time.Second)
		if n := v.node.Sessions(); n != 0 {
			t.Errorf("%d sessions once it is silent", n)
		}
		_ = conn.Close()
	})
}
