package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/sqlite/sqlitetest"
	"github.com/homeline/homeline/store/storetest"
)

func TestRoster(t *testing.T) {
	storetest.Roster(t, func(t *testing.T) roster.Store { return openTemp(t) })
}

func TestAccess(t *testing.T) {
	storetest.Access(t, func(t *testing.T) storetest.AccessStore { return openTemp(t) })
}

func TestADryRunSaysWhatAnImportDoes(t *testing.T) {
	storetest.RosterImpact(t, openTemp(t))
}

func TestANarrowSearchAgreesWithTheRules(t *testing.T) {
	storetest.RosterReach(t, openTemp(t))
}

func TestAWideSearchAgreesWithTheRules(t *testing.T) {
	defer func(n int) { wideScope = n }(wideScope)
	wideScope = 1
	storetest.RosterReach(t, openTemp(t))
}

func openTemp(t testing.TB) *Store {
	t.Helper()
	return sqlitetest.Open(t, filepath.Join(t.TempDir(), "homeline.db"), Open)
}
