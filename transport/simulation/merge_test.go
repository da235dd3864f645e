package simulation_test

import "github.com/homeline/homeline/hub/wire"

// What follows is static/js/merge.js, line by line.

const maxHeld = 500

// letters are those of one conversation: each once, in order, without a gap.
type letters struct {
	last int64 // the number up to which all were given out
	head int64 // the highest number heard of
	held map[int64]wire.Message
}

func newLetters(last int64) *letters {
	return &letters{last: last, head: last, held: map[int64]wire.Message{}}
}

func (l *letters) heard(seq int64) { l.head = max(l.head, seq) }

func (l *letters) take(messages []wire.Message) (next []wire.Message) {
	for _, m := range messages {
		l.heard(m.Seq)
		if m.Seq > l.last && len(l.held) < maxHeld {
			l.held[m.Seq] = m
		}
	}
	for {
		m, there := l.held[l.last+1]
		if !there {
			break
		}
		l.last++
		next = append(next, m)
		delete(l.held, l.last)
	}
	if len(l.held) >= maxHeld {
		clear(l.held)
	}
	return next
}

func (l *letters) missing() bool { return l.head > l.last }

// inbox is the state of one's inbox: the highest version wins.
type inbox struct{ version, unread int64 }

func (i *inbox) forget() { i.version = -1 }

func (i *inbox) take(f frame) string {
	if f.Version <= i.version {
		return "stale"
	}
	follows := f.Version == i.version+1
	i.version, i.unread = f.Version, f.Unread
	if follows && (f.Letter != nil || f.Read != nil || len(f.Sealed) > 0) {
		return "next"
	}
	return "missed"
}

func (i *inbox) loaded(version, unread int64) (behind bool) {
	if version > i.version {
		i.version, i.unread = version, unread
	}
	return version < i.version
}
