package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/replymail"
)

// ReplyStore is what [Replies] needs: what is kept of replies by mail, and people
// whose they are.
type ReplyStore interface {
	IdentityStore
	replymail.Keep
}

// Replies asks of the stores that open opens what replymail.Keep promises. Each
// test has a district of its own.
func Replies(t *testing.T, open func(*testing.T) ReplyStore) {
	store := open(t)
	for _, one := range []struct {
		says string
		run  func(*counter)
	}{
		{"a held reply is found as it was kept, until it expires", aHeldReplyIsFound},
		{"a reply that comes again is held once, and told of once", aReplyIsHeldOnce},
		{"of one person so many wait at a time", soManyWait},
		{"of a reply that was confirmed the text is forgotten", aConfirmedReplyIsForgotten},
		{"a held reply is not found once its person is out", aHeldReplyOfWhoIsOut},
		{"a mail is answered once", aMailIsAnsweredOnce},
		{"an address is answered so often in so long", anAddressIsAnsweredSoOften},
		{"a token comes with one mail", aTokenComesWithOneMail},
		{"what is over is forgotten, and nothing else", repliesAreSwept},
		{"of many at once as many are taken as of one after another", repliesAtOnce},
	} {
		t.Run(one.says, func(t *testing.T) {
			one.run(&counter{T: t, ReplyStore: store, district: newSchool(t, store, "lincoln-"+newID().String()).ID})
		})
	}
}

// counter is where the replies of one district come in.
type counter struct {
	*testing.T
	ReplyStore
	district uuid.UUID
}

func (c *counter) reply(sourcedID string) replymail.HeldReply {
	c.Helper()
	h := replymail.HeldReply{
		District: c.district, Key: newID(), Person: person(c.T, c, c.district, sourcedID).ID, Conversation: newID(),
		From: "Kim@example.org", Text: "yes\n\x00 é 👩‍👧 \xff", ExpiresAt: schoolNow.Add(hour),
	}
	copy(h.Hash[:], h.Key[:])
	return h
}

func (c *counter) hold(h replymail.HeldReply) (told bool) {
	c.Helper()
	return given(c.Hold(c.Context(), h, 3))(c.T)
}

func (c *counter) isGone(h replymail.HeldReply, now time.Time) {
	c.Helper()
	if got, err := c.HeldReply(c.Context(), h.Hash, now); !errors.Is(err, replymail.ErrNoReply) {
		c.Errorf("found %+v, %v", got, err)
	}
}

func aHeldReplyIsFound(c *counter) {
	want := c.reply("kim")
	if c.hold(want) {
		c.Error("it was told of before it was held")
	}
	if got := given(c.HeldReply(c.Context(), want.Hash, want.ExpiresAt.Add(-time.Microsecond)))(c.T); got != want {
		c.Errorf("found %+v, want %+v", got, want)
	}
	c.isGone(want, want.ExpiresAt)
	c.isGone(c.reply("kim"), schoolNow)
}

func aReplyIsHeldOnce(c *counter) {
	first := c.reply("kim")
	c.hold(first)
	again := first
	again.Text, again.Hash = "another", [32]byte{1}
	if c.hold(again) {
		c.Error("it was told of though nobody did")
	}
	must(c.T, c.Told(c.Context(), first.District, first.Key))
	if !c.hold(again) {
		c.Error("that it was told of is forgotten")
	}
	c.isGone(again, schoolNow)
	if got := given(c.HeldReply(c.Context(), first.Hash, schoolNow))(c.T); got != first {
		c.Errorf("found %+v, want %+v", got, first)
	}
}

func soManyWait(c *counter) {
	first := c.reply("kim")
	c.hold(first)
	c.hold(c.reply("kim"))
	c.hold(c.reply("kim"))
	if _, err := c.Hold(c.Context(), c.reply("kim"), 3); !errors.Is(err, replymail.ErrTooMany) {
		c.Errorf("a fourth: %v", err)
	}
	if _, err := c.Hold(c.Context(), first, 3); err != nil {
		c.Errorf("the first again: %v", err)
	}
	c.hold(c.reply("ana"))
	must(c.T, c.Confirmed(c.Context(), first.District, first.Key))
	c.hold(c.reply("kim"))
}

func aConfirmedReplyIsForgotten(c *counter) {
	h := c.reply("kim")
	c.hold(h)
	must(c.T, c.Confirmed(c.Context(), h.District, h.Key))
	must(c.T, c.Confirmed(c.Context(), h.District, h.Key))
	want := h
	want.Text, want.Confirmed = "", true
	if got := given(c.HeldReply(c.Context(), h.Hash, schoolNow))(c.T); got != want {
		c.Errorf("found %+v, want %+v", got, want)
	}
}

func aHeldReplyOfWhoIsOut(c *counter) {
	h := c.reply("kim")
	c.hold(h)
	leave(c.T, c, c.district, "kim")
	c.isGone(h, schoolNow)
}

func (c *counter) answer(key uuid.UUID, address string, at time.Time) bool {
	c.Helper()
	a := replymail.Answering{District: c.district, Key: key, Address: address, At: at}
	return given(c.Answering(c.Context(), a, 3, at.Add(-24*hour)))(c.T)
}

func aMailIsAnsweredOnce(c *counter) {
	key := newID()
	if !c.answer(key, "kim@example.org", schoolNow) {
		c.Error("it is not answered")
	}
	if c.answer(key, "kim@example.org", schoolNow.Add(48*hour)) {
		c.Error("it is answered again")
	}
}

func anAddressIsAnsweredSoOften(c *counter) {
	for i, spelt := range []string{"kim@example.org", "Kim@Example.org", " kim@example.org"} {
		if !c.answer(newID(), spelt, schoolNow.Add(time.Duration(i)*hour)) {
			c.Errorf("%d answers are too many", i+1)
		}
	}
	if c.answer(newID(), "kim@example.org", schoolNow.Add(3*hour)) {
		c.Error("a fourth goes out on one day")
	}
	if !c.answer(newID(), "ana@example.org", schoolNow.Add(3*hour)) {
		c.Error("another address waits for it")
	}
	if !c.answer(newID(), "kim@example.org", schoolNow.Add(24*hour)) {
		c.Error("a day later there is none either")
	}
}

func aTokenComesWithOneMail(c *counter) {
	token := newID().String()
	for _, says := range []string{"the first", "the same again"} {
		if !given(c.Receive(c.Context(), token, [32]byte{1}, schoolNow))(c.T) {
			c.Errorf("%s is refused", says)
		}
	}
	if given(c.Receive(c.Context(), token, [32]byte{2}, schoolNow))(c.T) {
		c.Error("another mail with the token is taken")
	}
}

func repliesAreSwept(c *counter) {
	over, waits := c.reply("kim"), c.reply("kim")
	waits.ExpiresAt = schoolNow.Add(2 * hour)
	c.hold(over)
	c.hold(waits)
	old, young := newID(), newID()
	c.answer(old, "kim@example.org", schoolNow.Add(-time.Microsecond))
	c.answer(young, "kim@example.org", schoolNow)
	tokens := []string{newID().String(), newID().String()}
	given(c.Receive(c.Context(), tokens[0], [32]byte{1}, schoolNow.Add(-time.Microsecond)))(c.T)
	given(c.Receive(c.Context(), tokens[1], [32]byte{1}, schoolNow))(c.T)

	must(c.T, c.SweepReplies(c.Context(), over.ExpiresAt, schoolNow))
	c.isGone(over, schoolNow)
	given(c.HeldReply(c.Context(), waits.Hash, schoolNow))(c.T)
	if !c.answer(old, "kim@example.org", schoolNow.Add(48*hour)) || c.answer(young, "kim@example.org", schoolNow.Add(48*hour)) {
		c.Error("answers are forgotten that are not over, or the other way round")
	}
	if !given(c.Receive(c.Context(), tokens[0], [32]byte{2}, schoolNow))(c.T) || given(c.Receive(c.Context(), tokens[1], [32]byte{2}, schoolNow))(c.T) {
		c.Error("tokens are forgotten that are not over, or the other way round")
	}
}

func repliesAtOnce(c *counter) {
	var held, answered, received atomic.Int32
	token := newID().String()
	same := c.reply("kim")
	replies := []replymail.HeldReply{c.reply("kim"), c.reply("kim"), c.reply("kim"), c.reply("kim"), same, same}
	var wg sync.WaitGroup
	for i, h := range replies {
		wg.Go(func() {
			switch _, err := c.Hold(c.Context(), h, 3); {
			case err == nil:
				held.Add(1)
			case !errors.Is(err, replymail.ErrTooMany):
				c.Error(err)
			}
			a := replymail.Answering{District: c.district, Key: h.Key, Address: "kim@example.org", At: schoolNow}
			fresh, err := c.Answering(c.Context(), a, 3, schoolNow.Add(-hour))
			ok, tokenErr := c.Receive(c.Context(), token, [32]byte{byte(i + 1)}, schoolNow)
			if fresh {
				answered.Add(1)
			}
			if ok {
				received.Add(1)
			}
			if err != nil || tokenErr != nil {
				c.Error(err, tokenErr)
			}
		})
	}
	wg.Wait()
	// The same, held twice, is held once.
	twice := int32(0)
	if _, err := c.HeldReply(c.Context(), same.Hash, schoolNow); err == nil {
		twice = 1
	}
	if got := fmt.Sprint(held.Load()-twice, answered.Load(), received.Load()); got != "3 3 1" {
		c.Errorf("held, answered and received are %s", got)
	}
}
