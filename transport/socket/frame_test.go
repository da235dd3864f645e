package socket_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

func TestWhatIsRefusedDoesNotCloseTheConnection(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.").String()
	c := s.signIn(t, schooltest.Rosa)
	long := strings.Repeat("x", 65)
	for _, r := range []struct{ frame, id, code, field string }{
		{`{"id":1,"type":"wave"}`, "1", "unknown_type", "type"},
		{`{"id":1,"type":"hello","token":"x"}`, "1", "unknown_type", "type"},
		{`{"type":"ping"}`, "<nil>", "bad_request", "id"},
		{`{"id":null,"type":"ping"}`, "<nil>", "bad_request", "id"},
		{`{"id":{"a":1},"type":"ping"}`, "<nil>", "bad_request", "id"},
		{`{"id":"` + long + `","type":"ping"}`, "<nil>", "bad_request", "id"},
		{`{"id":"a"}`, "a", "bad_request", "type"},
		{`{"id":"a","type":7}`, "a", "bad_request", "type"},
		{`{}`, "<nil>", "bad_request", "id"},
		{`{"id":2,"type":"subscribe"}`, "2", "required", "channel"},
		{`{"id":2,"type":"subscribe","channel":"everything"}`, "2", "invalid", "channel"},
		{`{"id":2,"type":"subscribe","channel":"conversation:1"}`, "2", "invalid", "channel"},
		{`{"id":2,"type":"subscribe","channel":"conversation:` + uuid.Nil.String() + `"}`, "2", "invalid", "channel"},
		{`{"id":2,"type":"subscribe","channel":7}`, "2", "invalid", "channel"},
		{`{"id":2,"type":"subscribe","channel":"conversation:` + talk + `","after":-1}`, "2", "invalid", "after"},
		{`{"id":2,"type":"subscribe","channel":"conversation:` + talk + `","after":"1"}`, "2", "invalid", "after"},
		{`{"id":2,"type":"unsubscribe","channel":"x"}`, "2", "invalid", "channel"},
		{`{"id":3,"type":"send","conversation":"` + talk + `","key":"1","body":"x"}`, "3", "invalid", "key"},
		{`{"id":3,"type":"send","conversation":"` + talk + `","body":"x"}`, "3", "required", "key"},
		{`{"id":3,"type":"send","conversation":"` + talk + `","key":"` + uuid.NewString() + `"}`, "3", "required", "body"},
		{`{"id":3,"type":"send","conversation":["` + talk + `"]}`, "3", "invalid", "conversation"},
		{`{"id":3,"type":"read","conversation":"` + talk + `","up_to":-1}`, "3", "invalid", "up_to"},
		{`{"id":3,"type":"read","conversation":"` + talk + `","up_to":1e400}`, "3", "invalid", "up_to"},
		{`{"id":3,"type":"messages","conversation":"` + talk + `","limit":100000}`, "3", "invalid", "limit"},
		{`{"id":3,"type":"start","key":"` + uuid.NewString() + `","side":"both","subject":"x","body":"x"}`, "3", "invalid", "side"},
	} {
		c.sendRaw(websocket.MessageText, []byte(r.frame))
		got := c.receive()
		field, _ := got["field"].(string)
		if got["type"] != "error" || got["code"] != r.code || field != r.field || fmt.Sprint(got["id"]) != r.id {
			t.Errorf("%s\n\tanswered %v", r.frame, got)
		}
	}
	if answer := c.ask(object{"id": "still here", "type": "ping"}); answer["type"] != "answer" {
		t.Error(answer)
	}
}

func TestWhatIsNoFrameOfTheProtocolClosesTheConnection(t *testing.T) {
	s := serve(t)
	for _, f := range []struct {
		name string
		kind websocket.MessageType
		raw  string
	}{
		{"no JSON", websocket.MessageText, `ping`},
		{"half an object", websocket.MessageText, `{"id":1`},
		{"two objects", websocket.MessageText, `{"id":1,"type":"ping"}{"id":2,"type":"ping"}`},
		{"an array", websocket.MessageText, `[{"id":1,"type":"ping"}]`},
		{"nothing", websocket.MessageText, ``},
		{"a number", websocket.MessageText, `7`},
		{"deep nesting", websocket.MessageText, strings.Repeat(`[`, 60<<10)},
		{"binary", websocket.MessageBinary, `{"id":1,"type":"ping"}`},
		{"far too large", websocket.MessageText, strings.Repeat("x", 17<<20)},
	} {
		t.Run(f.name, func(t *testing.T) {
			c := s.signIn(t, schooltest.Rosa)
			c.sendRaw(f.kind, []byte(f.raw))
			if code := c.closed(); code != 4500 {
				t.Errorf("closed with %d", code)
			}
		})
	}
}

// padded is a ping of that many bytes.
func padded(id int, size int) []byte {
	frame := fmt.Sprintf(`{"id":%d,"type":"ping","x":"`, id)
	return []byte(frame + strings.Repeat("x", size-len(frame)-2) + `"}`)
}

func TestAFrameOfTheLimitIsTakenAndALargerOneIsAnErrorOnly(t *testing.T) {
	s := serve(t)
	c := s.signIn(t, schooltest.Rosa)
	for i, size := range []int{256 << 10, 256<<10 + 1, 1 << 20, 2} {
		c.sendRaw(websocket.MessageText, padded(i, max(size, 40)))
		answer := c.receive()
		if size <= 256<<10 && (answer["type"] != "answer" || answer["id"] != float64(i)) {
			t.Errorf("%d bytes: %v", size, answer)
		}
		if id, there := answer["id"]; size > 256<<10 && (answer["code"] != "too_large" || answer["limit"] != 262144.0 || id != nil || !there) {
			t.Errorf("%d bytes: %v", size, answer)
		}
	}
}

// A program may write every character as an escape, as some do by default.
func TestTheLongestLegalRequestIsTakenHoweverItIsWritten(t *testing.T) {
	s := serve(t)
	c := s.signIn(t, schooltest.Ana)
	for _, character := range []string{`x`, `\u4f60`, `\ud83d\udc67`} {
		recipient := fmt.Sprintf(`{"person":"%s","student":"%s"},`, s.ID(schooltest.Rosa), s.ID(schooltest.Leo))
		frame := fmt.Sprintf(`{"id":1,"type":"start","key":"%s","side":"staff","mode":"together","subject":"%s","body":"%s","recipients":[%s]}`,
			uuid.New(), strings.Repeat(character, 200), strings.Repeat(character, 10_000), strings.TrimSuffix(strings.Repeat(recipient, 1000), ","))
		c.sendRaw(websocket.MessageText, []byte(frame))
		if answer := c.receive(); answer["type"] != "answer" {
			t.Errorf("a start of %d bytes: %v", len(frame), answer)
		}
	}
}

func TestManyRequestsAtOnceAreAllAnsweredInTheirOrder(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.")
	c := s.signIn(t, schooltest.Rosa)
	const sends = 80 // more than may be unanswered
	go func() {
		for i := range sends {
			raw := fmt.Sprintf(`{"id":%d,"type":"send","conversation":"%s","key":"%s","body":"letter %d"}`, i, talk, uuid.New(), i)
			if c.ws.Write(t.Context(), websocket.MessageText, []byte(raw)) != nil {
				return
			}
		}
	}()
	for i := range sends {
		answer := c.receive()
		message, _ := answer["message"].(object)
		if answer["id"] != float64(i) || message["seq"] != float64(i+2) {
			t.Fatalf("answer %d is %v", i, answer)
		}
	}
}

func TestAClientThatReadsNothingIsServedAtItsOwnPaceAndHarmsNobody(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", strings.Repeat("long ", 1900))
	for range 30 {
		s.Reply(t, schooltest.Ana, talk, strings.Repeat("long ", 1900))
	}
	c, other := s.signIn(t, schooltest.Rosa), s.signIn(t, schooltest.Leo)
	const requests = 40
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range requests {
			raw := fmt.Sprintf(`{"id":%d,"type":"messages","conversation":"%s","limit":200}`, i, talk)
			if c.ws.Write(t.Context(), websocket.MessageText, []byte(raw)) != nil {
				return
			}
		}
	}()
	for range 20 {
		if answer := other.ask(object{"id": "p", "type": "ping"}); answer["type"] != "answer" {
			t.Fatal(answer)
		}
	}
	for i := range requests {
		if answer := c.receive(); answer["id"] != float64(i) || answer["type"] != "answer" {
			t.Fatalf("answer %d is %v", i, answer)
		}
	}
	<-done
}
