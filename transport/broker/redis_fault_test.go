package broker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/transport/broker"
	"github.com/homeline/homeline/transport/broker/brokertest"
	"github.com/homeline/homeline/transport/broker/redistest"
)

const secret = "s3cret-word"

// server is a Redis whose default user has a password, and which has a user who
// may not publish and one who may not listen.
func server(t *testing.T) *redistest.Server {
	return redistest.Start(t, "--requirepass", secret,
		"--user", "deaf", "on", "nopass", "allchannels", "+@all", "-subscribe",
		"--user", "dumb", "on", "nopass", "allchannels", "+@all", "-publish",
		"--user", "elsewhere", "on", "nopass", "resetchannels", "&other:*", "+@all")
}

func TestWhatIsWrongWithRedisIsSaidInOneLineWithoutSecrets(t *testing.T) {
	redis := server(t)
	secure, wary := secureServer(t, "no"), secureServer(t, "yes")
	web := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	mute := redistest.NewProxy(t, redis.Addr())
	mute.Swallow()
	closing := redistest.NewProxy(t, redis.Addr())
	closing.Refuse()
	full := redistest.Start(t, "--maxmemory", "1")
	crowded := redistest.Start(t)
	crowded.Do("CONFIG", "SET", "maxclients", "1") // which is the test's
	_, port, _ := net.SplitHostPort(redis.Addr())
	replica := redistest.Start(t, "--replicaof", "127.0.0.1", port)

	for _, c := range []struct {
		name, url string
		kind      broker.FaultKind
		says      string
	}{
		{"no password", redis.URL(), broker.FaultPassword, "asks for a password: write it into the URL"},
		{"a wrong password", "redis://:no" + secret + "@" + redis.Addr(), broker.FaultPassword, "does not accept the user and password"},
		{"a wrong user", "redis://nobody:" + secret + "@" + redis.Addr(), broker.FaultPassword, "does not accept the user and password"},
		{"may not listen", "redis://deaf:x@" + redis.Addr(), broker.FaultPermission, "ACL SETUSER deaf +ping +publish +subscribe +unsubscribe &homeline:*"},
		{"may not publish", "redis://dumb:x@" + redis.Addr(), broker.FaultPermission, "'publish'"},
		{"may not use our channels", "redis://elsewhere:x@" + redis.Addr(), broker.FaultPermission, "&homeline:*"},
		{"nobody there", "redis://:" + secret + "@127.0.0.1:1", broker.FaultUnreachable, "cannot be reached at 127.0.0.1:1 (connection refused): start it"},
		{"no such host", "redis://:" + secret + "@redis.invalid", broker.FaultUnreachable, "cannot be reached at redis.invalid:6379"},
		{"no such socket", "unix:///nowhere/redis.sock", broker.FaultUnreachable, "cannot be reached at /nowhere/redis.sock (no such file or directory)"},
		{"nobody answers", "redis://:" + secret + "@" + mute.Addr(), broker.FaultUnreachable, "does not answer"},
		{"nobody answers over TLS", "rediss://:" + secret + "@" + mute.Addr(), broker.FaultTLS, "does not answer in TLS"},
		{"closed at once", "redis://:" + secret + "@" + closing.Addr(), broker.FaultUnreachable, "closes the connection"},
		{"TLS there only", "redis://:" + secret + "@" + secure, broker.FaultTLS, "speaks TLS: begin the URL with rediss://"},
		{"TLS here only", "rediss://:" + secret + "@" + redis.Addr(), broker.FaultTLS, "does not speak TLS: begin the URL with redis://"},
		{"a certificate of nobody", "rediss://:" + secret + "@" + secure, broker.FaultTLS, "certificate"},
		{"a certificate is asked for", "rediss://:" + secret + "@" + wary + "?skip_verify=true", broker.FaultUnreachable, "tls-auth-clients"},
		{"memory full", full.URL(), broker.FaultFull, "is full (maxmemory)"},
		{"too many clients", crowded.URL(), "", "maxclients"}, // or unreachable: Redis says why, and resets what says it,
		{"a replica", replica.URL(), broker.FaultReplica, "is a replica"},
		{"no Redis at all", strings.Replace(web.URL, "http", "redis", 1), broker.FaultStrange, "which no Redis does"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := open(t, c.url, "")
			err := r.Check(t.Context())
			if err == nil {
				t.Fatal("nothing was found")
			}
			fault := faultOf(t, err)
			t.Log(fault)
			if c.kind != "" && fault.Kind != c.kind || !strings.Contains(fault.Error(), c.says) {
				t.Errorf("%s: %v", fault.Kind, fault)
			}
			plain(t, fault)
		})
	}
}

func TestRedisIsABrokerOverTLS(t *testing.T) {
	redis := secureServer(t, "no")
	r := open(t, "rediss://:"+secret+"@"+redis+"?skip_verify=true", "")
	if err := r.Check(t.Context()); err != nil {
		t.Error(err)
	}
	brokertest.Run(t, func(t *testing.T) live.Broker {
		return open(t, "rediss://:"+secret+"@"+redis+"?skip_verify=true", t.Name()+":")
	})
}

func TestAURLThatCannotBeReadIsNotRepeated(t *testing.T) {
	for _, url := range []string{
		"", "localhost:6379", "http://:" + secret + "@localhost", "redis://:" + secret + "#/@localhost:6379",
		"redis://:" + secret + "@localhost:port", "redis://:" + secret + "%@localhost", "redis://:" + secret + "@localhost/x",
		"redis://:" + secret + "@localhost?password=" + secret,
	} {
		_, err := broker.NewRedis(broker.RedisOptions{URL: url})
		if fault := faultOf(t, err); fault.Kind != broker.FaultURL {
			t.Errorf("%q: %s", url, fault.Kind)
		}
		plain(t, err)
	}
}

// plain is what a line for an operator has to be.
func plain(t *testing.T, err error) {
	t.Helper()
	says := err.Error()
	if !strings.HasPrefix(says, "REDIS_URL") || strings.Contains(says, "\n") || strings.Contains(says, secret) {
		t.Errorf("%q", says)
	}
}

// secureServer is the address of a Redis with TLS and a certificate that nobody
// knows.
func secureServer(t *testing.T, askClients string) string {
	t.Helper()
	cert, key := selfSigned(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	redistest.Start(t, "--requirepass", secret, "--tls-port", port,
		"--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", askClients)
	return addr
}

func selfSigned(t *testing.T) (cert, key string) {
	t.Helper()
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &pair.PublicKey, pair)
	if err != nil {
		t.Fatal(err)
	}
	rawKey, err := x509.MarshalPKCS8PrivateKey(pair)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	write(t, cert, "CERTIFICATE", raw)
	write(t, key, "PRIVATE KEY", rawKey)
	return cert, key
}

func write(t *testing.T, path, kind string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600); err != nil {
		t.Fatal(err)
	}
}
