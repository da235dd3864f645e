// Command homeline is Homeline: the server, the demo, and the commands of
// whoever runs it. Each file is a command; none does more than parse its
// settings and wire what does the work. docs/operating.md explains them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // time zones, also where the system has none

	"github.com/alecthomas/kong"
)

// commands are what the program can be asked for.
type commands struct {
	Demo     demo        `cmd:"" help:"Try it out: a sample school, no configuration."`
	Serve    serve       `cmd:"" help:"Serve the districts of a data folder."`
	Import   importing   `cmd:"" help:"Import a OneRoster folder or zip into a district."`
	District districts   `cmd:"" help:"List, create and change districts."`
	Roster   rosterTools `cmd:"" help:"Keep a guardian from a student; set the languages that families read."`
	Access   accessTools `cmd:"" help:"Give staff access to students beyond the roster."`
	Migrate  migrate     `cmd:"" help:"Make the tables of a PostgreSQL database, or bring them up to date."`
	Copy     copyTool    `cmd:"" help:"Take a school from SQLite into an empty PostgreSQL."`
	Restore  restore     `cmd:"" help:"Put a backup in place, or end the sign-ins of one that was restored into PostgreSQL."`
	Doctor   doctor      `cmd:"" help:"Say what is wrong with the settings and what they lead to, and how to mend it."`
	Verify   verify      `cmd:"" help:"Check that no stored message was changed, removed or put in."`
	Mail     mailTools   `cmd:"" help:"Say what is due by mail, and send a mail to try the settings."`
	Token    token       `cmd:"" help:"Make a token with which a program is somebody."`
	Version  version     `cmd:"" help:"Print the version."`
}

// started is when the program began, for commands that say how long they took.
var started = time.Now()

// console is what commands print to: what was asked for to out, everything
// beside it to err.
type console struct{ out, err io.Writer }

func (c console) printf(format string, args ...any) { fmt.Fprintf(c.out, format, args...) }
func (c console) notef(format string, args ...any)  { fmt.Fprintf(c.err, format, args...) }

// onceMore is how long after a signal to stop another one ends the program at
// once. What starts programs (timeout, go run) may pass one signal on twice.
const onceMore = time.Second

func main() {
	var asked commands
	parsed := kong.Parse(&asked,
		kong.Name("homeline"),
		kong.Description("Letters between school and home, live. Start with: homeline demo"),
		kong.ShortUsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, func() { time.AfterFunc(onceMore, stop) })
	parsed.BindTo(ctx, (*context.Context)(nil))
	os.Exit(status(parsed.Run(console{out: os.Stdout, err: os.Stderr})))
}

// The exit statuses beside 0.
const (
	statusFailed  = 1
	statusRefused = 3 // an import took what it could, and refused rows
	statusLimits  = 4 // an import would go over a limit; nothing was changed
)

// exit is an error with a status of its own. Where it says nothing, everything
// has been said.
type exit struct {
	status  int
	message string
}

func (e exit) Error() string { return e.message }

// status is what the process ends with after err, which it prints.
func status(err error) int {
	if err == nil {
		return 0
	}
	code := statusFailed
	var e exit
	if errors.As(err, &e) {
		code = e.status
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(os.Stderr, "homeline:", text)
	}
	return code
}
