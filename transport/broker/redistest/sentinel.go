package redistest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Follow starts a server that is a replica of another.
func (s *Server) Follow(t testing.TB, conf ...string) *Server {
	t.Helper()
	return Start(t, append([]string{"--replicaof", "127.0.0.1 " + strconv.Itoa(s.port), "--repl-diskless-sync-delay", "0"}, conf...)...)
}

// Sentinel starts a Sentinel that watches over a primary by a name, and makes a
// replica the primary soon after that does not answer any more. It returns its
// host and port.
func Sentinel(t testing.TB, name string, primary *Server) (addr string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "sentinel")
	if err != nil {
		t.Fatal(err)
	}
	addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(freePort(t)))
	_, port, _ := net.SplitHostPort(addr)
	config := filepath.Join(folder, "conf")
	text := fmt.Sprintf("port %s\nbind 127.0.0.1\ndir %s\nsentinel monitor %s 127.0.0.1 %d 1\n"+
		"sentinel down-after-milliseconds %s 500\nsentinel failover-timeout %s 3000\n", port, folder, name, primary.port, name, name)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c := exec.Command("redis-server", config, "--sentinel")
	c.Stdout, c.Stderr = &out, &out
	ended := make(chan struct{})
	if err := run(c, ended); err != nil {
		t.Fatalf("start a Sentinel (Debian's package redis-server): %v", err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		<-ended
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			return addr
		}
		if time.Now().After(deadline) {
			t.Fatalf("the Sentinel did not start: %s", out.String())
		}
	}
}

// Cluster starts a Redis Cluster of three.
func Cluster(t testing.TB) []*Server {
	t.Helper()
	var all []*Server
	for n := range 3 {
		s := Start(t, "--cluster-enabled", "yes", "--cluster-config-file", "nodes", "--cluster-node-timeout", "2000")
		first := n * 16384 / 3
		s.Do("CLUSTER", "ADDSLOTSRANGE", first, (n+1)*16384/3-1)
		all = append(all, s)
	}
	for _, s := range all[1:] {
		s.Do("CLUSTER", "MEET", "127.0.0.1", all[0].port)
	}
	for _, s := range all {
		for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
			info, _ := s.Do("CLUSTER", "INFO").(string)
			if bytes.Contains([]byte(info), []byte("cluster_state:ok")) && bytes.Contains([]byte(info), []byte("cluster_known_nodes:3")) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("the cluster does not form: %s", info)
			}
		}
	}
	return all
}

// Primary is the address that a Sentinel gives.
func Primary(t testing.TB, sentinel, name string) string {
	t.Helper()
	c := redis.NewSentinelClient(&redis.Options{Addr: sentinel, Protocol: 2, DisableIdentity: true})
	defer c.Close()
	found, err := c.GetMasterAddrByName(t.Context(), name).Result()
	if err != nil {
		t.Fatal(err)
	}
	return net.JoinHostPort(found[0], found[1])
}

// KnowsReplica says whether a Sentinel has found a replica of a primary.
func KnowsReplica(t testing.TB, sentinel, name string) bool {
	t.Helper()
	c := redis.NewSentinelClient(&redis.Options{Addr: sentinel, Protocol: 2, DisableIdentity: true})
	defer c.Close()
	replicas, err := c.Replicas(t.Context(), name).Result()
	return err == nil && len(replicas) > 0
}
