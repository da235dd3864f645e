package memory_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/memory"
)

// talk is a store with one conversation of two people.
type talk struct {
	*memory.Store
	district, id, ana, rosa uuid.UUID
}

func newTalk(t *testing.T) talk {
	t.Helper()
	k := talk{Store: memory.New(), district: uuid.New(), id: uuid.New()}
	ctx := t.Context()
	must(t, k.CreateDistrict(ctx, roster.District{ID: k.district, Enabled: true}))
	_, err := k.Apply(ctx, k.district, roster.Changes{PutPeople: []roster.SnapshotPerson{{SourcedID: "ana"}, {SourcedID: "rosa"}}}, time.Now())
	must(t, err)
	ana, err := k.PersonBySourcedID(ctx, k.district, "ana")
	must(t, err)
	rosa, err := k.PersonBySourcedID(ctx, k.district, "rosa")
	must(t, err)
	k.ana, k.rosa = ana.ID, rosa.ID
	_, err = k.Start(ctx, hub.Start{District: k.district, Sender: k.ana, Key: uuid.New(), Now: time.Now()},
		func(roster.Facts) ([]hub.NewConversation, error) {
			return []hub.NewConversation{{
				ID: k.id, Key: uuid.New(), Body: "Dear Rosa", Participants: []hub.NewParticipant{{Person: k.ana}, {Person: k.rosa}},
			}}, nil
		})
	must(t, err)
	return k
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (k talk) post(ctx context.Context, key uuid.UUID) (hub.Receipt, error) {
	return k.Post(ctx, hub.Post{District: k.district, Conversation: k.id, Sender: k.rosa, Key: key, Body: "Dear Ana", Now: time.Now()})
}

// once is a fault of the next call of a method.
func once(method string, f memory.Fault) func(string) memory.Fault {
	return func(called string) memory.Fault {
		if called != method {
			return memory.Fault{}
		}
		method = ""
		return f
	}
}

func (k talk) stored(t *testing.T) int64 {
	t.Helper()
	tails, err := k.Tails(context.Background(), k.district, []uuid.UUID{k.id})
	must(t, err)
	return tails[0].LastSeq
}

func TestWhatIsRefusedIsNotStored(t *testing.T) {
	k := newTalk(t)
	k.Break(once("Post", memory.Fault{Refuse: true}))
	_, err := k.post(t.Context(), uuid.New())
	if hub.CodeOf(err) != hub.CodeBusy || !errors.Is(err, memory.ErrAway) || k.stored(t) != 1 {
		t.Errorf("%v, and %d letters", err, k.stored(t))
	}
}

func TestACommitWhoseAnswerIsLostIsFoundByItsKey(t *testing.T) {
	k := newTalk(t)
	k.Break(once("Post", memory.Fault{Lose: true}))
	key := uuid.New()
	_, err := k.post(t.Context(), key)
	if hub.CodeOf(err) != hub.CodeBusy || !errors.Is(err, memory.ErrLost) || k.stored(t) != 2 {
		t.Errorf("%v, and %d letters", err, k.stored(t))
	}
	again, err := k.post(t.Context(), key)
	if err != nil || !again.Repeated || again.Seq != 2 || k.stored(t) != 2 {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestWhoDoesNotWaitForASlowStoreLearnsNothing(t *testing.T) {
	for name, c := range map[string]struct {
		fault  memory.Fault
		stored int64
	}{
		"before the commit": {memory.Fault{Wait: time.Second}, 1},
		"after it":          {memory.Fault{Delay: time.Second}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newTalk(t)
				k.Break(once("Post", c.fault))
				ctx, cancel := context.WithTimeout(t.Context(), 999*time.Millisecond)
				defer cancel()
				if _, err := k.post(ctx, uuid.New()); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("answered %v", err)
				}
				if got := k.stored(t); got != c.stored {
					t.Errorf("%d letters are stored", got)
				}
			})
		})
	}
}

func TestASlowStoreHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTalk(t)
		k.Break(once("Post", memory.Fault{Wait: time.Hour, Delay: time.Hour}))
		done := make(chan error)
		go func() {
			_, err := k.post(context.Background(), uuid.New())
			done <- err
		}()
		synctest.Wait()
		start := time.Now()
		if _, err := k.post(t.Context(), uuid.New()); err != nil || time.Since(start) > 0 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if err := <-done; err != nil || time.Since(start) != 2*time.Hour || k.stored(t) != 3 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestAStoreIsMended(t *testing.T) {
	k := newTalk(t)
	k.Break(func(string) memory.Fault { return memory.Fault{Refuse: true} })
	if _, err := k.Head(t.Context(), k.district, k.ana); err == nil {
		t.Error("nothing is broken")
	}
	k.Break(nil)
	if _, err := k.Head(t.Context(), k.district, k.ana); err != nil {
		t.Error(err)
	}
}
