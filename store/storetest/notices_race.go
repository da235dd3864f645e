package storetest

import (
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// crowd are so many further people, with addresses.
func (o *office) crowd(n int) (ids []uuid.UUID) {
	o.Helper()
	more := addressed
	more.People = append([]roster.SnapshotPerson{}, addressed.People...)
	for i := range n {
		name := fmt.Sprintf("p%03d", i)
		more.People = append(more.People, roster.SnapshotPerson{
			SourcedID: name, Given: "Pat", Family: name, Email: name + "@example.org", Roles: as("school", roster.Student),
		})
	}
	o.deliver(more)
	for i := range n {
		p, err := o.PersonBySourcedID(o.Context(), o.id, fmt.Sprintf("p%03d", i))
		o.must(err)
		ids = append(ids, p.ID)
	}
	return ids
}

// writeTo starts one conversation of Ana with everybody.
func (o *office) writeTo(people []uuid.UUID) uuid.UUID {
	o.Helper()
	c := o.conversation("trip", "ana")
	for _, id := range people {
		c.Participants = append(c.Participants, hub.NewParticipant{
			Person: id, Ties: []roster.Tie{{Person: id, Part: roster.AsStudent, Student: id}},
		})
	}
	_, err := o.Start(o.Context(), o.begin("ana"), planned(c))
	o.must(err)
	return c.ID
}

// claimers is how many claim at once.
const claimers = 6

// atOnce lets several claim until nothing is due, and answers the mails by
// person. each is done with every mail.
func (o *office) atOnce(each func(notify.Claim)) map[uuid.UUID]int {
	o.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[uuid.UUID]int{}
	for range claimers {
		all.Go(func() {
			for {
				c, err := o.Claim(o.Context(), o.clock, 5, noticeLease, notify.Judge)
				if hub.CodeOf(err) == hub.CodeBusy {
					continue
				}
				if err != nil {
					o.Errorf("claim: %v", err)
					return
				}
				for _, m := range c.Mails {
					mu.Lock()
					got[m.Person]++
					mu.Unlock()
					each(m)
				}
				if next, err := o.Next(o.Context()); len(c.Mails) == 0 && (err != nil || next.IsZero() || next.After(o.clock)) {
					return
				}
			}
		})
	}
	all.Wait()
	return got
}

var raceTests = []noticeTest{
	{"many claim at once, and everybody is mailed exactly once", func(o *office) {
		people := o.crowd(200)
		o.writeTo(people)
		o.wait(noticeDelay)
		got := o.atOnce(func(m notify.Claim) {
			if parts, err := o.Calling(o.Context(), m.Lease, o.clock); err != nil || len(parts) != 1 {
				o.Errorf("calling: %+v, %v", parts, err)
			}
			if err := o.Settle(o.Context(), m.Lease, o.became(notify.Sent)); err != nil {
				o.Errorf("settle: %v", err)
			}
		})
		for _, id := range people {
			if got[id] != 1 {
				o.Errorf("somebody has %d mails", got[id])
			}
		}
		if len(got) != len(people) {
			o.Errorf("%d people were mailed", len(got))
		}
		o.quiet()
	}},
	{"many take over at once, and every mail has one newest lease", func(o *office) {
		people := o.crowd(40)
		o.writeTo(people)
		o.wait(noticeDelay)
		var mu sync.Mutex
		leases := map[uuid.UUID][]notify.Claim{}
		keep := func(m notify.Claim) {
			mu.Lock()
			defer mu.Unlock()
			leases[m.Mail.ID] = append(leases[m.Mail.ID], m)
		}
		o.atOnce(keep)
		o.wait(noticeLease)
		o.atOnce(keep)
		if len(leases) != len(people) {
			o.Errorf("%d mails for %d people", len(leases), len(people))
		}
		for _, list := range leases {
			if len(list) != 2 {
				o.Fatalf("a mail was leased %d times", len(list))
			}
			o.lost(o.Settle(o.Context(), list[0].Lease, o.became(notify.Sent)))
			o.settle(list[1], notify.Sent)
		}
	}},
	{"who reads while others claim is mailed, or spared, never both", func(o *office) {
		people := o.crowd(60)
		c := o.writeTo(people)
		o.wait(noticeDelay)
		var readers sync.WaitGroup
		readers.Go(func() {
			for _, id := range people {
				if _, err := o.MarkRead(o.Context(), o.id, c, id, 1); err != nil && hub.CodeOf(err) != hub.CodeBusy {
					o.Errorf("read: %v", err)
				}
			}
		})
		got := o.atOnce(func(m notify.Claim) {
			state := notify.Sent
			if parts, err := o.Calling(o.Context(), m.Lease, o.clock); err != nil {
				o.Errorf("calling: %v", err)
			} else if len(parts) == 0 {
				state = notify.Cancelled
			}
			if err := o.Settle(o.Context(), m.Lease, o.became(state)); err != nil {
				o.Errorf("settle: %v", err)
			}
		})
		readers.Wait()
		for _, n := range got {
			if n != 1 {
				o.Errorf("somebody was claimed %d times", n)
			}
		}
		o.quiet()
	}},
	{"letters that come while others claim are not lost", func(o *office) {
		people := o.crowd(30)
		c := o.writeTo(people)
		o.wait(noticeDelay)
		var writer sync.WaitGroup
		letters := int64(1)
		writer.Go(func() {
			for range 10 {
				p := o.reply(c, "ana", "One more.")
				for {
					if _, err := o.Post(o.Context(), p); hub.CodeOf(err) != hub.CodeBusy {
						if err != nil {
							o.Errorf("post: %v", err)
						}
						break
					}
				}
				letters++
			}
		})
		upTo := map[uuid.UUID]int64{}
		var mu sync.Mutex
		take := func(m notify.Claim) {
			mu.Lock()
			defer mu.Unlock()
			if m.Parts[0].After != upTo[m.Person] {
				o.Errorf("mailed is from %d on, before it was up to %d", m.Parts[0].After, upTo[m.Person])
			}
			upTo[m.Person] = m.Parts[0].UpTo
			if err := o.Settle(o.Context(), m.Lease, o.became(notify.Sent)); err != nil {
				o.Errorf("settle: %v", err)
			}
		}
		o.atOnce(take)
		writer.Wait()
		o.wait(25 * time.Hour)
		o.atOnce(take)
		for _, id := range people {
			if upTo[id] != letters {
				o.Errorf("somebody was mailed up to %d of %d", upTo[id], letters)
			}
		}
	}},
}
