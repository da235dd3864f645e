package postgres

import (
	"strings"
	"testing"

	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/store/storetest"
)

func TestConversations(t *testing.T) {
	storetest.Conversations(t, func(t *testing.T) storetest.Store { return openTemp(t) })
	if log := postgrestest.Shared(t).Log(t); strings.Contains(log, "deadlock detected") {
		t.Errorf("the server's log tells of a deadlock:\n%s", log)
	}
}
