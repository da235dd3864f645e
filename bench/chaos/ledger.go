package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ledger keeps every round, a line each, so that a run can be ended and gone on
// with.
type ledger struct {
	file   *os.File // nil where none is kept
	seed   uint64   // of its rounds; that of the options where it has none yet
	rounds int      // the last that it has
	total  tally
}

func openLedger(o options) (*ledger, error) {
	l := &ledger{seed: o.seed, total: tally{Bad: map[kind]int{}}}
	if o.ledger == "" {
		return l, nil
	}
	if err := l.read(o); err != nil {
		return nil, fmt.Errorf("ledger %s: %w", o.ledger, err)
	}
	var err error
	l.file, err = os.OpenFile(o.ledger, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return l, err
}

func (l *ledger) read(o options) error {
	f, err := os.Open(o.ledger)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("line %d: %w", l.rounds+1, err)
		}
		l.rounds, l.seed = r.Round, r.Seed
		l.total.add(r.tally)
	}
	return nil
}

func (l *ledger) add(r result) error {
	if l.file == nil {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(line, '\n'))
	return err
}

func (l *ledger) close() {
	if l.file != nil {
		l.file.Close()
	}
}
