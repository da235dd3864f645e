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

// keptFrames is the room that an empty queue keeps, in frames.
const keptFrames = 4

// queue holds the frames that wait for a session's connection.
type queue struct {
	frames  []frame
	next    int // in frames: those before it have left
	bytes   int
	inboxes int
}

func (q *queue) empty() bool { return q.next == len(q.frames) }

func (q *queue) push(f frame) {
	if len(q.frames) == cap(q.frames) && q.next > 0 { // what has left makes room
		kept := copy(q.frames, q.frames[q.next:])
		clear(q.frames[kept:])
		q.frames, q.next = q.frames[:kept], 0
	}
	q.frames = append(q.frames, f)
	q.bytes += len(f.bytes)
	if f.inbox {
		q.inboxes++
	}
}

func (q *queue) pop() frame {
	f := q.frames[q.next]
	q.frames[q.next] = frame{}
	q.next++
	q.bytes -= len(f.bytes)
	if f.inbox {
		q.inboxes--
	}
	if q.empty() {
		q.next = 0
		if q.frames = q.frames[:0]; cap(q.frames) > keptFrames {
			q.frames = nil
		}
	}
	return f
}

// dropInboxes takes out what a newer state of the inbox replaces.
func (q *queue) dropInboxes() {
	kept := q.frames[:0]
	for _, f := range q.frames[q.next:] {
		if f.inbox {
			q.bytes -= len(f.bytes)
			continue
		}
		kept = append(kept, f)
	}
	clear(q.frames[len(kept):])
	q.frames, q.next, q.inboxes = kept, 0, 0
}
