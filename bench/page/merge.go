package page

// maxHeld is how many letters are kept that came before their turn.
const maxHeld = 500

// letters are those of one conversation: each once, in order, without a gap.
type letters struct {
	last int64 // the number up to which all were given out
	head int64 // the highest number heard of
	held map[int64]Message
}

func newLetters(last int64) letters {
	return letters{last: last, head: last, held: map[int64]Message{}}
}

// heard: there are letters up to this number.
func (l *letters) heard(seq int64) { l.head = max(l.head, seq) }

// take takes letters in any order, some of them again, and gives back those whose
// turn it is now.
func (l *letters) take(messages []Message) []Message {
	for _, m := range messages {
		l.heard(m.Seq)
		if m.Seq > l.last && len(l.held) < maxHeld {
			l.held[m.Seq] = m
		}
	}
	var next []Message
	for {
		m, ok := l.held[l.last+1]
		if !ok {
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

// missing says whether there are letters that one has heard of and not been given.
func (l *letters) missing() bool { return l.head > l.last }

// How what was told of an inbox follows on what was known.
type follows int

const (
	stale follows = iota
	next
	missed
)

// head is the state of one's inbox: the highest version wins, and the number
// shown is the one that came with it.
type head struct{ version, unread int64 }

// forget: the versions so far are of another epoch.
func (h *head) forget() { h.version = -1 }

func (h *head) take(told Inbox) follows {
	if told.Version <= h.version {
		return stale
	}
	follows := told.Version == h.version+1
	h.version, h.unread = told.Version, told.Unread
	if follows && (told.Letter != nil || told.Read != nil || told.Sealed != nil) {
		return next
	}
	return missed
}

// loaded: the rows were read again, as of some version. It says whether more has
// happened since.
func (h *head) loaded(version, unread int64) (behind bool) {
	if version > h.version {
		h.version, h.unread = version, unread
	}
	return version < h.version
}
