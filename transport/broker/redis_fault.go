package broker

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/redis/go-redis/v9"
)

// FaultKind is what is wrong with a Redis, for whoever counts or decides.
type FaultKind string

const (
	FaultURL         FaultKind = "url"         // it cannot be read
	FaultUnreachable FaultKind = "unreachable" // nobody there, or nobody who answers in time
	FaultTLS         FaultKind = "tls"         // spoken on one side only, or a certificate that is not accepted
	FaultPassword    FaultKind = "password"    // wrong, or missing
	FaultPermission  FaultKind = "permission"  // the user may not do what a broker does
	FaultFull        FaultKind = "full"        // maxmemory is reached; Redis carries messages all the same
	FaultReplica     FaultKind = "replica"     // what is published there reaches only some
	FaultCluster     FaultKind = "cluster"     // a node of a cluster that sends one elsewhere
	FaultBusy        FaultKind = "busy"        // it is there and refuses for the moment
	FaultMute        FaultKind = "mute"        // it takes what is published and does not bring it
	FaultStrange     FaultKind = "strange"     // it answers what we do not know, or is no Redis
)

// Fault is what is wrong with a Redis and how to mend it, in one line that names
// the setting and holds no secret.
type Fault struct {
	Kind FaultKind
	what string
	mend string
}

func (f *Fault) Error() string {
	what := f.what
	if !strings.HasPrefix(what, setting) {
		what = setting + ": " + what
	}
	return what + ": " + f.mend
}

const setting = "REDIS_URL"

var (
	errReplica  = errors.New("a replica")
	errSentinel = errors.New("a Sentinel")
	errClosed   = errors.New("the broker is closed")
)

// explain makes of what the library says what a caller is told.
func (r *Redis) explain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, redis.ErrClosed):
		return errClosed
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	}
	return r.faultOf(err)
}

func (r *Redis) faultOf(err error) *Fault {
	addr := r.options.Addr
	if f := new(Fault); errors.As(err, &f) {
		return f
	}
	var answer redis.Error
	var handshake *handshakeError
	var alert tls.AlertError
	switch {
	case errors.As(err, &answer):
		return r.faultOfAnswer(answer.Error())
	case errors.As(err, &handshake), errors.As(err, &alert):
		return faultOfTLS(addr, err)
	case errors.Is(err, errReplaced):
		return r.newFault(FaultMute, "Redis at "+addr+" does not bring what is published",
			"see whether it is one server for all nodes and what lies between answers at all")
	case errors.Is(err, errReplica):
		return r.newFault(FaultReplica, "Redis at "+addr+" is a replica, and what is published there does not reach everybody",
			"name the primary")
	case errors.Is(err, errSentinel):
		return r.newFault(FaultStrange, addr+" is a Redis Sentinel, which carries no messages",
			"name the primary that it watches, or write redis+sentinel://"+addr+"/NAME with the primary's name there")
	case errors.Is(err, errNoSentinel):
		return r.newFault(FaultUnreachable, "no Sentinel answers, of "+addr, "start them, or correct the hosts and ports")
	case errors.Is(err, errNoPrimary):
		return r.newFault(FaultURL, "the Sentinels watch over no such primary, "+addr, "correct the name at the end of the URL")
	case isTimeout(err):
		return r.newFault(FaultUnreachable, "Redis at "+addr+" does not answer", "see whether it stands still, and what lies between")
	case isDial(err):
		return r.newFault(FaultUnreachable, "Redis cannot be reached at "+addr+" ("+reason(err)+")", "start it, or correct the host and port")
	case errors.Is(err, io.EOF), isNet(err):
		return r.newFault(FaultUnreachable, "Redis at "+addr+" closes the connection", "see its log, its maxclients and "+r.closesTLS())
	}
	return r.newFault(FaultStrange, fmt.Sprintf("%s answers %q, which no Redis does", addr, firstLine(err.Error())), "correct the host and port")
}

// faultOfAnswer is about an error that Redis answered with.
func (r *Redis) faultOfAnswer(answer string) *Fault {
	addr := r.options.Addr
	code, _, _ := strings.Cut(answer, " ")
	switch code {
	case "NOAUTH":
		return r.newFault(FaultPassword, "Redis at "+addr+" asks for a password", "write it into the URL: redis://USER:PASSWORD@HOST:PORT")
	case "WRONGPASS":
		return r.newFault(FaultPassword, "Redis at "+addr+" does not accept the user and password",
			"correct them in the URL, with %-escapes for anything but letters and digits")
	case "NOPERM":
		return r.newFault(FaultPermission, "the user of Redis at "+addr+" has no permission ("+answer+")",
			"ACL SETUSER "+r.user()+" +ping +publish +subscribe +unsubscribe &"+r.prefix+"*")
	case "DENIED":
		return r.newFault(FaultPermission, "Redis at "+addr+" is in protected mode and takes nobody from elsewhere", "give it a password")
	case "OOM":
		return r.fullFault()
	case "READONLY":
		return r.faultOf(errReplica)
	case "MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN":
		return r.newFault(FaultCluster, "the Redis Cluster at "+addr+" sends one elsewhere ("+code+")",
			"name a Redis that is not a part of a cluster")
	case "LOADING", "MASTERDOWN", "BUSY", "TRYAGAIN":
		return r.newFault(FaultBusy, "Redis at "+addr+" is not ready ("+code+")", "wait until it is")
	}
	if strings.Contains(answer, "max number of clients") {
		return r.newFault(FaultBusy, "Redis at "+addr+" takes no more connections", "raise its maxclients")
	}
	return r.newFault(FaultStrange, fmt.Sprintf("Redis at %s answers %q", addr, firstLine(answer)),
		"Homeline needs Redis 6.2 or newer, or Valkey")
}

// closesTLS is what about TLS may be a reason to close a connection.
func (r *Redis) closesTLS() string {
	if r.tls {
		return "its tls-auth-clients, which has to be no"
	}
	return "whether it speaks TLS, for which the URL begins with rediss://"
}

func (r *Redis) fullFault() *Fault {
	return r.newFault(FaultFull, "the memory of Redis at "+r.options.Addr+" is full (maxmemory)",
		"raise it, or give Homeline a Redis of its own, which needs next to none")
}

func faultOfTLS(addr string, err error) *Fault {
	var record tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	var alert tls.AlertError
	switch {
	case errors.As(err, &certificate):
		return &Fault{FaultTLS, "the certificate of Redis at " + addr + " is not accepted (" + firstLine(certificate.Err.Error()) + ")",
			"give it one for this host name, by an authority that is known here (SSL_CERT_FILE adds some)"}
	case errors.As(err, &alert):
		return &Fault{FaultTLS, "Redis at " + addr + " refuses this side of TLS (" + alert.Error() + ")",
			"where it asks for a certificate of its clients, set tls-auth-clients no there"}
	case errors.As(err, &record), errors.Is(err, io.EOF), isTimeout(err):
		return &Fault{FaultTLS, "Redis at " + addr + " does not answer in TLS",
			"begin the URL with redis:// if it does not speak that; else see what lies between"}
	}
	return &Fault{FaultTLS, "TLS with Redis at " + addr + " fails (" + reason(err) + ")", "see its log"}
}

// newFault takes care that no secret comes out, whatever a server echoes.
func (r *Redis) newFault(kind FaultKind, what, mend string) *Fault {
	if secret := r.options.Password; secret != "" {
		what = strings.ReplaceAll(what, secret, "…")
	}
	return &Fault{kind, what, mend}
}

func (r *Redis) user() string {
	if r.options.Username == "" {
		return "default"
	}
	return r.options.Username
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

func isDial(err error) bool {
	var handshake *handshakeError
	var op *net.OpError
	return errors.As(err, &handshake) || errors.As(err, &op) && op.Op == "dial"
}

func isNet(err error) bool {
	var op *net.OpError
	var call *os.SyscallError
	return errors.As(err, &op) || errors.As(err, &call) || errors.Is(err, net.ErrClosed)
}

// reason is the last link of a chain of errors about a connection: the others
// say what we say ourselves.
func reason(err error) string {
	var call *os.SyscallError
	var dns *net.DNSError
	switch {
	case errors.As(err, &call):
		return call.Err.Error()
	case errors.As(err, &dns):
		return dns.Err
	}
	return firstLine(err.Error())
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s[:min(len(s), 200)]
}
