package main

import (
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
