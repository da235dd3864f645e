package live

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestEventsInAnyOrderAndTwiceAreNoGapOnceAllAreThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "events")
		seqs := make([]int64, 0, 2*n)
		for i := range n {
			seqs = append(seqs, int64(i+1))
			if rapid.Bool().Draw(t, "twice") {
				seqs = append(seqs, int64(i+1))
			}
		}
		var c count
		for _, seq := range rapid.Permutation(seqs).Draw(t, "order") {
			c.arrive(seq)
		}
		if c.gap() || c.through != int64(n) || len(c.ahead) > 0 {
			t.Errorf("all %d have arrived, and it says %+v", n, c)
		}
	})
}

func TestAMissingEventIsAGapUntilItIsSettled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(2, 600).Draw(t, "events")
		lost := rapid.Int64Range(1, n).Draw(t, "lost")
		var c count
		for seq := range n {
			if seq+1 != lost {
				c.arrive(seq + 1)
			}
		}
		c.told = max(c.told, n) // the beat
		if !c.gap() {
			t.Fatalf("%d of %d is lost, and it says %+v", lost, n, c)
		}
		c.settle(c.known())
		if c.gap() || len(c.ahead) > 0 {
			t.Errorf("after reconciling: %+v", c)
		}
		c.arrive(lost) // late, after all
		c.arrive(n + 1)
		if c.gap() {
			t.Errorf("after the next event: %+v", c)
		}
	})
}

func TestANodeThatDiedYoungIsLookedForWhereItWasNeverHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		young, self := uuid.New(), uuid.New()
		one, other := newPeers(self), newPeers(uuid.New())
		one.peer(young).heard = time.Now()
		time.Sleep(silence)
		one.heard = time.Now() // its own beat came back
		if _, others, _ := one.silent(time.Now()); others != 1 {
			t.Fatalf("%d nodes have fallen silent", others)
		}
		if told := one.goneLately(); !other.learn(told) || !other.uneasy() {
			t.Errorf("told of %v, it thinks that all is well", told)
		}
		if other.learn(one.goneLately()) || len(other.goneLately()) > 0 {
			t.Error("it is told on for ever")
		}
		time.Sleep(absenceMemory + silence)
		one.goneLately()
		if other.goneLately(); one.uneasy() || other.uneasy() {
			t.Error("it is looked for for ever")
		}
	})
}

func TestTheBeatOfANodeThatKnowsAnotherEpochHasTheStoreAsked(t *testing.T) {
	h := newHistory()
	known := uuid.New()
	h.epoch = known
	woken := func() bool {
		select {
		case <-h.wake:
			return true
		default:
			return false
		}
	}
	for _, epoch := range []uuid.UUID{known, uuid.Nil} { // a node of an older version knows none
		if h.heard(epoch); woken() {
			t.Errorf("%s is taken for another epoch", epoch)
		}
	}
	h.heard(uuid.New())
	h.heard(uuid.New())
	if !woken() || woken() {
		t.Error("the store is not asked once")
	}
}
