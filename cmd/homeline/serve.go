package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/homeline/homeline/store/postgres"
	"github.com/homeline/homeline/transport/accesslog"
)

type serve struct {
	installation
	mailSettings
	sabotage
	Listen         string         `help:"Address to listen at." default:"127.0.0.1:8080" env:"HOMELINE_LISTEN"`
	PublicURL      *url.URL       `name:"public-url" help:"What people type: https://homeline.example. Links begin with it. Required unless --listen is on loopback." env:"HOMELINE_PUBLIC_URL"`
	TrustedProxies []netip.Prefix `help:"Addresses of proxies whose X-Forwarded-For is believed, as 10.0.0.0/8." placeholder:"CIDR" env:"HOMELINE_TRUSTED_PROXIES"`
	MetricsListen  string         `help:"Address to answer Prometheus at, apart from pages; default nowhere." placeholder:"ADDRESS" env:"HOMELINE_METRICS_LISTEN"`
	LogFormat      string         `help:"text, or json for programs." enum:"text,json" default:"text" env:"HOMELINE_LOG_FORMAT"`
	DrainWindow    time.Duration  `help:"Over how long open pages are sent away when stopping; with --public-url, requests are answered for as long, so that a balancer sees that the node is not ready." default:"5s" env:"HOMELINE_DRAIN_WINDOW"`
	LogLevel       slog.Level     `help:"debug, info, warn or error." default:"info" env:"HOMELINE_LOG_LEVEL"`
}

// Run serves until it is told to stop.
func (s serve) Run(ctx context.Context, c console) error {
	if err := s.check(); err != nil {
		return err
	}
	spareMemory() // rosters are imported through it
	log := s.logger(c)
	l, err := listen(ctx, s.Listen)
	if err != nil {
		return err
	}
	origin, err := s.origin(l)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	n, commands, err := s.open(ctx, origin, log)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	if err := n.measureAt(ctx, s.MetricsListen); err != nil {
		return errors.Join(err, l.Close(), commands.Close(), n.close())
	}
	if all, err := n.store.Districts(ctx); err == nil && len(all) == 0 {
		log.Warn("there is no district in this data folder or database: make one with `homeline district create`, or name another with --data or DATABASE_URL", "data", s.Data)
	}
	log.Info("serving", "address", l.Addr().String(), "origin", origin.String(), "data", s.Data, "version", buildVersion())
	defer s.lookAtMail(ctx, n, log)()
	return n.run(ctx, l, commands, s.ending())
}

// lookAtMail says what the doctor would of mail, beside the serving: the provider
// may be back when something is due. What it returns ends the looking.
func (s serve) lookAtMail(ctx context.Context, n *node, log *slog.Logger) func() {
	if !s.sends() {
		log.Info("no mail is sent, since neither MAILGUN_DOMAIN nor HOMELINE_SMTP_URL is set: mails lie in a folder, for you to hand on", "outbox", cmp.Or(s.Outbox, s.outbox()))
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, mailPatience)
	var look sync.WaitGroup
	look.Go(func() {
		if err := n.mailroom.provider.Check(ctx); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
			log.Warn("mails cannot leave", "error", err)
		}
	})
	return func() {
		cancel()
		look.Wait()
	}
}

// ending is how the node stops. What is only for this machine has nobody before
// it who must see that it does.
func (s serve) ending() ending {
	e := ending{window: s.DrainWindow}
	if s.PublicURL != nil {
		e.least = s.DrainWindow
	}
	return e
}

func (s serve) logger(c console) *slog.Logger {
	options := &slog.HandlerOptions{Level: s.LogLevel}
	if s.LogFormat == "json" {
		return slog.New(accesslog.WithRequest(accesslog.Throttled(slog.NewJSONHandler(c.err, options))))
	}
	return slog.New(accesslog.WithRequest(accesslog.Throttled(slog.NewTextHandler(c.err, options))))
}

func (s serve) open(ctx context.Context, origin *url.URL, log *slog.Logger) (*node, net.Listener, error) {
	if err := s.prepare(); err != nil {
		return nil, nil, err
	}
	n, err := newNode(ctx, nodeSettings{
		installation: s.installation, sabotage: s.sabotage, origin: origin, named: s.PublicURL != nil,
		mailSettings: s.mailSettings, proxies: s.TrustedProxies, log: log,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := s.join(ctx, n.store); err != nil {
		return nil, nil, errors.Join(err, n.close())
	}
	commands, err := s.listen()
	if err != nil {
		return nil, nil, errors.Join(err, n.close())
	}
	return n, commands, nil
}

// join refuses a second node that would hear of nothing.
func (s serve) join(ctx context.Context, all store) error {
	shared, ok := all.(*postgres.Store)
	if !ok {
		return nil
	}
	err := shared.Join(ctx, s.RedisURL == "")
	if errors.Is(err, postgres.ErrNotAlone) {
		return fmt.Errorf("%w, and nodes hear of one another only through Redis: set REDIS_URL for all of them", err)
	}
	return err
}

// origin is what links begin with: never what a request says.
func (s serve) origin(l net.Listener) (*url.URL, error) {
	u := s.PublicURL
	switch {
	case u == nil && onLoopback(l):
		return originOf(l), nil
	case u == nil:
		return nil, fmt.Errorf("--public-url is required where others than this machine can reach %s: links in mails begin with it", l.Addr())
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Path != "" && u.Path != "/":
		return nil, fmt.Errorf("--public-url: an origin such as https://homeline.example, without a path, not %s", u.Redacted())
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}
