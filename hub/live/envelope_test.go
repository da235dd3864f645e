package live

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func event() hub.Event {
	told := func(version, unread, here int64) hub.Told {
		return hub.Told{Head: hub.Head{Person: uuid.New(), Version: version, Unread: unread}, Here: here}
	}
	return hub.Event{
		District: uuid.New(), Conversation: uuid.New(),
		Audience: []hub.Told{told(1, 2, 3), told(4, 5, 6), told(1<<40, 0, 0)},
		Message: &hub.Letter{
			Message: hub.Message{
				Seq: 7, Sender: uuid.New(), SentAt: time.Date(2026, 10, 14, 19, 20, 0, 123_000, time.UTC), Body: "Ñandú\n\x00<&>",
			},
			SenderName: "Ana Ruiz", SenderPart: roster.AsTeacher,
		},
	}
}

func TestAnEventArrivesAsItLeft(t *testing.T) {
	e := event()
	e.Message.Conversation = e.Conversation
	payload, err := json.Marshal(newEnvelope(e))
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeEnvelope(payload)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.told(), e.Audience) {
		t.Errorf("audience %v, was %v", got.told(), e.Audience)
	}
	if letter := got.letter(); !reflect.DeepEqual(letter, *e.Message) {
		t.Errorf("letter %+v, was %+v", letter, *e.Message)
	}
}

// The words of a seal, of which some are for staff only, are read by each node
// for those who may see them.
func TestASealTravelsWithoutItsWords(t *testing.T) {
	e := hub.Event{Conversation: uuid.New(), Seal: &hub.Seal{Reason: "aloud", StaffReason: "in confidence"}}
	payload, err := json.Marshal(newEnvelope(e))
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeEnvelope(payload)
	if err != nil || !got.Sealed {
		t.Errorf("%+v, %v", got, err)
	}
	if reflect.DeepEqual(got.Audience, &audience{}) {
		t.Error("an empty audience was made up")
	}
}

func TestAnEventOfALaterVersionIsUnderstoodAsFarAsItCan(t *testing.T) {
	got, err := decodeEnvelope([]byte(`{"n":"` + uuid.NewString() + `","i":3,"later":{"x":1},"s":true}`))
	if err != nil || got.Count != 3 || !got.Sealed {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzWhatOthersPublishCannotHarm(f *testing.F) {
	whole, err := json.Marshal(newEnvelope(event()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"a":{"p":"AAAA","v":[1],"u":[1],"h":[1]}}`))
	f.Add([]byte(`{"a":{"p":"AAAAAAAAAAAAAAAAAAAAAA==","v":[1,2],"u":[1],"h":[1]},"m":{}}`))
	f.Add([]byte(`{"b":{"x":1,"` + uuid.NewString() + `":-9223372036854775808}}`))
	f.Add([]byte(`{"o":{"People":null}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		node := New(nil, nil, nil, Options{})
		node.Deliver(uuid.New(), payload)
		if e, err := decodeEnvelope(payload); err == nil {
			e.told()
		}
	})
}
