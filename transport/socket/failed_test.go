package socket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/transport/operation"
	"github.com/homeline/homeline/transport/schooltest"
)

// full is a store that has no room left.
type full struct{ hub.Store }

func (full) Post(context.Context, hub.Post) (hub.Receipt, error) {
	return hub.Receipt{}, fmt.Errorf("%w: %w", &hub.Error{Code: hub.CodeBusy}, errors.New("database or disk is full"))
}

func TestTheLogSaysWhyALetterWasNotStored(t *testing.T) {
	school := schooltest.Open(t, 0)
	conversation := school.Start(t, "Field trip", "Please sign the form.")
	var said bytes.Buffer
	store := full{school.Store}
	s, stop := serveOn(t, school, operation.New(hub.New(store, school.Store, school.Node, time.Now), nil), slog.New(slog.NewTextHandler(&said, nil)))
	c := s.signIn(t, schooltest.Ana)
	answer := c.ask(object{"id": "a", "type": "send", "conversation": conversation, "key": uuid.NewString(), "body": "Thank you."})
	if answer["code"] != "busy" {
		t.Errorf("%v", answer)
	}
	_ = c.ws.CloseNow()
	stop() // and nothing more is logged
	if !strings.Contains(said.String(), "disk is full") || strings.Contains(said.String(), "Thank you") {
		t.Errorf("the log has %q", said.String())
	}
}
