package postgres

import (
	"errors"
	"strings"
	"testing"

	"github.com/homeline/homeline/store/postgres/postgrestest"
)

func TestAPoolerWhoseConnectionsAreWholeDoes(t *testing.T) {
	d := postgrestest.Open(t)
	at := d.Server.Pooler(t, "session")
	for range 2 { // the second finds connections that another has used
		v := settleIn(t, d.By(at), 3)
		v.Database = d
		serving := v.s
		v.Must(serving.Join(t.Context(), false))
		held(t, v, 1)
		c := v.Talk(v.People...)
		load := v.sending(c)
		load.next(t)
		becomesReady(t, v.s)
		load.areStored(v, c)
		var path, limit string
		v.Must(v.s.pool.QueryRow(t.Context(), `SELECT current_setting('search_path'), current_setting('statement_timeout')`).Scan(&path, &limit))
		if path != common["search_path"] || limit != "20s" {
			t.Errorf("search_path is %s, statement_timeout %s", path, limit)
		}
		v.Must(serving.Close())
		held(t, v, 0)
	}
}

func TestAPoolerWhoseConnectionsAreSharedIsRefusedInOneLine(t *testing.T) {
	d := postgrestest.Open(t)
	for _, mode := range []string{"transaction", "statement"} {
		for _, more := range []string{"", "server_round_robin = 1", "ignore_startup_parameters = extra_float_digits, search_path"} {
			url := d.By(d.Server.Pooler(t, mode, more)).URL
			for range 3 {
				s, err := Open(t.Context(), Options{URL: url})
				if err == nil {
					_ = s.Close()
				}
				if !errors.Is(err, ErrPooled) || !strings.HasPrefix(err.Error(), "DATABASE_URL: a pooler") || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s, %q: %v", mode, more, err)
				}
			}
		}
	}
}

func TestMigrationsSayThatAPoolerIsInTheWay(t *testing.T) {
	d := postgrestest.Open(t)
	url := d.By(d.Server.Pooler(t, "transaction")).Owner
	_, err := Migrate(t.Context(), MigrateOptions{URL: url, AppRole: postgrestest.AppRole})
	if err == nil || !strings.Contains(err.Error(), "name the address of PostgreSQL itself") {
		t.Errorf("%v", err)
	}
}
