package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/homeline/homeline/bench/fault"
	"github.com/homeline/homeline/bench/installation"
)

var threeNodes = &installation.Installation{Nodes: []*installation.Node{{Name: "node1"}, {Name: "node2"}, {Name: "node3"}}}

func TestASeedAndARoundGiveTheSameFaultsAgain(t *testing.T) {
	differ := false
	for round := range 50 {
		once, again := draw(options{seed: 5}, round, threeNodes), draw(options{seed: 5}, round, threeNodes)
		if once.String() != again.String() || once[0].after != again[0].after {
			t.Errorf("round %d: %s, then %s", round, once, again)
		}
		differ = differ || once.String() != draw(options{seed: 6}, round, threeNodes).String()
	}
	if !differ {
		t.Error("another seed gives the same")
	}
}

func TestEveryFaultComesAndNoTwoOfOneTargetAtOnce(t *testing.T) {
	came := map[string]bool{}
	for round := range 500 {
		taken := map[string]bool{}
		for _, f := range draw(options{seed: 1}, round, threeNodes) {
			came[f.Name] = true
			if target := f.Target(f.scene); taken[target] {
				t.Errorf("round %d: two of %s", round, target)
			} else {
				taken[target] = true
			}
		}
	}
	if len(came) != len(fault.All) {
		t.Errorf("of %d faults came %d", len(fault.All), len(came))
	}
}

func TestARunGoesOnFromItsLedger(t *testing.T) {
	o := options{seed: 3, ledger: filepath.Join(t.TempDir(), "ledger")}
	first, err := openLedger(o)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 2; n++ {
		r := result{Round: n, Seed: o.seed, Faults: "node-kill@node1", Took: time.Second, tally: tally{Acknowledged: 10, Stored: 11, Worst: time.Duration(n)}}
		if n == 2 {
			r.Bad = map[kind]int{late: 1}
		}
		if err := first.add(r); err != nil {
			t.Fatal(err)
		}
	}
	first.close()
	o.seed = 4 // one that nobody has asked for
	next, err := openLedger(o)
	if err != nil {
		t.Fatal(err)
	}
	defer next.close()
	if next.rounds != 2 || next.seed != 3 || next.total.Acknowledged != 20 || next.total.Stored != 22 || next.total.Worst != 2 {
		t.Errorf("it goes on with %+v", next)
	}
	if next.total.verdict() == nil {
		t.Error("what an earlier round found is forgotten")
	}
}
