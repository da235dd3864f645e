package operation_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/wire"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/schooltest"
)

func TestAMarkOfAnotherEpochMarksNothing(t *testing.T) {
	s := schooltest.Open(t, 1)
	o, rosa := operation.New(s.Hub, nil), s.Actor(schooltest.Rosa)
	c := s.Start(t, "Trip", "We go on Friday.")
	before, err := o.Unread(t.Context(), rosa)
	if err != nil || before.Unread != 1 {
		t.Fatalf("%+v, %v", before, err)
	}
	if _, err := s.Store.RenewEpoch(t.Context(), before.Epoch); err != nil {
		t.Fatal(err)
	}
	now, err := o.Unread(t.Context(), rosa)
	if err != nil || now.Epoch == before.Epoch || now.Epoch == uuid.Nil {
		t.Fatalf("it was %+v and is %+v, %v", before, now, err)
	}
	mark := operation.ReadRequest{Conversation: c.String(), UpTo: 1, Epoch: before.Epoch.String()}
	if _, err := o.Read(t.Context(), rosa, mark); hub.CodeOf(err) != wire.CodeAnotherEpoch || operation.Status(hub.CodeOf(err)) != http.StatusConflict {
		t.Errorf("a mark of before: %v", err)
	}
	if got, err := o.Unread(t.Context(), rosa); err != nil || got != now {
		t.Errorf("after it: %+v, %v, want %+v", got, err, now)
	}
	mark.Epoch = "x"
	if _, err := o.Read(t.Context(), rosa, mark); hub.CodeOf(err) != hub.CodeInvalid {
		t.Errorf("what is no epoch: %v", err)
	}
	for _, epoch := range []string{now.Epoch.String(), ""} {
		mark.Epoch = epoch
		if got, err := o.Read(t.Context(), rosa, mark); err != nil || got.Unread != 0 {
			t.Errorf("with %q: %+v, %v", epoch, got, err)
		}
	}
}
