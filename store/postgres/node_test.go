package postgres

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/store/postgres/postgrestest"
)

func TestNodesSeeTheSignsOfLifeOfOneAnotherAndNotOfTheDead(t *testing.T) {
	d := postgrestest.Open(t)
	one, other := openURL(t, d.URL), openURL(t, d.URL)
	a, b := uuid.New(), uuid.New()
	beat := func(s *Store, id uuid.UUID, away bool, want ...hub.Heartbeat) {
		t.Helper()
		got, err := s.Heartbeat(t.Context(), hub.Heartbeat{Node: id, BrokerAway: away})
		if err != nil || len(got) != len(want) || len(got) == 1 && got[0] != want[0] {
			t.Errorf("%+v (%v), want %+v", got, err, want)
		}
	}
	beat(one, a, false)
	beat(other, b, true, hub.Heartbeat{Node: a, Count: 1})
	beat(one, a, false, hub.Heartbeat{Node: b, Count: 1, BrokerAway: true})
	beat(other, b, false, hub.Heartbeat{Node: a, Count: 2})
	if all, err := one.Nodes(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("all nodes: %+v, %v", all, err)
	}
	d.Exec(t, `UPDATE node SET at = at - interval '11 seconds' WHERE id = '`+b.String()+`'`)
	beat(one, a, false)
	d.Exec(t, `UPDATE node SET at = at - interval '1 minute' WHERE id = '`+b.String()+`'`)
	beat(one, a, false)
	beat(other, b, false, hub.Heartbeat{Node: a, Count: 4}) // it begins anew
	beat(one, a, false, hub.Heartbeat{Node: b, Count: 1})
}
