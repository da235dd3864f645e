package installation

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Options say what is installed.
type Options struct {
	Root    string   // of the tree that the program was built from
	Program string   // the built program
	Folder  string   // for all that is kept; with a short path, since it holds sockets
	Nodes   int      // 1 to 3
	Args    []string // further ones of `homeline serve`
	// Own are what one node gets beside Args: arguments, and settings of its
	// environment as NAME=value. n counts from 0. nil: nothing.
	Own func(n int) (args, env []string)
	// Direct lets the nodes reach the servers without links, which cost time and
	// which only faults need: Node.Database and Node.Broker are nil.
	Direct bool
	// Postgres are further settings of PostgreSQL, as name=value.
	Postgres []string
}

// Installation is what runs.
type Installation struct {
	Postgres *Postgres
	Redis    *Redis
	Proxy    *Proxy
	Nodes    []*Node

	options Options
	nursery *nursery
	links   []*Link
}

// New installs and starts everything; the database is migrated, and empty.
func New(ctx context.Context, o Options) (*Installation, error) {
	i := &Installation{options: o, nursery: newNursery()}
	if err := i.start(ctx); err != nil {
		i.Close()
		return nil, err
	}
	return i, nil
}

func (i *Installation) start(ctx context.Context) error {
	o := i.options
	// Others than this user get through the folder, and see nothing of it.
	if err := os.Chmod(o.Folder, 0o711); err != nil {
		return err
	}
	var err error
	if i.Postgres, err = newPostgres(ctx, i.nursery, filepath.Join(o.Folder, "postgres"), o.Postgres); err != nil {
		return err
	}
	if i.Redis, err = newRedis(ctx, i.nursery, filepath.Join(o.Folder, "redis")); err != nil {
		return err
	}
	if err := i.migrate(ctx); err != nil {
		return err
	}
	for n := range o.Nodes {
		if err := i.addNode(ctx, n); err != nil {
			return err
		}
	}
	config := filepath.Join(o.Root, "docs", "deploy", "haproxy.cfg")
	i.Proxy, err = newProxy(ctx, i.nursery, o.Folder, config, i.Nodes)
	return err
}

func (i *Installation) addNode(ctx context.Context, n int) error {
	var args, env []string
	if i.options.Own != nil {
		args, env = i.options.Own(n)
	}
	node := &Node{
		Name: nodeName(n), nursery: i.nursery, program: i.options.Program, args: slices.Concat(i.options.Args, args),
		folder: filepath.Join(i.options.Folder, nodeName(n)),
	}
	var err error
	if node.port, err = freePort(); err != nil {
		return err
	}
	store, broker := address(i.Postgres.port), address(i.Redis.port)
	if !i.options.Direct {
		if node.Database, err = i.link(store); err != nil {
			return err
		}
		if node.Broker, err = i.link(broker); err != nil {
			return err
		}
		store, broker = node.Database.address(), node.Broker.address()
	}
	node.env = append(environment(i.Postgres.url(nodeRole, store, database), "redis://"+broker), env...)
	i.Nodes = append(i.Nodes, node)
	return node.Start(ctx)
}

func (i *Installation) link(to string) (*Link, error) {
	l, err := newLink(to)
	if err == nil {
		i.links = append(i.links, l)
	}
	return l, err
}

// Ended is an error where a part has ended without being told to.
func (i *Installation) Ended() error {
	for _, n := range i.Nodes {
		if err := n.Ended(); err != nil {
			return err
		}
	}
	if i.Proxy.process.ended() {
		return fmt.Errorf("HAProxy has ended by itself:\n%s", tail(i.Proxy.process.log))
	}
	return nil
}

// Logs are the files with what the parts said.
func (i *Installation) Logs() []string {
	var files []string
	for _, n := range i.Nodes {
		files = append(files, n.Log())
	}
	return append(files, i.Postgres.Log())
}

// Close ends everything.
func (i *Installation) Close() {
	if i.Proxy != nil {
		i.Proxy.process.end(syscall.SIGTERM)
	}
	for _, n := range i.Nodes {
		n.expect(false)
		n.current().end(syscall.SIGKILL)
	}
	for _, l := range i.links {
		l.close()
	}
	if i.Redis != nil {
		i.Redis.process.end(syscall.SIGTERM)
	}
	if i.Postgres != nil {
		i.Postgres.process.end(syscall.SIGINT)
	}
	i.nursery.close()
}
