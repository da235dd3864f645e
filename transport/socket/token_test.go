package socket_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/schooltest"
)

// with says hello with a token and returns the connection and the welcome.
func (v *virtual) with(token string, fields object) (*websocket.Conn, object) {
	v.t.Helper()
	ws := v.stranger()
	hello := object{"id": 0, "type": "hello", "token": token}
	for name, value := range fields {
		hello[name] = value
	}
	return ws, v.ask(ws, hello)
}

// ask sends a request and returns the next frame.
func (v *virtual) ask(ws *websocket.Conn, request object) (frame object) {
	v.t.Helper()
	raw, err := json.Marshal(request)
	v.must(err)
	v.must(ws.Write(context.Background(), websocket.MessageText, raw))
	return v.next(ws)
}

func (v *virtual) next(ws *websocket.Conn) (frame object) {
	v.t.Helper()
	_, raw, err := ws.Read(context.Background())
	v.must(err)
	v.must(json.Unmarshal(raw, &frame))
	return frame
}

func TestATokenThatExpiresEndsTheConnectionThenAlsoIfItIsIdle(t *testing.T) {
	inVirtualSchool(t, func(t *testing.T, v *virtual) {
		expires := time.Now().Add(40 * time.Second)
		v.signIn("short", v.actor, expires)
		ws, welcome := v.with("short", nil)
		if at, err := time.Parse(time.RFC3339, welcome["expires_at"].(string)); err != nil || !at.Equal(expires) {
			t.Errorf("the welcome says %v, want %v", welcome["expires_at"], expires)
		}
		if now, err := time.Parse(time.RFC3339, welcome["time"].(string)); err != nil || !now.Equal(time.Now()) {
			t.Errorf("the welcome says that it is %v", welcome["time"])
		}
		if err := <-listen(ws); websocket.CloseStatus(err) != 4100 {
			t.Errorf("ended with %v", err)
		}
		if !time.Now().Equal(expires) {
			t.Errorf("ended %v after the token", time.Since(expires))
		}
		again, refusal := v.with("short", nil)
		if err := <-listen(again); websocket.CloseStatus(err) != 4100 || refusal["code"] != "token_expired" {
			t.Errorf("with the expired token: %v, %v", refusal, err)
		}
		unknown, refusal := v.with("unknown", nil)
		if err := <-listen(unknown); websocket.CloseStatus(err) != 4501 || refusal["code"] != "unauthenticated" {
			t.Errorf("with one that never was: %v, %v", refusal, err)
		}
	})
}

func TestANewTokenOfTheSamePersonKeepsTheConnection(t *testing.T) {
	inVirtualSchool(t, func(t *testing.T, v *virtual) {
		v.signIn("short", v.actor, time.Now().Add(time.Minute))
		v.signIn("next", v.actor, time.Now().Add(time.Hour))
		v.signIn("old", v.actor, time.Now())
		ws, _ := v.with("short", nil)
		for token, code := range map[string]string{"ana": "not_allowed", "unknown": "unauthenticated", "old": "token_expired", "": "required"} {
			if got := v.ask(ws, object{"id": 1, "type": "token", "token": token}); got["code"] != code || got["field"] != "token" {
				t.Errorf("with the token %q: %v", token, got)
			}
		}
		time.Sleep(20 * time.Second) // before the first ping, which nobody reads
		if got := v.ask(ws, object{"id": 2, "type": "token", "token": "next"}); got["type"] != "answer" || got["expires_at"] == nil {
			t.Errorf("with the next token: %v", got)
		}
		ended := listen(ws)
		time.Sleep(59 * time.Minute)
		if n := v.node.Sessions(); n != 1 {
			t.Errorf("%d sessions after the first token has expired", n)
		}
		if err := <-ended; websocket.CloseStatus(err) != 4100 {
			t.Errorf("ended with %v", err)
		}
	})
}

// After a renewal the connection is that of the new sign-in: the end of the old
// one does not end it, the end of the new one does.
func TestARenewedConnectionEndsWithItsNewSignIn(t *testing.T) {
	inVirtualSchool(t, func(t *testing.T, v *virtual) {
		v.signIn("next", v.actor, time.Time{})
		ws, _ := v.with("leo", nil)
		if got := v.ask(ws, object{"id": 1, "type": "token", "token": "next"}); got["type"] != "answer" || got["expires_at"] != nil {
			t.Errorf("with a token that lasts: %v", got)
		}
		ended := listen(ws)
		out := func(signIn string) {
			v.node.Publish(t.Context(), hub.Event{District: v.actor.District, Out: &hub.Out{
				People: []uuid.UUID{v.actor.Person}, Session: signIn, Why: hub.OutSignedOut,
			}})
			time.Sleep(time.Second)
		}
		out("leo")
		if n := v.node.Sessions(); n != 1 {
			t.Errorf("%d sessions after the old sign-in has ended", n)
		}
		out("next")
		if err := <-ended; websocket.CloseStatus(err) != 4501 {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestASessionThatWasExtendedMeanwhileGoesOn(t *testing.T) {
	inVirtualSchool(t, func(t *testing.T, v *virtual) {
		sliding := func(until time.Time) {
			v.mu.Lock()
			defer v.mu.Unlock()
			s := v.sessions["leo"]
			s.Address, s.ExpiresAt = "leo@example.org", until
			v.sessions["leo"] = s
		}
		sliding(time.Now().Add(time.Hour))
		ended := listen(v.browser())
		time.Sleep(30 * time.Minute)
		until := time.Now().Add(2 * time.Hour)
		sliding(until)
		if err := <-ended; websocket.CloseStatus(err) != 4100 || !time.Now().Equal(until) {
			t.Errorf("ended %v after it with %v", time.Since(until), err)
		}
		synctest.Wait()
	})
}

func TestAHelloSubscribesToTheInboxInOneRoundTrip(t *testing.T) {
	inVirtualSchool(t, func(t *testing.T, v *virtual) {
		ws, welcome := v.with("leo", object{"subscribe": []string{"user"}})
		if inbox, _ := welcome["inbox"].(object); inbox["unread"] != 1.0 || inbox["version"] != 1.0 || welcome["messaging"] != true {
			t.Errorf("%v", welcome)
		}
		_, err := v.hub.Reply(t.Context(), v.teacher, v.talk, uuid.New(), "And bring it.")
		v.must(err)
		if event := v.next(ws); event["type"] != "inbox" || event["unread"] != 2.0 {
			t.Errorf("%v", event)
		}
		_ = ws.CloseNow()
		ws, refusal := v.with("leo", object{"subscribe": []string{"user", "conversation:" + v.talk.String()}})
		if err := <-listen(ws); refusal["field"] != "subscribe" || websocket.CloseStatus(err) != 4500 {
			t.Errorf("%v, %v", refusal, err)
		}
	})
}

func TestSwitchingMessagingOffAndOnIsToldToWhoIsConnected(t *testing.T) {
	inVirtualSchool(t, func(t *testing.T, v *virtual) {
		ws, _ := v.with("leo", nil)
		for _, on := range []bool{false, true, false} {
			d, err := v.store.District(t.Context(), v.actor.District)
			v.must(err)
			d.Enabled = on
			v.must(v.store.SaveDistrict(t.Context(), d))
			began := time.Now()
			if event := v.next(ws); event["type"] != "messaging" || event["messaging"] != on || time.Since(began) > 5*time.Second {
				t.Errorf("%v after %v", event, time.Since(began))
			}
		}
		late, welcome := v.with("leo", nil)
		if welcome["messaging"] != false {
			t.Errorf("%v", welcome)
		}
		_, _ = late.CloseNow(), ws.CloseNow()
	})
}

func TestTheWelcomeSaysWhichLimitsHold(t *testing.T) {
	s := serve(t)
	c := s.dial(t, nil)
	c.send(object{"id": 0, "type": "hello", "token": s.Token(t, schooltest.Rosa)})
	limits, _ := c.receive()["limits"].(object)
	for name, want := range map[string]float64{"frame": 262_144, "answer": 64_000, "rate": 20, "burst": 100, "unanswered": 32, "subscriptions": 32} {
		if limits[name] != want {
			t.Errorf("%s is %v, want %v", name, limits[name], want)
		}
	}
}
