package live

// inboxBurst is how many events of the inbox may wait in one session's queue
// with what happened in them; one more, and the newest state replaces them all.
const inboxBurst = 8

// frame is one text frame on its way to a session. The bytes may be shared with
// other sessions and are never changed.
type frame struct {
	bytes []byte
	inbox bool
}

// queue holds the frames that wait for a session's connection.
type queue struct {
	frames  []frame
	bytes   int
	inboxes int
}

func (q *queue) push(f frame) {
	q.frames = append(q.frames, f)
	q.bytes += len(f.bytes)
	if f.inbox {
		q.inboxes++
	}
}

func (q *queue) pop() frame {
	f := q.frames[0]
	q.frames[0] = frame{}
	q.frames = q.frames[1:]
	q.bytes -= len(f.bytes)
	if f.inbox {
		q.inboxes--
	}
	if len(q.frames) == 0 {
		q.frames = nil
	}
	return f
}

// dropInboxes takes out what a newer state of the inbox replaces.
func (q *queue) dropInboxes() {
	kept := q.frames[:0]
	for _, f := range q.frames {
		if f.inbox {
			q.bytes -= len(f.bytes)
			continue
		}
		kept = append(kept, f)
	}
	clear(q.frames[len(kept):])
	q.frames, q.inboxes = kept, 0
}
