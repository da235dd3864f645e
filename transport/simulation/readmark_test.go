package simulation_test

// What follows is static/js/readmark.js, line by line; all in ms.
const (
	gather    = 300
	markAgain = 10_000
)

type readMark struct {
	*turns
	readSeq   int64
	send      func(upTo int64, tried bool, done func(error))
	shown     map[int64]bool // number → whether it is one's own
	sending   bool
	gathering bool
	ended     bool
	again     bool // an earlier try did not get through
}

func (r *readMark) saw(seq int64, own bool) {
	if _, shown := r.shown[seq]; seq <= r.readSeq || shown {
		return
	}
	r.shown[seq] = own
	if r.gathering {
		return
	}
	r.gathering = true
	r.after(gather, func() {
		r.gathering = false
		r.flush()
	})
}

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
	if r.sending || r.ended || upTo <= r.readSeq {
		return
	}
	r.sending = true
	r.send(upTo, r.again, func(err error) {
		r.then(func() {
			if err == nil {
				r.moved(upTo)
			}
			r.sending = false
			r.again = err != nil
			if err == nil {
				r.flush()
			} else {
				r.after(markAgain, r.flush)
			}
		})
	})
}
