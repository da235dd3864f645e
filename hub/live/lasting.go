package live

import "time"

const (
	sayAfter = time.Second // what is over sooner, or what the broker says itself by then, is not said
	sayAgain = time.Minute // while it lasts, or comes again and again
)

// lasting is a fault of the way to the broker, which goes into the log where it
// lasts, and however long that is, or how often it comes, once a minute at most.
// Whoever has one guards it.
type lasting struct {
	since time.Time // zero while there is none
	said  time.Time
}

// toSay says, at every failure, whether to log it.
func (l *lasting) toSay(after time.Duration) bool {
	now := time.Now()
	if l.since.IsZero() {
		l.since = now
	}
	if now.Sub(l.since) < after || !l.said.IsZero() && now.Sub(l.said) < sayAgain {
		return false
	}
	l.said = now
	return true
}

// over says, when all is well, whether a fault that was logged has ended.
func (l *lasting) over() bool {
	said := !l.since.IsZero() && !l.said.Before(l.since)
	l.since = time.Time{}
	return said
}
