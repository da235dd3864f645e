package socket

import (
	"bytes"
	"sync"
	"time"
)

// urgent are the control frames that leave as soon as another frame has left
// whole. The library would wait five seconds for them to leave, and then cut the
// connection: a slow client may take longer for what is ahead of them.
type urgent struct {
	mu   sync.Mutex
	ping bool
	pong []byte // the answer to the last ping; nil if there is none to give

	broken bool      // nothing leaves any more
	pinged time.Time // when a ping left last
	before int64     // bytes that had left before it
}

// Write writes a frame of the library's, or a part of one.
func (l *line) Write(p []byte) (n int, err error) {
	l.writing.Lock()
	defer l.flush() // what could not leave in between
	defer l.writing.Unlock()
	return l.write(p)
}

// write has a deadline of its own, until the connection is being closed. The
// caller holds l.writing.
func (l *line) write(p []byte) (int, error) {
	if !l.finished() {
		if err := l.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
			return 0, err
		}
	}
	n, err := l.Conn.Write(p)
	l.out.Add(int64(n))
	if err != nil {
		l.urgent.drop()
	}
	_, _, _ = l.sent.take(p[:n]) // that a close says what is no text is no matter here
	return n, err
}

// ping lets a ping leave.
func (l *line) ping() {
	l.urgent.mu.Lock()
	l.urgent.ping = true
	l.urgent.mu.Unlock()
	l.flush()
}

// pong lets the answer to a ping leave. Of several the last counts (RFC 6455,
// 5.5.3).
func (l *line) pong(payload []byte) {
	l.urgent.mu.Lock()
	l.urgent.pong = append([]byte{0x80 | opPong, byte(len(payload))}, payload...)
	l.urgent.mu.Unlock()
	l.flush()
}

// flush writes what is urgent, unless something else is being written: then that
// is followed by it.
func (l *line) flush() {
	for l.urgent.waits() && l.writing.TryLock() {
		between := l.sent.between()
		var err error
		if between {
			_, err = l.write(l.urgent.take(l.out.Load()))
		}
		l.writing.Unlock()
		if !between || err != nil {
			return
		}
	}
}

func (u *urgent) waits() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return !u.broken && (u.ping || u.pong != nil)
}

func (u *urgent) drop() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.broken = true
}

func (u *urgent) take(before int64) []byte {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := bytes.Clone(u.pong)
	if u.ping {
		all = append(all, 0x80|opPing, 0)
		u.pinged, u.before = time.Now(), before
	}
	u.ping, u.pong = false, nil
	return all
}

// last returns when a ping left last, and how many bytes had left before it;
// waiting, if one has still to leave.
func (u *urgent) last() (pinged time.Time, before int64, waiting bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.pinged, u.before, u.ping
}
