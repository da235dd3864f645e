package socket_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

// What was written offline is sent at once on the welcome, on however many
// connections: it takes a while, and all of it is stored.
func TestFourHundredSendsAtOnceAllArrive(t *testing.T) {
	for _, tabs := range []int{1, 4} {
		t.Run(fmt.Sprint(tabs, " connections"), func(t *testing.T) {
			inVirtualSchool(t, func(t *testing.T, v *virtual) {
				const all = 400
				began := time.Now()
				ended := make(chan error, tabs)
				for range tabs {
					ws := v.browser()
					go func() {
						for range all / tabs {
							send := fmt.Sprintf(`{"id":1,"type":"send","conversation":"%s","key":"%s","body":"Yes."}`, v.talk, uuid.New())
							_ = ws.Write(context.Background(), websocket.MessageText, []byte(send)) // what fails is not answered
						}
					}()
					go func() { ended <- answers(ws, all/tabs) }()
				}
				for range tabs {
					if err := <-ended; err != nil {
						t.Error(err)
					}
				}
				took := time.Since(began)
				if took < (all-100-1)*time.Second/20 {
					t.Errorf("within %v", took)
				}
				c, err := v.store.Conversation(t.Context(), v.actor.District, v.talk, v.actor.Person)
				if err != nil || c.LastSeq != all+1 {
					t.Errorf("%d are stored, %v", c.LastSeq-1, err)
				}
				t.Logf("%v of virtual time", took)
			})
		})
	}
}

// answers reads a welcome and so many answers, and then closes.
func answers(ws *websocket.Conn, n int) error {
	defer func() { _ = ws.CloseNow() }()
	for range n + 1 {
		_, raw, err := ws.Read(context.Background())
		if err != nil {
			return err
		}
		var frame struct{ Type string }
		if json.Unmarshal(raw, &frame) != nil || frame.Type != "answer" && frame.Type != "welcome" {
			return fmt.Errorf("received %s", raw)
		}
	}
	return nil
}

// Whoever sends without end is read no faster than anybody, and nobody else
// notices.
func TestAFloodIsReadNoFasterThanTheRate(t *testing.T) {
	for name, frame := range map[string][]byte{
		"requests":        maskedFrame(0x81, `{"id":1,"type":"ping"}`),
		"pings":           maskedFrame(0x89, "x"),
		"unasked pongs":   maskedFrame(0x8a, ""),
		"empty fragments": maskedFrame(0x00, ""),
	} {
		t.Run(name, func(t *testing.T) {
			inVirtualSchool(t, func(t *testing.T, v *virtual) {
				conn := v.raw()
				if frame[0] == 0 {
					if _, err := conn.Write(maskedFrame(0x01, " ")); err != nil {
						t.Fatal(err)
					}
				}
				taken := 0
				go func() {
					for ; ; taken++ {
						if _, err := conn.Write(frame); err != nil {
							return
						}
					}
				}()
				time.Sleep(10 * time.Second)
				synctest.Wait()
				if most := 100 + 10*20 + 90; taken > most || taken < 250 { // 90 fill the buffer
					t.Errorf("%d frames were read in 10 s", taken)
				}
				_ = conn.Close()
			})
		})
	}
}
