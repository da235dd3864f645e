package wire_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/hub/wire"
)

func TestTimesHaveMicrosecondsAndAreUTC(t *testing.T) {
	at := time.Date(2026, 10, 14, 14, 20, 0, 0, time.FixedZone("", -5*60*60))
	text, err := json.Marshal(wire.Time(at))
	if err != nil || string(text) != `"2026-10-14T19:20:00.000000Z"` {
		t.Errorf("%s, %v", text, err)
	}
	var back wire.Time
	if err := json.Unmarshal(text, &back); err != nil || !time.Time(back).Equal(at) {
		t.Errorf("%v, %v", time.Time(back), err)
	}
}

func TestAPreviewIsTheBeginningOnOneLine(t *testing.T) {
	for body, want := range map[string]string{
		"Please sign.\n\nThank you,\tAna": "Please sign. Thank you, Ana",
		strings.Repeat("ñ", 400):          strings.Repeat("ñ", 160),
		"":                                "",
	} {
		if got := wire.Preview(body); got != want {
			t.Errorf("%q", got)
		}
	}
	long := strings.Repeat("a  b\n", 100)
	if got := wire.Preview(long); got != wire.Preview(string([]rune(long)[:wire.MaxPreview])) {
		t.Errorf("what a store cut is another preview: %q", got)
	}
}

func TestAPageHoldsWhatFitsAndAtLeastOneMessage(t *testing.T) {
	var messages []wire.Message
	for seq := range int64(10) {
		messages = append(messages, wire.Message{Seq: seq + 1, Body: strings.Repeat("x", 1000)})
	}
	if page := wire.Page(messages, 4000); len(page) != 3 || page[0].Seq != 1 {
		t.Errorf("%d messages from %d", len(page), page[0].Seq)
	}
	if page := wire.PageBack(messages, 4000); len(page) != 3 || page[0].Seq != 8 {
		t.Errorf("%d messages from %d", len(page), page[0].Seq)
	}
	for _, cut := range []func([]wire.Message, int) []wire.Message{wire.Page, wire.PageBack} {
		if got := len(cut(messages, 10)); got != 1 {
			t.Errorf("%d messages where none fits", got)
		}
		if got := len(cut(messages, 1<<20)); got != 10 {
			t.Errorf("%d messages where all fit", got)
		}
		if got := len(cut(nil, 10)); got != 0 {
			t.Errorf("%d messages of none", got)
		}
	}
}

func TestWhatIsForStaffIsLeftOutForEverybodyElse(t *testing.T) {
	teacher, parent := uuid.New(), uuid.New()
	c := hub.Conversation{
		Seal: &hub.Seal{By: teacher, Cause: hub.SealedByStaff, Reason: "over", StaffReason: "in confidence"},
		Participants: []hub.Participant{
			{Person: roster.Person{ID: teacher, Given: "Ana"}, Ties: []roster.Tie{{Part: roster.AsTeacher}}},
			{Person: roster.Person{ID: parent, Given: "Rosa"}, Ties: []roster.Tie{{Part: roster.AsGuardian}}},
		},
	}
	for reader, want := range map[uuid.UUID]string{teacher: "in confidence", parent: "", uuid.New(): ""} {
		got := wire.FromConversation(c, reader, 0, nil).Seal
		if got.StaffReason != want || got.Reason != "over" || got.ByName != "Ana" {
			t.Errorf("%+v", got)
		}
	}
}

func TestWhatIsNoRefusalIsBusyAndKeepsItsWordsToItself(t *testing.T) {
	got := wire.FromError(errors.New("disk of db7 is full"))
	if got.Code != hub.CodeBusy || got.RetryAfter == 0 || strings.Contains(got.Detail, "db7") {
		t.Errorf("%+v", got)
	}
	wrapped := fmt.Errorf("reply: %w", &hub.Error{Code: hub.CodeTooLong, Field: "body", Limit: 5, Got: 6})
	if got := wire.FromError(wrapped); got.Code != hub.CodeTooLong || got.Field != "body" || got.Limit != 5 || got.Got != 6 {
		t.Errorf("%+v", got)
	}
}

func TestAMalformedRecipientIsNamedWithWhatBelongsThere(t *testing.T) {
	for _, field := range []string{"recipients[0].person", "recipients[3].student"} {
		got := wire.FromError(&hub.Error{Code: hub.CodeInvalid, Field: field})
		if want := field + ": a UUID in its usual form of 36 characters"; got.Detail != want {
			t.Errorf("%q, want %q", got.Detail, want)
		}
	}
}

func TestAReusedKeyShowsWhatWasStoredUnderIt(t *testing.T) {
	stored := hub.Receipt{Message: hub.Message{Seq: 3, Body: "first"}, SenderName: "Ana"}
	got := wire.FromError(&hub.Error{Code: hub.CodeKeyReused, Stored: []hub.Receipt{stored}})
	if len(got.Messages) != 1 || got.Messages[0].Body != "first" || got.Messages[0].SenderName != "Ana" {
		t.Errorf("%+v", got)
	}
}
