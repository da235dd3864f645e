package notify_test

import (
	"context"
	"fmt"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// audit is what a provider took, held against what was truly written and read.
type audit struct {
	mails, messages                           int // that were taken, and messages in them
	spared                                    int // messages that were read and never mailed
	needless, early, quiet, doubled, miscount int // quiet: in quiet hours, or not at the hour of the day
	missing                                   int
	astray, unwanted                          int // to an address of before, or to who wanted none any more
	given                                     int // messages whose mail was given up, or never known of
	slowest                                   time.Duration
	first                                     string // of what is wrong
}

func (a audit) wrong() int {
	return a.needless + a.early + a.quiet + a.doubled + a.missing + a.miscount + a.astray + a.unwanted
}

// received is a message that somebody was mailed.
type received struct {
	reader *reader
	mark
}

// latest is how long nobody may stay unread unmailed: the delay, the longest
// throttling, a night, a day of who is mailed once a day, and the retries.
const latest = 40 * time.Hour

const ofLease = 2 * time.Minute // what was known when a mail was claimed may be so old

func (w *world) audit(p *provider) (a audit) {
	got := map[received]int{}
	for _, c := range p.taken {
		a.mails++
		a.judge(w, c, got, p.faults == 0)
	}
	for to, n := range got {
		a.messages++
		if n > 1 {
			a.doubled += n - 1
			a.say("doubled: %v of %v", to.seq, to.reader.id)
		}
	}
	for _, k := range w.talks {
		for _, to := range k.people {
			a.look(w, k, to, got)
		}
	}
	return a
}

// judge looks at one mail.
func (a *audit) judge(w *world, c copied, got map[received]int, calm bool) {
	to := w.reader(c.Reader)
	oldest := c.called
	for _, lp := range c.Parts {
		k := w.talk(lp)
		var seqs []int64
		for _, m := range lp.Messages {
			seqs = append(seqs, m.Seq)
		}
		if int64(len(seqs)) != lp.Count && len(seqs) != notify.MaxMessages {
			a.miscount++
			a.say("%d messages are counted as %d", len(seqs), lp.Count)
		}
		for seq := seqs[0] - 1; int64(len(seqs)) < lp.Count; seq-- { // those that are only counted
			if k.letters[seq-1].from != to {
				seqs = append(seqs, seq)
			}
		}
		for _, seq := range seqs {
			l := k.letters[seq-1]
			got[received{to, mark{k.id, seq}}]++
			if at, read := to.read[mark{k.id, seq}]; read && at.Before(c.called) || l.from == to {
				a.needless++
				a.say("needless: read at %v, called at %v", at, c.called)
			}
			if l.at.Before(oldest) {
				oldest = l.at
			}
			a.slowest = max(a.slowest, c.called.Sub(l.at))
		}
	}
	if age := c.called.Sub(oldest); age < roster.DefaultSettings().MailDelay() {
		a.early++
		a.say("early: after %v", age)
	}
	if !to.moved.IsZero() && c.called.Sub(to.moved) > ofLease && c.To != to.address {
		a.astray++
		a.say("astray: at %v, moved at %v", c.called, to.moved)
	}
	if !to.off.IsZero() && c.called.After(to.off) {
		a.unwanted++
		a.say("unwanted: at %v, since %v", c.called, to.off)
	}
	s := notify.Standing{Preferences: to.Preferences}
	local := c.called.In(s.Location())
	if to.Quiet != nil && quietBy(*to.Quiet, local) || to.Mail == identity.MailDaily && calm && (local.Hour() != to.DailyAt || local.Minute() > 1) {
		a.quiet++
		a.say("quiet: at %v", local)
	}
}

// look finds the messages to somebody that should have been mailed and were not.
func (a *audit) look(w *world, k *talk, to *reader, got map[received]int) {
	for i, l := range k.letters {
		m := mark{k.id, int64(i + 1)}
		if l.from == to || got[received{to, m}] > 0 {
			continue
		}
		until, read := to.read[m]
		if !read {
			until = w.now()
		}
		switch {
		case to.Mail == identity.MailOff:
		case until.Sub(l.at) < latest:
			a.spared++
		case w.gaveUp(to, m):
			a.given++
		default:
			a.missing++
			a.say("missing: number %d, unread for %v", m.seq, until.Sub(l.at))
		}
	}
}

// gaveUp says whether a mail about a message ended as failed or unknown.
func (w *world) gaveUp(to *reader, m mark) bool {
	for _, id := range w.made {
		mail, err := w.MailOf(context.Background(), id)
		must(w.t, err)
		for _, part := range mail.Parts {
			if mail.Person == to.id && part.Conversation == m.talk && part.After < m.seq && m.seq <= part.UpTo {
				return mail.State == notify.Failed || mail.State == notify.Unknown
			}
		}
	}
	return false
}

func (a *audit) say(format string, args ...any) {
	if a.first == "" {
		a.first = fmt.Sprintf(format, args...)
	}
}

func (w *world) reader(p roster.Person) *reader {
	for _, r := range w.people {
		if r.id == p.ID {
			return r
		}
	}
	panic("a mail to nobody")
}

func (w *world) talk(lp notify.LetterPart) *talk {
	for _, k := range w.talks {
		if k.id == lp.Conversation.ID {
			return k
		}
	}
	panic("a mail about nothing")
}
