package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

func TestAServerThatIsAwayIsBusyAndComesBack(t *testing.T) {
	server := postgrestest.Start(t, postgrestest.Options{})
	v := settleIn(t, server.Database(t), 2)
	c := v.Talk(v.People...)
	letter := v.Letter(c, v.People[0])
	server.Stop(t)
	if _, err := v.Post(t.Context(), letter); hub.CodeOf(err) != hub.CodeBusy {
		t.Errorf("a send while it is away: %v", err)
	}
	if _, err := v.Inbox(t.Context(), v.ID, v.People[1], hub.InboxQuery{}); hub.CodeOf(err) != hub.CodeBusy {
		t.Errorf("a look while it is away: %v", err)
	}
	server.Restart(t)
	if r, err := v.Post(t.Context(), letter); err != nil || r.Repeated || r.Seq != 2 {
		t.Errorf("a send once it is back: %+v, %v", r, err)
	}
	v.unharmed()
}

func TestALockThatIsNotGivenBackIsBusy(t *testing.T) {
	v := settle(t, 2)
	c := v.Talk(v.People...)
	holder := v.as(v.Owner)
	tx, err := holder.Begin(t.Context())
	v.Must(err)
	_, err = tx.Exec(t.Context(), `SELECT FROM conversation WHERE id = $1 FOR UPDATE`, c)
	v.Must(err)
	letter := v.Letter(c, v.People[0])
	if _, err := v.Post(t.Context(), letter); hub.CodeOf(err) != hub.CodeBusy {
		t.Errorf("while it is held: %v", err)
	}
	v.Must(tx.Rollback(t.Context()))
	if r, err := v.Post(t.Context(), letter); err != nil || r.Repeated {
		t.Errorf("after that: %+v, %v", r, err)
	}
}

func TestACommitIsNotGivenUpWithTheRequest(t *testing.T) {
	v := settle(t, 2)
	ctx, closePage := context.WithCancel(t.Context())
	c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Key: uuid.New(), Subject: "trip", Body: "First.",
		Participants: []hub.NewParticipant{{Person: v.People[0]}, {Person: v.People[1]}}}
	_, err := v.Start(ctx, hub.Start{District: v.ID, Sender: v.People[0], Key: uuid.New(), About: v.People, Now: v.Now},
		func(roster.Facts) ([]hub.NewConversation, error) {
			closePage()
			return []hub.NewConversation{c}, nil
		})
	v.Must(err)
	if _, err := v.Conversation(t.Context(), v.ID, c.ID, v.People[1]); err != nil {
		t.Errorf("what was begun before the page was closed: %v", err)
	}
	if _, err := v.Inbox(ctx, v.ID, v.People[0], hub.InboxQuery{}); !errors.Is(err, context.Canceled) {
		t.Errorf("reading after leaving: %v", err)
	}
	if n := v.s.pool.Stat().CanceledAcquireCount(); n != 1 {
		t.Errorf("%d waits for a connection were given up", n)
	}
}

func TestErrorsSayWhetherTryingAgainHelps(t *testing.T) {
	for _, busy := range []error{
		&pgconn.PgError{Code: "40001"}, &pgconn.PgError{Code: "40P01"}, // given up
		&pgconn.PgError{Code: "53100"}, &pgconn.PgError{Code: "53200"}, &pgconn.PgError{Code: "53300"}, // no room, memory, connections
		&pgconn.PgError{Code: "57P01"}, &pgconn.PgError{Code: "57P02"}, &pgconn.PgError{Code: "57P03"}, // stopping, fallen, starting
		&pgconn.PgError{Code: "57014"}, &pgconn.PgError{Code: "55P03"}, &pgconn.PgError{Code: "25006"}, // too long, locked, a standby now
		&pgconn.PgError{Code: "08006"}, &pgconn.PgError{Code: "58030"}, &pgconn.PgError{Code: "25P03"},
		io.ErrUnexpectedEOF, net.ErrClosed, &net.OpError{Op: "read", Err: errors.New("reset")}, context.DeadlineExceeded,
	} {
		if got := failure(busy); hub.CodeOf(got) != hub.CodeBusy || !errors.Is(got, busy) {
			t.Errorf("%v became %v", busy, got)
		}
	}
	for _, other := range []error{
		&pgconn.PgError{Code: "42501"}, &pgconn.PgError{Code: "HL001"}, &pgconn.PgError{Code: "23514"}, &pgconn.PgError{Code: "42P01"},
		hub.ErrNotFound, roster.ErrStale, context.Canceled,
	} {
		if got := failure(other); !errors.Is(got, other) || hub.CodeOf(got) == hub.CodeBusy {
			t.Errorf("%v became %v", other, got)
		}
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	d := postgrestest.Open(t)
	if _, err := Open(t.Context(), Options{URL: d.URL, MaxConns: 3}); err == nil {
		t.Error("three connections are enough")
	}
	for _, most := range []int{4, 20, 60} {
		s, err := Open(t.Context(), Options{URL: d.URL, MaxConns: most})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.pool.Config().MaxConns + s.calls.Config().MaxConns; int(got) != most {
			t.Errorf("%d connections of %d", got, most)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
