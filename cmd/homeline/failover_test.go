package main

import (
	"net/http"
	"os"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/store/postgres/postgrestest"
	"github.com/homeline/homeline/transport/broker/redistest"
)

func TestAFailoverBehindOneAddressEndsWhenTheAddressHasMoved(t *testing.T) {
	primary := postgrestest.Start(t, postgrestest.Options{})
	d := primary.Database(t)
	at := postgrestest.NewAddress(t, primary)
	all := shared{t, []string{"DATABASE_URL=" + d.By(at.String()).URL, "REDIS_URL=" + redistest.New(t)}}.withSchool()
	standby := primary.Standby(t)
	nodes := []*server{all.serve(), all.serve()}
	c := nodes[0].write()
	path := "/api/v1/conversations/" + c.String() + "/messages"
	ana, key := nodes[0].token("ana"), uuid.NewString()
	standby.Applied(t, primary)

	primary.Stop(t)
	at.Point(standby) // which follows still
	for _, s := range nodes {
		s.becomes("/readyz", http.StatusServiceUnavailable, "not ready", "store: the server is a standby that takes no writes")
	}
	all.run("doctor", "--nodes", "2").expect(t, statusFailed, "WRONG  database: DATABASE_URL: the server is a standby that takes no writes")
	standby.Promote(t)
	for _, s := range nodes {
		s.becomes("/readyz", http.StatusOK, "store: ok")
		if status, answer := s.call(http.MethodPost, path, ana, key, `{"body":"After the failover."}`); status != http.StatusCreated && status != http.StatusOK {
			t.Errorf("a send: %d %s", status, answer)
		}
	}
	all.run("doctor", "--nodes", "2").expect(t, 0)
	primary.Follow(t, standby)
	at.Point(standby, primary)
	all.run("doctor", "--nodes", "2").expect(t, statusFailed, "is a standby")
	at.Point(standby)
	for _, s := range nodes {
		s.becomes("/readyz", http.StatusOK, "ready")
		s.stop(os.Interrupt)
	}
	all.run("verify").expect(t, 0, "1 conversation, 2 messages", "Every message is as it was sent")
}
