package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/homeline/homeline/bench/installation"
)

// step is one that a mail took in the database, with when its transaction began
// and when it was written.
type step struct {
	name      string
	began, at time.Time
}

// Names of steps; what a mail was settled as is a name too.
const (
	intended = "intended" // the intent is kept
	claimed  = "claimed"  // again
	calling  = "calling"  // the provider is about to be called
	doubted  = "doubted"  // nobody knows what became of the call
)

// settled are the names by which the program says that it knows.
var settled = map[string]bool{"sent": true, "waiting": true, "cancelled": true, "failed": true, "unknown": true}

// audit has the database note each step of each mail, and tell of it at once, with
// the port of the connection.
const audit = `
CREATE SCHEMA proof;
CREATE TABLE proof.step (mail uuid NOT NULL, name text NOT NULL, began timestamptz NOT NULL, at timestamptz NOT NULL);
CREATE FUNCTION proof.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	name text := NEW.state;
BEGIN
	IF TG_OP = 'UPDATE' AND NEW.token <> OLD.token THEN
		name := 'claimed';
	ELSIF TG_OP = 'UPDATE' AND NEW.attempts > OLD.attempts THEN
		name := 'calling';
	ELSIF NEW.state = 'calling' THEN
		name := 'doubted';
	END IF;
	INSERT INTO proof.step VALUES (NEW.id, name, now(), clock_timestamp());
	PERFORM pg_notify('step', inet_client_port() || ' ' || name);
	RETURN NULL;
END
$$;
CREATE TRIGGER proof AFTER INSERT OR UPDATE ON public.mail FOR EACH ROW EXECUTE FUNCTION proof.note();`

// overhear tells of each step that a node has committed until ctx is done. While
// the database is away it hears nothing.
func overhear(ctx context.Context, in *installation.Installation, tell func(n *installation.Node, name string)) {
	for ctx.Err() == nil {
		if db, err := in.Database(ctx); err == nil {
			_ = listen(ctx, db, in, tell) // the connection has ended
			db.Close(context.WithoutCancel(ctx))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

func listen(ctx context.Context, db *pgx.Conn, in *installation.Installation, tell func(n *installation.Node, name string)) error {
	if _, err := db.Exec(ctx, "LISTEN step"); err != nil {
		return err
	}
	for {
		told, err := db.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		var port int
		if _, err := fmt.Sscan(told.Payload, &port); err != nil {
			return err
		}
		_, name, _ := strings.Cut(told.Payload, " ")
		for _, n := range in.Nodes {
			if n.Database.Carries(port) {
				tell(n, name)
			}
		}
	}
}
