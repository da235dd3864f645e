package main

import (
	"errors"
	"testing"

	"github.com/homeline/homeline/store/postgres"
)

func TestTheDoctorCountsTheConnectionsOfAllNodes(t *testing.T) {
	d := doctor{installation: installation{DatabasePool: 20}, Nodes: 3}
	const need = 3*(20+2) + 4 + 5 // with those of other programs, and what is spared
	if found := d.connections(postgres.Examined{Connections: need, Others: 4}); found.wrong {
		t.Errorf("just enough: %s", found)
	}
	if found := d.connections(postgres.Examined{Connections: need - 1, Others: 4}); !found.wrong {
		t.Errorf("one too few: %s", found)
	}
}

func TestWhatTheDoctorCannotLookAtIsSaidInOneLine(t *testing.T) {
	err := errors.New("busy: failed to connect:\n\tdb1: connection refused\n\tdb2: is a standby")
	want := "access: not looked at: busy: failed to connect: db1: connection refused db2: is a standby"
	if got := unseen("access", err).what; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
