package socket_test

import (
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

func TestAFrameThatIsNotUTF8IsClosedWith1007AndNothingOfItIsStored(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.")
	for _, text := range []string{"\xff", "\xed\xa0\x80", "\xc0\x80", "half \xe2\x82"} {
		c := s.signIn(t, schooltest.Rosa)
		c.sendRaw(websocket.MessageText, []byte(`{"id":1,"type":"send","conversation":"`+talk.String()+`","key":"`+uuid.NewString()+`","body":"`+text+`"}`))
		if code := c.closed(); code != 1007 {
			t.Errorf("%q: closed with %d", text, code)
		}
	}
	c := s.dial(t, nil)
	c.sendRaw(websocket.MessageText, []byte("{\"id\":1,\"type\":\"hello\",\"token\":\"\xff\"}"))
	if code := c.closed(); code != 1007 {
		t.Errorf("a hello was closed with %d", code)
	}
	ana := s.signIn(t, schooltest.Ana)
	if got := ana.ask(object{"id": 1.0, "type": "conversation", "conversation": talk}); got["conversation"].(object)["last_seq"] != 1.0 {
		t.Errorf("stored: %v", got)
	}
}

func TestWhatCanBeReadInTwoWaysIsRefusedAndTheConnectionLivesOn(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.").String()
	c := s.signIn(t, schooltest.Rosa)
	for raw, want := range map[string]object{
		`{"id":1,"type":"read","conversation":"` + talk + `","up_to":0,"UP_TO":1}`: {"id": 1.0, "field": "UP_TO", "code": "invalid"},
		`{"id":2,"TYPE":"ping"}`:                                  {"id": 2.0, "field": "TYPE", "code": "invalid"},
		`{"ID":3,"type":"ping"}`:                                  {"id": nil, "field": "ID", "code": "invalid"},
		`{"id":4,"type":"ping","type":"inbox"}`:                   {"id": 4.0, "field": "type", "code": "invalid"},
		`{"id":5,"type":"ping","x":{"a":1,"a":1}}`:                {"id": 5.0, "field": "x.a", "code": "invalid"},
		`{"id":6,"type":"start","recipients":[{"Person":"x"}]}`:   {"id": 6.0, "field": "recipients[0].Person", "code": "invalid"},
		`{"id":7,"type":"send","body":"\ud83d"}`:                  {"id": 7.0, "field": "body", "code": "invalid"},
		`{"id":8,"type":"send","body":"\u0000"}`:                  {"id": 8.0, "field": "body", "code": "invalid"},
		`{"id":9,"type":"subscribe","channel":"user","after":{}}`: {"id": 9.0, "field": "after", "code": "invalid"},
		`{"id":{},"type":"ping"}`:                                 {"id": nil, "field": "id", "code": "bad_request"},
	} {
		c.sendRaw(websocket.MessageText, []byte(raw))
		got := c.receive()
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s: %v", raw, got)
			}
		}
	}
	c.sendRaw(websocket.MessageText, []byte(`{"id":10,"type":"ping","kind":{"of":[1,2.5e3,null]}}`))
	if got := c.receive(); got["type"] != "answer" {
		t.Errorf("what is unknown is not ignored: %v", got)
	}
	if got := c.ask(object{"id": "m", "type": "conversation", "conversation": talk}); got["conversation"].(object)["read_seq"] != 0.0 {
		t.Errorf("something was read: %v", got)
	}
}

func TestACloseWhoseReasonIsNotUTF8IsAnsweredWith1007(t *testing.T) {
	s := serve(t)
	for _, split := range []bool{false, true} {
		_, reader, conn := s.raw(t, s.handshake(""))
		ping := maskedFrame(0x81, `{"type":"hello"}`)
		end := maskedFrame(0x88, "\x03\xe8\xff\xfe")
		pieces := [][]byte{append(ping, end...)}
		if split {
			pieces = [][]byte{end[:3], end[3:]}
		}
		for _, piece := range pieces {
			if _, err := conn.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		got := ""
		for !strings.HasPrefix(got, "\x03\xef") && !strings.HasPrefix(got, "\x11\x94") {
			got = unmasked(t, reader)
		}
		if split && !strings.HasPrefix(got, "\x03\xef") || strings.Contains(got, "\xff") { // 1007
			t.Errorf("closed with %q", got)
		}
	}
}
