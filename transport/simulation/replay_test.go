package simulation_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"
)

// recorded is a page's history as static/jstest/replay.js reads it.
type recorded struct {
	Seed    uint64    `json:"seed"`
	Token   string    `json:"token"`
	Began   beginning `json:"began"`
	Entries []entry   `json:"entries"`
	Ended   ending    `json:"ended"`
}

// ending is the state that a page has come to.
type ending struct {
	Up      bool             `json:"up"`
	Version int64            `json:"version"`
	Unread  int64            `json:"unread"`
	Rows    map[string]int64 `json:"rows"`
	Views   []endingOfOne    `json:"views"`
}

type endingOfOne struct {
	Talk    uuid.UUID `json:"talk"`
	Shown   []int64   `json:"shown"`
	ReadSeq int64     `json:"read_seq"`
	Sealed  int       `json:"sealed"`
}

func (p *page) ending() ending {
	e := ending{
		Up: p.up, Version: p.user.inbox.version, Unread: p.user.inbox.unread,
		Rows: map[string]int64{}, Views: []endingOfOne{},
	}
	if p.list != nil {
		e.Rows = p.list.rows
	}
	for _, v := range p.views {
		one := endingOfOne{Talk: v.channel.id, Shown: []int64{}, ReadSeq: v.mark.readSeq, Sealed: v.sealed}
		for _, m := range v.shown {
			one.Shown = append(one.Shown, m.Seq)
		}
		e.Views = append(e.Views, one)
	}
	return e
}

// TestTheBrowsersOwnCodeComesToTheSameState holds the pages of the simulation
// to what static/js does: told the same, it asks for the same and shows the same.
func TestTheBrowsersOwnCodeComesToTheSameState(t *testing.T) {
	const replayed = 8 // seeds
	var all []recorded
	for seed := range uint64(replayed) {
		all = append(all, record(t, seed+1)...)
	}
	if out, err := replay(t, all); err != nil {
		t.Errorf("node (20 or later has to be installed): %v\n%s", err, out)
	}
}

// A replay that finds nothing has to show that it could.
func TestAHistoryThatLeavesALetterOutGoesAnotherWay(t *testing.T) {
	for _, r := range record(t, 1) {
		for i, e := range r.Entries {
			if !bytes.Contains(e.Frame, []byte(`"type":"message"`)) {
				continue
			}
			r.Entries = slices.Delete(slices.Clone(r.Entries), i, i+1)
			if out, err := replay(t, []recorded{r}); err == nil {
				t.Errorf("without entry %d of %s it is the same: %s", i, r.Token, out)
			}
			return
		}
	}
	t.Error("nobody was told of a letter")
}

// record plays a seed and has what its pages were told.
func record(t *testing.T, seed uint64) (all []recorded) {
	_, pages := play(t, seed, sabotage{})
	for _, p := range pages {
		all = append(all, recorded{seed, p.token, p.began, p.history.entries, p.stateAtEnd})
	}
	return all
}

func replay(t *testing.T, all []recorded) (out []byte, err error) {
	t.Helper()
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, r := range all {
		if err := encoder.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "histories.jsonl")
	if err := os.WriteFile(file, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(t.Context(), "node", "../../static/jstest/replay.js", file).CombinedOutput()
}
