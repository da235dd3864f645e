package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/socket"
)

type doctor struct {
	installation
	mailSettings
	PublicURL *url.URL `name:"public-url" help:"What people type: whether it reaches a node, and lets sockets be, is tried through it." env:"HOMELINE_PUBLIC_URL"`
	Nodes     int      `help:"How many nodes there are, or are to be." default:"1"`
	Idle      bool     `help:"Wait half a minute for whether idle sockets are left open." default:"true" negatable:""`
}

// Run looks at everything, prints a line for each thing, and ends with status 1
// where one is wrong.
func (d doctor) Run(ctx context.Context, c console) error {
	wrong := 0
	for _, look := range []func(context.Context) []diagnosis{d.folder, d.database, d.broker, d.mail, d.access, d.addresses, d.proxy} {
		for _, found := range look(ctx) {
			if found.wrong {
				wrong++
			}
			c.printf("%s\n", found)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%s to mend", counted(wrong, "thing"))
	}
	return nil
}

// diagnosis is one line of the doctor's.
type diagnosis struct {
	what  string
	wrong bool
	note  bool // worth knowing, and not wrong
}

func (d diagnosis) String() string {
	if d.wrong {
		return "WRONG  " + d.what
	}
	if d.note {
		return "NOTE   " + d.what
	}
	return "ok     " + d.what
}

func well(format string, args ...any) diagnosis {
	return diagnosis{what: fmt.Sprintf(format, args...)}
}

func ill(format string, args ...any) diagnosis {
	return diagnosis{what: fmt.Sprintf(format, args...), wrong: true}
}

func (d doctor) folder(context.Context) []diagnosis {
	info, err := os.Stat(d.Data)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return []diagnosis{well("data folder: %s is not there yet; serve makes it", d.Data)}
	case err == nil && !info.IsDir():
		return []diagnosis{ill("data folder: %s is a file: name a folder with --data", d.Data)}
	case err == nil:
		err = tryWriting(d.Data)
	}
	if err != nil {
		return []diagnosis{ill("data folder: %v: give it to the user that runs homeline", err)}
	}
	return []diagnosis{well("data folder: %s", d.Data)}
}

func tryWriting(folder string) error {
	f, err := os.CreateTemp(folder, ".doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(filepath.Join(folder, filepath.Base(f.Name()))))
}

// clocksApart is from when on people wonder at the times of letters.
const clocksApart = 2 * time.Second

func (d doctor) database(ctx context.Context) []diagnosis {
	if d.DatabaseURL == "" {
		if d.Nodes > 1 {
			return []diagnosis{ill("database: SQLite in the data folder is for one node, not %d: set DATABASE_URL", d.Nodes)}
		}
		return []diagnosis{well("database: SQLite in the data folder")}
	}
	store, err := d.openPostgres(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return []diagnosis{ill("database: %v", err)}
	}
	defer store.Close()
	seen, err := store.Examine(ctx)
	if err != nil {
		return []diagnosis{ill("database: %v", err)}
	}
	found := []diagnosis{
		well("database: PostgreSQL %s as %s, tables up to date", seen.Version, seen.Role),
		d.clock(seen.Ahead), d.connections(seen),
	}
	if seen.ReadOnly != nil {
		found = append(found, ill("database: %d of %d connections: DATABASE_URL: %v; let the address lead there alone, or name all hosts in the URL with target_session_attrs=read-write",
			seen.Refused, seen.Tried, seen.ReadOnly))
	}
	return found
}

func (d doctor) clock(ahead time.Duration) diagnosis {
	if ahead.Abs() > clocksApart {
		return ill("clocks: the database's is %s ahead of this machine's: let NTP set both", ahead.Round(time.Second))
	}
	return well("clocks: less than %s apart", clocksApart)
}

// connections leaves room for the commands, migrations and whoever looks at it
// with psql.
func (d doctor) connections(seen postgres.Examined) diagnosis {
	const spare = 5
	each := d.DatabasePool + postgres.Beside
	need := d.Nodes*each + seen.Others + spare
	if need > seen.Connections {
		return ill("connections: %d nodes with %d each, %d of other programs and %d to spare are %d, and the server allows %d: raise max_connections, or lower --database-connections",
			d.Nodes, each, seen.Others, spare, need, seen.Connections)
	}
	return well("connections: %d of %d at the most", need, seen.Connections)
}

func (d doctor) broker(ctx context.Context) []diagnosis {
	if d.RedisURL == "" {
		if d.Nodes > 1 {
			return []diagnosis{ill("redis: %d nodes hear of one another only through Redis: set REDIS_URL", d.Nodes)}
		}
		return []diagnosis{well("redis: none, for one node")}
	}
	b, err := broker.NewRedis(broker.RedisOptions{URL: d.RedisURL, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		err = b.Check(ctx)
		b.Close()
	}
	if err != nil {
		return []diagnosis{ill("redis: %v", err)}
	}
	return append([]diagnosis{well("redis: what is published comes back")}, d.nodesHeard(ctx)...)
}

// nodesHeard says whether the nodes that serve from the database are heard through
// this Redis. Where that cannot be looked at, something else is wrong.
func (d doctor) nodesHeard(ctx context.Context) []diagnosis {
	if d.DatabaseURL == "" {
		return nil
	}
	silent := slog.New(slog.DiscardHandler)
	store, err := d.openPostgres(ctx, silent)
	if err != nil {
		return nil
	}
	defer store.Close()
	beats, err := store.Nodes(ctx)
	if err != nil || len(beats) == 0 {
		return nil
	}
	b, err := d.openBroker(ctx, store, silent)
	if err != nil {
		return nil
	}
	defer b.Close()
	var nodes []uuid.UUID
	away := 0
	for _, beat := range beats {
		if beat.BrokerAway {
			away++
			continue
		}
		nodes = append(nodes, beat.Node)
	}
	missing, err := live.Missing(ctx, b, nodes)
	if err != nil {
		return []diagnosis{ill("nodes: %v", err)}
	}
	serving := counted(len(beats), "node")
	switch {
	case len(missing) > 0:
		return []diagnosis{ill("nodes: of %s that serve from this database, %d not heard through this Redis: set REDIS_URL to the same Redis for all", serving, len(missing))}
	case away > 0:
		return []diagnosis{ill("nodes: of %s that serve from this database, %d say that their Redis is away: see their logs", serving, away)}
	}
	return []diagnosis{well("nodes: %s, heard through this Redis", serving)}
}

const mailPatience = 30 * time.Second

// mail signs in to the provider and sends nothing.
func (d doctor) mail(ctx context.Context) []diagnosis {
	if err := d.check(); err != nil {
		return []diagnosis{ill("mail: %v", err)}
	}
	if !d.sends() {
		return []diagnosis{well("mail: none is sent, since neither MAILGUN_DOMAIN nor HOMELINE_SMTP_URL is set; mails lie in %s, for you to hand on",
			cmp.Or(d.Outbox, d.outbox()))}
	}
	provider, err := d.provider(d.outbox(), slog.New(slog.DiscardHandler))
	if err != nil {
		return []diagnosis{ill("mail: %v", err)}
	}
	ctx, cancel := context.WithTimeout(ctx, mailPatience)
	defer cancel()
	if err := provider.Check(ctx); err != nil {
		return []diagnosis{ill("mail: %v", err)}
	}
	if d.SMTPURL != "" {
		return []diagnosis{well("mail: the mail server lets us in; mails come from %s", d.sender(d.PublicURL))}
	}
	return []diagnosis{well("mail: Mailgun lets us in, for %s; mails come from %s", d.MailgunDomain, d.sender(d.PublicURL))}
}

const proxyPatience = 10 * time.Second

func (d doctor) proxy(ctx context.Context) []diagnosis {
	if d.PublicURL == nil {
		return []diagnosis{well("proxy: not tried; name it with --public-url while a node runs behind it")}
	}
	found := []diagnosis{d.reaches(ctx)}
	if found[0].wrong {
		return found
	}
	to := d.PublicURL.JoinPath("/socket").String()
	opens, cancel := context.WithTimeout(ctx, proxyPatience)
	defer cancel()
	if err := socket.Probe(opens, http.DefaultClient, to, false); err != nil {
		return append(found, ill("proxy: %v: let it pass Upgrade and Connection on for /socket", err))
	}
	found = append(found, well("proxy: sockets reach a node"))
	if !d.Idle {
		return found
	}
	if err := socket.Probe(ctx, http.DefaultClient, to, true); err != nil {
		return append(found, ill("proxy: %v: raise its time-out for sockets to 60 seconds or more", err))
	}
	return append(found, well("proxy: idle sockets are left open"))
}

func (d doctor) reaches(ctx context.Context) diagnosis {
	ctx, cancel := context.WithTimeout(ctx, proxyPatience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.PublicURL.JoinPath("/healthz").String(), nil)
	if err != nil {
		return ill("proxy: --public-url: %v", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return ill("proxy: %v: start a node behind it, or mend --public-url", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return ill("proxy: %s answers %s: start a node behind it, or mend what it passes on", request.URL, response.Status)
	}
	return well("proxy: %s reaches a node", d.PublicURL)
}
