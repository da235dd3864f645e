package installation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// The roles of the database: who owns the tables, and who the nodes are.
const (
	ownerRole = "homeline_owner"
	nodeRole  = "homeline"
	database  = "homeline"
)

// Postgres is a private server with full durability.
type Postgres struct {
	nursery *nursery
	folder  string
	bin     string
	user    *syscall.Credential
	port    int
	further []string // settings
	process *process
}

func newPostgres(ctx context.Context, n *nursery, folder string, further []string) (*Postgres, error) {
	p := &Postgres{nursery: n, folder: folder, further: further}
	var err error
	if p.bin, err = serverBinaries(); err != nil {
		return nil, err
	}
	if p.port, err = freePort(); err != nil {
		return nil, err
	}
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	if err := p.Start(ctx); err != nil {
		return nil, err
	}
	return p, p.createDatabase(ctx)
}

// serverBinaries is the folder of the newest version where PATH has none.
func serverBinaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("PostgreSQL's server programs (initdb, postgres) are missing: on Debian, apt-get install postgresql")
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb)))) // no number: the oldest
	return n
}

func (p *Postgres) data() string { return filepath.Join(p.folder, "data") }

// prepare makes the cluster, as somebody else where this is root: PostgreSQL
// refuses to run as root.
func (p *Postgres) prepare(ctx context.Context) error {
	if err := os.MkdirAll(p.folder, 0o700); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		var err error
		if p.user, err = unprivileged(); err != nil {
			return err
		}
		if err := os.Chown(p.folder, int(p.user.Uid), int(p.user.Gid)); err != nil {
			return err
		}
	}
	initdb := exec.CommandContext(ctx, filepath.Join(p.bin, "initdb"),
		"--pgdata", p.data(), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	initdb.Dir = p.folder
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: p.user, Pdeathsig: syscall.SIGKILL}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// Start starts the server and returns when it takes connections.
func (p *Postgres) Start(ctx context.Context) error {
	cmd := exec.Command(filepath.Join(p.bin, "postgres"), "-D", p.data(), "-p", strconv.Itoa(p.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="+p.folder,
		"-c", "fsync=on", "-c", "max_connections=100", "-c", "log_line_prefix=%m [%p] %q%a ", "-c", "deadlock_timeout=200ms", "-c", "log_connections=on")
	for _, setting := range p.further {
		cmd.Args = append(cmd.Args, "-c", setting)
	}
	cmd.Dir = p.folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	// SIGQUIT takes the server's own children with it.
	process, err := p.nursery.start("PostgreSQL", p.Log(), cmd, p.user, syscall.SIGQUIT)
	if err != nil {
		return err
	}
	p.process = process
	return process.until(ctx, func(ctx context.Context) error {
		c, err := p.Connect(ctx, "postgres")
		if err != nil {
			return err
		}
		return c.Close(ctx)
	})
}

// Stop stops the server as a signal says: SIGINT is its fast way, which ends
// sessions, SIGQUIT its immediate one, after which it recovers like after a crash.
func (p *Postgres) Stop(how syscall.Signal) error {
	if err := p.process.signal(how); err != nil {
		return err
	}
	if !waitFor(p.process.over, endTime) {
		return fmt.Errorf("PostgreSQL did not stop:\n%s", tail(p.Log()))
	}
	return nil
}

// Log is the file with what the server said.
func (p *Postgres) Log() string { return p.folder + ".log" }

// Connect connects past all links, as an administrator.
func (p *Postgres) Connect(ctx context.Context, database string) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	return pgx.Connect(ctx, p.url("postgres", address(p.port), database))
}

func (p *Postgres) url(role, address, database string) string {
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable&application_name=%s", role, address, database, role)
}

func (p *Postgres) createDatabase(ctx context.Context) error {
	c, err := p.Connect(ctx, "postgres")
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for _, sql := range []string{
		"CREATE ROLE " + ownerRole + " LOGIN", "CREATE ROLE " + nodeRole + " LOGIN",
		"CREATE DATABASE " + database + " OWNER " + ownerRole,
	} {
		if _, err := c.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// Terminate ends every connection of the nodes.
func (p *Postgres) Terminate(ctx context.Context) error {
	c, err := p.Connect(ctx, "postgres")
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", nodeRole)
	return err
}

// Database connects to what the nodes keep, past all links.
func (i *Installation) Database(ctx context.Context) (*pgx.Conn, error) {
	return i.Postgres.Connect(ctx, database)
}
