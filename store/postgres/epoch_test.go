package postgres

import (
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/postgres/postgrestest"
)

func (s *Store) epochIn(t *testing.T) uuid.UUID {
	t.Helper()
	epoch, err := s.Epoch(t.Context())
	if err != nil || epoch == uuid.Nil {
		t.Fatalf("the epoch is %s, %v", epoch, err)
	}
	return epoch
}

func TestADatabaseKeepsItsEpochAndOneThatWasRestoredFromADumpHasAnother(t *testing.T) {
	d := postgrestest.Open(t)
	s := openURL(t, d.URL)
	first := s.epochIn(t)
	if again := openURL(t, d.URL).epochIn(t); again != first {
		t.Errorf("another node knows %s instead of %s", again, first)
	}
	// What pg_restore leaves: the same rows in a table that was made again.
	d.Exec(t, `CREATE TABLE again (LIKE history INCLUDING ALL); INSERT INTO again SELECT * FROM history;
		DROP TABLE history; ALTER TABLE again RENAME TO history; GRANT SELECT, UPDATE ON history TO `+postgrestest.AppRole)
	restored := s.epochIn(t)
	if restored == first {
		t.Error("a restored dump is told as the history that it was made from")
	}
	if again := s.epochIn(t); again != restored {
		t.Errorf("asked again, it is %s instead of %s", again, restored)
	}
}

func TestARoleThatMayNotAskForThePlaceKnowsTheEpochAllTheSame(t *testing.T) {
	d := postgrestest.Open(t)
	d.Exec(t, `REVOKE EXECUTE ON FUNCTION pg_walfile_name(pg_lsn) FROM PUBLIC`)
	s := openURL(t, d.URL)
	first := s.epochIn(t)
	renewed, err := s.RenewEpoch(t.Context(), first)
	if err != nil || renewed == first || s.epochIn(t) != renewed {
		t.Errorf("it was %s, was renewed to %s, %v, and is %s", first, renewed, err, s.epochIn(t))
	}
}

func TestAPromotedStandbyHasAnotherEpochOnWhichAllNodesAgree(t *testing.T) {
	primary := postgrestest.Start(t, postgrestest.Options{Settings: map[string]string{"synchronous_commit": "on"}})
	d := primary.Database(t)
	at := postgrestest.NewAddress(t, primary)
	nodes := []*Store{openURL(t, d.By(at.String()).URL), openURL(t, d.By(at.String()).URL)}
	before := nodes[0].epochIn(t)
	standby := primary.Standby(t)
	standby.Applied(t, primary)
	primary.Stop(t)
	standby.Promote(t)
	at.Point(standby)
	after := nodes[0].epochIn(t)
	if after == before {
		t.Error("the promoted standby is told as the primary before")
	}
	for _, s := range nodes {
		if again := s.epochIn(t); again != after {
			t.Errorf("a node knows %s instead of %s", again, after)
		}
	}
}
