package live_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
)

// comeBack connects pages to a node, all at once.
func comeBack(t *testing.T, n *running, pages []*page) {
	var all sync.WaitGroup
	for _, p := range pages {
		all.Go(func() {
			if err := p.connect(n.Node); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// beforeReads has do called before every read, which nodes that run may do already.
func (s *school) beforeReads(do func(read string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = do
}

// takes makes every read take a while.
func (s *school) takes(d time.Duration) { s.beforeReads(func(string) { time.Sleep(d) }) }

// costs are the reads since the last time it was asked.
func (s *school) costs() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	reads := s.reads
	s.reads = map[string]int{}
	return reads
}

func sum(reads map[string]int) (n int) {
	for _, times := range reads {
		n += times
	}
	return n
}

// Two tabs each of five hundred people, who sit in a hundred conversations: a
// letter was written in ten of these while nobody was there to hear of it, and
// more are while they come.
func TestAThousandWhoComeBackAtOnceCostTheStoreAFewQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people, each, missed = 500, 5, 10
		c := newCluster(t, 1, people, 2)
		defer c.stop()
		c.school.takes(5 * time.Millisecond)
		var pages []*page
		for i := 0; i < people; i += each {
			talk := c.school.start(c.school.people[i : i+each]...)
			for _, person := range c.school.people[i : i+each] {
				pages = append(pages, newPage(t, c.school, person, talk), newPage(t, c.school, person, talk))
			}
		}
		talks := c.school.ids
		for _, talk := range talks {
			c.school.post(talk, c.school.conversations[talk].Participants[0].Person.ID, "long ago")
		}
		comeBack(t, c.nodes[0], pages)
		time.Sleep(settle)

		c.nodes[0].stop()
		for _, talk := range talks[:missed] {
			c.school.post(talk, c.school.conversations[talk].Participants[0].Person.ID, "heard by nobody")
		}
		c.school.costs()
		var writing sync.WaitGroup
		writing.Go(func() {
			for i := range 50 {
				talk := talks[i]
				e := c.school.post(talk, c.school.conversations[talk].Participants[1].Person.ID, "while they come")
				c.nodes[1].Publish(context.Background(), e)
				time.Sleep(time.Millisecond)
			}
		})
		comeBack(t, c.nodes[1], pages)
		reads := c.school.costs()
		writing.Wait()

		t.Logf("%d sessions of %d people came back: %v", len(pages), people, reads)
		once := sum(reads) - reads["conversation"] - reads["messages"]
		if once > 20 {
			t.Errorf("%d queries for what each of them asks", once)
		}
		if most := 2 * 50 * 4; reads["conversation"]+reads["messages"] > most {
			t.Errorf("%d queries for the letters of at most 50 conversations", reads["conversation"]+reads["messages"])
		}
		time.Sleep(shownWithin)
		for _, p := range pages {
			p.check()
		}
	})
}

func TestOfThoseWhoComeBackWithTheLastNumberNobodyReadsLetters(t *testing.T) {
	tell(t, func(t *testing.T, s story) {
		s.post("one")
		p := s.open(0, s.parent, s.talk)
		time.Sleep(settle)
		p.disconnect()
		s.school.costs()
		if err := p.connect(s.nodes[0].Node); err != nil {
			t.Fatal(err)
		}
		if reads := s.school.costs(); fmt.Sprint(reads) != "map[ended:1 heads:1 standings:1]" {
			t.Errorf("it cost %v", reads)
		}
		p.check()
	})
}

// Among those who are asked for together, each gets what is theirs.
func TestWhoIsLetInIsNotDecidedByWhoComesAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t, 1, 60, 1)
		defer c.stop()
		c.school.takes(time.Second)
		talk := c.school.start(c.school.people[:30]...)
		c.school.post(talk, c.school.people[0], "letter")
		var all sync.WaitGroup
		for i, person := range c.school.people {
			all.Go(func() {
				p := newPage(t, c.school, person)
				ended := i%3 == 0
				if ended {
					c.school.out(uuid.Nil, p.who.SignIn)
				}
				if err := p.connect(c.nodes[0].Node); (err != nil) != ended {
					t.Errorf("%d: ended %v, %v", i, ended, err)
				}
				if ended {
					return
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := p.subscribe(ctx, p.current(), talk)
				if sits := i < 30; (err == nil) != sits {
					t.Errorf("%d: sits there %v, %v", i, sits, err)
				} else if time.Sleep(settle); sits && p.shown(talk) != 1 {
					t.Errorf("%d was shown %d letters", i, p.shown(talk))
				}
			})
		}
		all.Wait()
	})
}
