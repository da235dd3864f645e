package socket_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

// Sessions subscribe, leave, write and read all at once; whoever stays to the
// end has every message once and in order, and counts what the store counts.
func TestManySessionsAtOnce(t *testing.T) {
	s := serve(t)
	talk := s.Start(t, "Field trip", "Please sign the form.")
	channel := "conversation:" + talk.String()
	const sessions, each = 9, 10
	names := []string{schooltest.Ana, schooltest.Leo, schooltest.Rosa}

	watcher := s.signIn(t, schooltest.Leo)
	watcher.ask(object{"id": "u", "type": "subscribe", "channel": "user"})
	watcher.ask(object{"id": "c", "type": "subscribe", "channel": channel, "after": 1})
	clients := make([]*client, sessions)
	for i := range clients {
		clients[i] = s.signIn(t, names[i%len(names)])
	}
	var work sync.WaitGroup
	for i, c := range clients {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		work.Go(func() {
			for n := range each {
				c.ask(object{"id": fmt.Sprint("s", n), "type": "subscribe", "channel": channel, "after": random.IntN(3)})
				c.ask(object{"id": fmt.Sprint("w", n), "type": "send", "conversation": talk, "key": uuid.NewString(), "body": "letter"})
				c.ask(object{"id": fmt.Sprint("r", n), "type": "read", "conversation": talk, "up_to": random.IntN(100)})
				if random.IntN(2) == 0 {
					c.ask(object{"id": fmt.Sprint("l", n), "type": "unsubscribe", "channel": channel})
				}
			}
		})
	}
	for seq := 2; seq <= 1+sessions*each; seq++ {
		if message := watcher.event("message")["message"].(object); message["seq"] != float64(seq) {
			t.Fatalf("message %v came where %d was expected", message["seq"], seq)
		}
	}
	work.Wait()
	head, err := s.Store.Head(t.Context(), s.Actor(schooltest.Leo).District, s.ID(schooltest.Leo))
	if err != nil {
		t.Fatal(err)
	}
	answer := watcher.ask(object{"id": "again", "type": "subscribe", "channel": "user"})
	if answer["unread"] != float64(head.Unread) || answer["version"] != float64(head.Version) {
		t.Errorf("%v, the store says %+v", answer, head)
	}
}
