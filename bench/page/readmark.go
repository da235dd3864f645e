package page

import "time"

const (
	markGather = 300 * time.Millisecond
	markAgain  = 10 * time.Second // after a mark that did not get through
)

// readMark is how far one has read: over what was shown without a gap, and only
// forward. send tells the server and calls back with whether it took it.
type readMark struct {
	turn      *turn
	send      func(upTo int64, tried bool, done func(ok bool))
	readSeq   int64
	shown     map[int64]bool // number → whether it is one's own
	sending   bool
	gathering bool
	closed    bool
	again     bool // an earlier try did not get through
}

func (r *readMark) saw(seq int64, own bool) {
	if _, again := r.shown[seq]; again || seq <= r.readSeq {
		return
	}
	r.shown[seq] = own
	if r.gathering {
		return
	}
	r.gathering = true
	r.turn.after(markGather, func() {
		r.gathering = false
		r.flush()
	})
}

// forget: what was shown is of another epoch.
func (r *readMark) forget() {
	r.readSeq = 0
	clear(r.shown)
}

// moved: the server says how far one has read, here or elsewhere.
func (r *readMark) moved(readSeq int64) {
	r.readSeq = max(r.readSeq, readSeq)
	for seq := range r.shown {
		if seq <= r.readSeq {
			delete(r.shown, seq)
		}
	}
}

func (r *readMark) reached() int64 {
	reached := r.readSeq
	for seq := r.readSeq + 1; ; seq++ {
		own, shown := r.shown[seq]
		if !shown {
			return reached
		}
		if !own {
			reached = seq
		}
	}
}

func (r *readMark) flush() {
	upTo := r.reached()
	if r.sending || r.closed || upTo <= r.readSeq {
		return
	}
	r.sending = true
	r.send(upTo, r.again, func(ok bool) {
		r.sending, r.again = false, !ok
		if ok {
			r.moved(upTo)
			r.flush()
			return
		}
		r.turn.after(markAgain, r.flush)
	})
}
