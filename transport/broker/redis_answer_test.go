package broker_test

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/homeline/homeline/transport/broker"
)

// Answers that a single Redis cannot be brought to give, or those of something
// that only resembles it.
func TestWhatAServerAnswersIsExplained(t *testing.T) {
	for answer, want := range map[string]struct {
		kind broker.FaultKind
		says string
	}{
		"-MOVED 3999 127.0.0.1:6381":                                                        {broker.FaultCluster, "sends one elsewhere (MOVED)"},
		"-ASK 3999 127.0.0.1:6381":                                                          {broker.FaultCluster, "sends one elsewhere (ASK)"},
		"-CLUSTERDOWN Hash slot not served":                                                 {broker.FaultCluster, "not a part of a cluster"},
		"-LOADING Redis is loading the dataset in memory":                                   {broker.FaultBusy, "is not ready (LOADING): wait"},
		"-READONLY You can't write against a read only replica.":                            {broker.FaultReplica, "name the primary"},
		"-OOM command not allowed when used memory > 'maxmemory'.":                          {broker.FaultFull, "is full (maxmemory)"},
		"-DENIED Redis is running in protected mode because":                                {broker.FaultPermission, "protected mode"},
		"-ERR max number of clients reached":                                                {broker.FaultBusy, "raise its maxclients"},
		"-ERR unknown command `AUTH`, with args beginning with: `default` `" + secret + "`": {broker.FaultStrange, "Redis 6.2 or newer"},
		"*2\r\n$4\r\nmode\r\n$8\r\nsentinel":                                                {broker.FaultStrange, "is a Redis Sentinel"},
		"*4\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$7\r\nreplica":              {broker.FaultReplica, "is a replica"},
		"$2\r\nno": {broker.FaultStrange, "which no Redis does"},
	} {
		t.Run(answer, func(t *testing.T) {
			r := open(t, "redis://:"+secret+"@"+answering(t, answer), "")
			fault := faultOf(t, r.Check(t.Context()))
			if fault.Kind != want.kind || !strings.Contains(fault.Error(), want.says) {
				t.Errorf("%s: %v", fault.Kind, fault)
			}
			plain(t, fault)
		})
	}
}

// answering is the address of a server that answers every command alike.
func answering(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			work.Go(func() {
				defer conn.Close()
				commands := bufio.NewScanner(conn)
				for commands.Scan() {
					if !strings.HasPrefix(commands.Text(), "*") { // the first line of each
						continue
					}
					if _, err := conn.Write([]byte(answer + "\r\n")); err != nil {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		work.Wait()
	})
	return l.Addr().String()
}
