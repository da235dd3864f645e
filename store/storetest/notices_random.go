package storetest

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
)

// noticesWhateverHappens asks that a store, whatever happens in whatever order,
// does with notices and mails what a model of both does.
func noticesWhateverHappens(t *testing.T, store NoticeStore) {
	rapid.Check(t, func(rt *rapid.T) {
		o := openOffice(rt, store, "random-"+newID().String())
		o.drain() // where a run before was broken off
		m := &clerk{office: o, due: map[string]time.Time{}, marks: map[noticeSeat]*noticeMark{}, off: map[string]bool{}}
		rt.Repeat(map[string]func(*rapid.T){
			"start": m.start, "post": m.post, "read": m.read, "wait": m.wait, "claim": m.claim, "call": m.call, "settle": m.settle,
			"prefer": m.prefer, "switch": m.toggle, "report": m.report,
		})
		m.end()
	})
}

// clerk is an office in which anything happens, and what must have come of it.
type clerk struct {
	*office
	talks   []*noticeTalk
	due     map[string]time.Time // notices, by name
	marks   map[noticeSeat]*noticeMark
	off     map[string]bool // who wants no mail
	dark    bool            // messaging is off
	mails   []*noticeMail
	claimed []notify.Claim // all, lost ones too
}

type noticeTalk struct {
	id      uuid.UUID
	names   []string
	senders []string // of the letters
	sent    []time.Time
}

type noticeSeat struct {
	talk uuid.UUID
	name string
}

// noticeMark is how far somebody has read and was mailed.
type noticeMark struct {
	read int64
	notify.Mailed
}

// noticeMail is a mail as it must be.
type noticeMail struct {
	notify.Mail
	name  string
	token int64
	due   time.Time
}

func (m *noticeMail) open() bool {
	return m.State == notify.Intended || m.State == notify.Calling || m.State == notify.Waiting
}

func (m *clerk) start(t *rapid.T) {
	if m.dark {
		return
	}
	names := rapid.Permutation(everybody).Draw(t, "names")[:rapid.IntRange(2, 3).Draw(t, "people")]
	talk := &noticeTalk{id: m.office.start(names...).Conversation, names: names}
	m.talks = append(m.talks, talk)
	for _, name := range names {
		m.marks[noticeSeat{talk.id, name}] = &noticeMark{}
	}
	m.came(talk, names[0])
}

// came notes a letter.
func (m *clerk) came(talk *noticeTalk, from string) {
	talk.senders, talk.sent = append(talk.senders, from), append(talk.sent, m.clock)
	for _, name := range talk.names {
		at := m.clock.Add(noticeDelay)
		if had, there := m.due[name]; name != from && (!there || at.Before(had)) {
			m.due[name] = at
		}
	}
}

func (m *clerk) draw(t *rapid.T) *noticeTalk {
	if len(m.talks) == 0 {
		return nil
	}
	return rapid.SampledFrom(m.talks).Draw(t, "conversation")
}

func (m *clerk) post(t *rapid.T) {
	if talk := m.draw(t); talk != nil && !m.dark {
		from := rapid.SampledFrom(talk.names).Draw(t, "sender")
		m.office.post(talk.id, from)
		m.came(talk, from)
	}
}

func (m *clerk) read(t *rapid.T) {
	if talk := m.draw(t); talk != nil {
		name := rapid.SampledFrom(talk.names).Draw(t, "reader")
		upTo := rapid.Int64Range(1, int64(len(talk.sent))).Draw(t, "up to")
		m.office.read(talk.id, name, upTo)
		mark := m.marks[noticeSeat{talk.id, name}]
		mark.read = max(mark.read, upTo)
	}
}

func (m *clerk) wait(t *rapid.T) {
	m.office.wait(time.Duration(rapid.SampledFrom([]int{1, 5, 15, 60, 240, 1440}).Draw(t, "minutes")) * time.Minute)
}

func (m *clerk) prefer(t *rapid.T) {
	name := rapid.SampledFrom(everybody).Draw(t, "who")
	m.off[name] = rapid.Bool().Draw(t, "off")
	p := identity.Preferences{}
	if m.off[name] {
		p.Mail = identity.MailOff
	}
	m.prefers(name, p)
}

func (m *clerk) toggle(*rapid.T) {
	m.dark = !m.dark
	m.enable(!m.dark)
}

// fresh is what a mail for somebody would be about, by conversation.
func (m *clerk) fresh(name string) map[uuid.UUID]notify.Unread {
	all := map[uuid.UUID]notify.Unread{}
	for _, talk := range m.talks {
		mark := m.marks[noticeSeat{talk.id, name}]
		if mark == nil {
			continue
		}
		u := notify.Unread{Conversation: talk.id, LastSeq: int64(len(talk.sent)), ReadSeq: mark.read, Mailed: mark.Mailed}
		for i := len(talk.sent); int64(i) > max(mark.read, mark.Seq); i-- {
			if talk.senders[i-1] != name {
				u.Fresh, u.FreshSeq, u.FreshSince = u.Fresh+1, max(u.FreshSeq, int64(i)), talk.sent[i-1]
			}
		}
		if u.Fresh > 0 {
			all[talk.id] = u
		}
	}
	return all
}

// judge holds what the store says of somebody against the model, and judges.
func (m *clerk) judge(s notify.Standing, now time.Time) notify.Verdict {
	name := m.nameOf(s.Person.ID)
	if due, there := m.due[name]; !there || due.After(now) {
		m.Fatalf("%s is judged at %v, and due at %v (%v)", name, now, due, there)
	}
	want := m.fresh(name)
	for _, u := range s.Unread {
		if u.Fresh > 0 {
			m.isUnread(u, want[u.Conversation])
			delete(want, u.Conversation)
		}
	}
	if len(want) > 0 {
		m.Fatalf("%s is judged without %+v", name, want)
	}
	if s.District.Enabled == m.dark || (s.Preferences.Mail == identity.MailOff) != m.off[name] {
		m.Fatalf("%s is judged as %+v of %+v", name, s.Preferences, s.District)
	}
	v := notify.Judge(s, now)
	delete(m.due, name)
	if !v.Next.IsZero() {
		m.due[name] = v.Next
	}
	for _, part := range v.Parts {
		m.marks[noticeSeat{part.Conversation, name}].Mailed = notify.Mailed{Seq: part.UpTo, Step: part.Step, At: now}
	}
	return v
}

func (m *clerk) nameOf(id uuid.UUID) string {
	for name, who := range m.who {
		if who == id {
			return name
		}
	}
	m.Fatalf("%s is nobody", id)
	return ""
}

func (m *clerk) claim(t *rapid.T) {
	m.next()
	limit := rapid.IntRange(1, 4).Draw(t, "limit")
	left := 0
	for _, mail := range m.mails {
		if mail.open() && !mail.due.After(m.clock) {
			left++
		}
	}
	c, err := m.Claim(m.Context(), m.clock, limit, noticeLease, m.judge)
	m.must(err)
	for _, claim := range c.Mails {
		m.took(claim)
	}
	m.claimed = append(m.claimed, c.Mails...)
	if want := min(limit, left); m.takenOver(c) != want {
		t.Fatalf("%d unfinished mails were taken over, not %d", m.takenOver(c), want)
	}
	if !c.More && len(c.Mails) < limit {
		for name, at := range m.due {
			if !at.After(m.clock) {
				t.Fatalf("%s is due, and no more is said to be", name)
			}
		}
	}
}

// took holds a claimed mail against what it must be.
func (m *clerk) took(c notify.Claim) {
	for _, mail := range m.mails {
		if mail.ID != c.Mail.ID {
			continue
		}
		if !mail.open() || mail.due.After(m.clock) || c.Token <= mail.token || c.Mail.State != mail.State ||
			c.Mail.Attempts != mail.Attempts || c.Mail.Doubts != mail.Doubts {
			m.Fatalf("claimed is %+v, which is %+v", c, mail)
		}
		mail.token, mail.due = c.Token, c.Until
		return
	}
	if c.Mail.State != notify.Intended || c.Mail.Attempts != 0 || len(c.Parts) == 0 {
		m.Fatalf("claimed is %+v", c)
	}
	m.mails = append(m.mails, &noticeMail{Mail: c.Mail, name: m.nameOf(c.Mail.Person), token: c.Token, due: c.Until})
}

// takenOver is how many of the claimed had been claimed before.
func (m *clerk) takenOver(c notify.Claimed) (n int) {
	for _, claim := range c.Mails {
		for _, before := range m.claimed[:len(m.claimed)-len(c.Mails)] {
			if before.Mail.ID == claim.Mail.ID {
				n++
				break
			}
		}
	}
	return n
}

// lease is one that somebody was given, the newest of its mail or not.
func (m *clerk) lease(t *rapid.T) (notify.Lease, *noticeMail) {
	if len(m.claimed) == 0 {
		return notify.Lease{}, nil
	}
	c := rapid.SampledFrom(m.claimed).Draw(t, "lease")
	for _, mail := range m.mails {
		if mail.ID == c.Mail.ID {
			return c.Lease, mail
		}
	}
	return notify.Lease{}, nil
}

func (m *clerk) call(t *rapid.T) {
	l, mail := m.lease(t)
	if mail == nil {
		return
	}
	parts, err := m.Calling(m.Context(), l, m.clock)
	if l.Token != mail.token || !mail.open() {
		m.lost(err)
		return
	}
	m.must(err)
	want := m.still(mail)
	if len(parts) != len(want) {
		t.Fatalf("called is about %+v, not %+v", parts, want)
	}
	for _, part := range parts {
		if part != want[part.Conversation] {
			t.Fatalf("called is about %+v, not %+v", part, want[part.Conversation])
		}
	}
	if len(parts) == 0 {
		return
	}
	if mail.State == notify.Calling {
		mail.Doubts++
	}
	mail.State, mail.Attempts = notify.Calling, mail.Attempts+1
}

// still is what of a mail is unread, by conversation.
func (m *clerk) still(mail *noticeMail) map[uuid.UUID]notify.Part {
	left := map[uuid.UUID]notify.Part{}
	if m.dark || m.off[mail.name] {
		return left
	}
	for _, part := range mail.Parts {
		part.After = max(part.After, m.marks[noticeSeat{part.Conversation, mail.name}].read)
		for _, talk := range m.talks {
			for seq := part.After + 1; talk.id == part.Conversation && seq <= part.UpTo; seq++ {
				if talk.senders[seq-1] != mail.name {
					left[part.Conversation] = part
				}
			}
		}
	}
	return left
}

func (m *clerk) settle(t *rapid.T) {
	l, mail := m.lease(t)
	if mail == nil {
		return
	}
	state := rapid.SampledFrom([]notify.State{
		notify.Calling, notify.Waiting, notify.Sent, notify.Cancelled, notify.Failed, notify.Unknown,
	}).Draw(t, "state")
	became := m.became(state)
	err := m.Settle(m.Context(), l, became)
	switch {
	case l.Token != mail.token || !mail.open() && mail.State != state:
		m.lost(err)
	default:
		m.must(err)
		mail.State, mail.due = state, became.Next
	}
}

func (m *clerk) report(t *rapid.T) {
	if len(m.mails) == 0 {
		return
	}
	mail := rapid.SampledFrom(m.mails).Draw(t, "mail")
	if mail.State == notify.Calling || mail.State == notify.Unknown {
		m.reports(m.office.report(notify.Delivered, mail.Mail))
		mail.State = notify.Sent
	}
}

// next holds when something is due of this district against the model. Others
// in the same store may be due earlier.
func (m *clerk) next() {
	var first time.Time
	sooner := func(at time.Time) {
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	for _, at := range m.due {
		sooner(at)
	}
	for _, mail := range m.mails {
		if mail.open() {
			sooner(mail.due)
		}
	}
	if got := m.office.next(); !got.Equal(first) {
		m.Fatalf("next is due %v, not %v", got, first)
	}
}

// end holds the mails that were kept against the model.
func (m *clerk) end() {
	for _, mail := range m.mails {
		got := m.mail(mail.ID)
		if got.State != mail.State || got.Attempts != mail.Attempts || got.Doubts != mail.Doubts {
			m.Fatalf("kept is %+v, not %+v", got, mail.Mail)
		}
	}
	m.drain()
}
