package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "homeline.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	v := settle(t, s, 3)
	c := v.talk(v.people...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	acknowledged := map[int64]uuid.UUID{1: uuid.Nil}
	for _, sends := range []int{1, 7, 40} {
		said, kill := child(t, "send", path)
		for range sends {
			if !said.Scan() {
				t.Fatal("the child ended by itself")
			}
			var seq int64
			var k string
			if _, err := fmt.Sscan(said.Text(), &seq, &k); err != nil {
				t.Fatal(err)
			}
			acknowledged[seq] = uuid.MustParse(k)
		}
		kill() // in the middle of the next
	}

	if v.Store, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	list, err := v.Messages(t.Context(), v.id, c, v.people[1], hub.Range{Limit: 200})
	v.must(err)
	stored := map[int64]uuid.UUID{}
	for _, m := range list {
		stored[m.Seq] = m.Key
	}
	for seq, k := range acknowledged {
		if got, ok := stored[seq]; !ok || k != uuid.Nil && got != k {
			t.Errorf("message %d was acknowledged with key %s, stored is %s", seq, k, got)
		}
	}
	v.unharmed()
}

func TestAFullDiskStoresNothingAndSaysBusy(t *testing.T) {
	v := settle(t, openTemp(t), 3)
	c := v.talk(v.people...)
	var pages int64
	v.must(v.writer.QueryRow(`PRAGMA page_count`).Scan(&pages))
	v.must(v.writer.QueryRow(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+3)).Scan(&pages))

	var refused hub.Post
	stored := int64(1)
	for refused.Key == uuid.Nil {
		p := v.letter(c, v.people[0])
		r, err := v.Post(t.Context(), p)
		if err == nil {
			stored = r.Seq
			continue
		}
		if hub.CodeOf(err) != hub.CodeBusy {
			t.Fatalf("a full disk is refused with %v", err)
		}
		refused = p
	}
	if got, err := v.Conversation(t.Context(), v.id, c, v.people[1]); err != nil || got.LastSeq != stored {
		t.Errorf("%d were acknowledged, there are %d (%v)", stored, got.LastSeq, err)
	}

	v.must(v.writer.QueryRow(`PRAGMA max_page_count = 1000000`).Scan(&pages))
	r, err := v.Post(t.Context(), refused)
	if err != nil || r.Repeated || r.Seq != stored+1 {
		t.Errorf("with room again: %+v, %v", r, err)
	}
	v.unharmed()
}

func TestALockedFileIsBusy(t *testing.T) {
	v := settle(t, openTemp(t), 2)
	c := v.talk(v.people...)
	if _, err := v.writer.Exec(`PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", writing.dsn(v.lock.path))
	v.must(err)
	defer other.Close()
	tx, err := other.Begin()
	v.must(err)
	p := v.letter(c, v.people[0])
	if _, err := v.Post(t.Context(), p); hub.CodeOf(err) != hub.CodeBusy {
		t.Errorf("with the file locked: %v", err)
	}
	v.must(tx.Rollback())
	if r, err := v.Post(t.Context(), p); err != nil || r.Repeated {
		t.Errorf("after that: %+v, %v", r, err)
	}
}

func TestACommitIsNotGivenUpWithTheRequest(t *testing.T) {
	v := settle(t, openTemp(t), 2)
	ctx, closePage := context.WithCancel(t.Context())
	c := hub.NewConversation{ID: uuid.Must(uuid.NewV7()), Key: uuid.New(), Subject: "trip", Body: "First.",
		Participants: []hub.NewParticipant{{Person: v.people[0]}, {Person: v.people[1]}}}
	_, err := v.Start(ctx, hub.Start{District: v.id, Sender: v.people[0], Key: uuid.New(), About: v.people, Now: v.now},
		func(roster.Facts) ([]hub.NewConversation, error) {
			closePage()
			return []hub.NewConversation{c}, nil
		})
	v.must(err)
	if _, err := v.Conversation(t.Context(), v.id, c.ID, v.people[1]); err != nil {
		t.Errorf("what was begun before the page was closed: %v", err)
	}
}

func TestWhoWaitsForTheirTurnMayLeave(t *testing.T) {
	v := settle(t, openTemp(t), 2)
	c := v.talk(v.people...)
	err := v.write(t.Context(), func(context.Context, *sql.Tx) error {
		ctx, leave := context.WithCancel(t.Context())
		answer := make(chan error, 1)
		go func() {
			_, err := v.Post(ctx, v.letter(c, v.people[0]))
			answer <- err
		}()
		leave()
		if err := <-answer; !errors.Is(err, context.Canceled) {
			t.Errorf("having left: %v", err)
		}
		return nil
	})
	v.must(err)
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := v.Inbox(gone, v.id, v.people[0], hub.InboxQuery{}); !errors.Is(err, context.Canceled) {
		t.Errorf("reading after leaving: %v", err)
	}
	if got := v.post(c, v.people[0]); got.Seq != 2 {
		t.Errorf("the next message is number %d", got.Seq)
	}
}
