package page

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// step is one call, for both: see testdata/replay.mjs.
type step struct {
	Do       string  `json:"do"`
	Last     int64   `json:"last"`
	Version  int64   `json:"version"`
	Unread   int64   `json:"unread"`
	ReadSeq  int64   `json:"read_seq"`
	Seqs     []int64 `json:"seqs"`
	Seq      int64   `json:"seq"`
	Own      bool    `json:"own"`
	Failures int     `json:"failures"`
	Told     told    `json:"told"`
}

type told struct {
	Version int64       `json:"version"`
	Unread  int64       `json:"unread"`
	Letter  *Letter     `json:"letter,omitempty"`
	Read    *ReadMark   `json:"read,omitempty"`
	Sealed  *SealedMark `json:"sealed,omitempty"`
}

// ours plays steps through this package.
type ours struct {
	letters letters
	head    head
	mark    *readMark
}

func (o *ours) play(s step) any {
	switch s.Do {
	case "begin":
		o.letters, o.head = newLetters(s.Last), head{s.Version, s.Unread}
		o.mark = &readMark{turn: new(turn), readSeq: s.ReadSeq, shown: map[int64]bool{}, gathering: true}
		return nil
	case "take":
		var messages []Message
		for _, seq := range s.Seqs {
			messages = append(messages, Message{Seq: seq})
		}
		given := []int64{}
		for _, m := range o.letters.take(messages) {
			given = append(given, m.Seq)
		}
		return []any{given, o.letters.last, o.letters.missing()}
	case "heard":
		o.letters.heard(s.Seq)
		return o.letters.missing()
	case "inbox":
		how := o.head.take(Inbox(s.Told))
		return []any{[]string{"stale", "next", "missed"}[how], o.head.version, o.head.unread}
	case "loaded":
		return []any{o.head.loaded(s.Told.Version, s.Told.Unread), o.head.version, o.head.unread}
	case "forget":
		o.head.forget()
		return []any{o.head.version, o.head.unread}
	case "saw":
		o.mark.saw(s.Seq, s.Own)
	case "moved":
		o.mark.moved(s.Seq)
	case "longest":
		almost := rand.New(one{})
		return math.Round(float64(backoff(s.Failures, almost)) / float64(time.Millisecond))
	}
	return o.mark.reached()
}

// one is a source whose numbers are as large as can be.
type one struct{}

func (one) Uint64() uint64 { return math.MaxUint64 }

func randomSteps(random *rand.Rand) []step {
	steps := []step{{Do: "begin", Last: random.Int64N(5), Version: random.Int64N(5), Unread: 1, ReadSeq: random.Int64N(5)}}
	far := func() int64 { return 1 + random.Int64N(int64(5+len(steps)/4)) }
	for range 200 {
		told := told{Version: far(), Unread: random.Int64N(9)}
		switch random.IntN(5) {
		case 0:
			told.Letter = &Letter{Conversation: uuid.New()}
		case 1:
			told.Read = &ReadMark{Conversation: uuid.New()}
		case 2:
			told.Sealed = &SealedMark{Conversation: uuid.New()}
		}
		s := step{Seqs: []int64{}, Seq: far(), Own: random.IntN(3) == 0, Failures: random.IntN(12), Told: told}
		s.Do = []string{"take", "take", "heard", "inbox", "inbox", "loaded", "saw", "saw", "moved", "longest", "forget"}[random.IntN(11)]
		for range random.IntN(4) {
			s.Seqs = append(s.Seqs, far())
		}
		steps = append(steps, s)
	}
	return steps
}

func TestAPageMergesMarksAndWaitsAsTheBrowsersScriptDoes(t *testing.T) {
	var steps []step
	for seed := range uint64(50) {
		steps = append(steps, randomSteps(rand.New(rand.NewPCG(seed, 0)))...)
	}
	asked, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/replay.mjs")
	node.Stdin = bytes.NewReader(asked)
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	theirs := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(theirs) != len(steps) {
		t.Fatalf("of %d steps the script played %d", len(steps), len(theirs))
	}
	var o ours
	for i, s := range steps {
		mine, err := json.Marshal(o.play(s))
		if err != nil {
			t.Fatal(err)
		}
		if string(mine) != theirs[i] {
			t.Fatalf("step %d, %+v: %s here, and %s in the browser", i, s, mine, theirs[i])
		}
	}
}
