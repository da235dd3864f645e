package socket

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// The sizes of a connection's two buffers in bytes. Those of net/http have 4096,
	// which is most of what an idle connection would cost.
	readBuffer  = 128
	writeBuffer = 512
	// kernelBuffer is what may wait below us for a client that takes it slowly, in
	// bytes: what waits there is ahead of every ping.
	kernelBuffer = 16 << 10
)

// line is what a socket's bytes come and leave through. It holds the client to
// its rate by reading no faster, and counts what gets through.
type line struct {
	net.Conn
	early  []byte // came together with the upgrade
	frames frames
	fault  error // of the frames; nothing is read after it
	full   int64 // when all frames that may be read at once may be again, in ns

	in, out atomic.Int64 // bytes

	writing sync.Mutex
	sent    frames // what has left
	urgent  urgent
	paced   atomic.Bool // it is not read just now

	mu   sync.Mutex
	over bool
	end  chan struct{} // closed once it is over; nil until it is waited for
}

func newLine(conn net.Conn, early []byte) *line {
	if tcp, is := conn.(interface{ SetWriteBuffer(int) error }); is {
		_ = tcp.SetWriteBuffer(kernelBuffer) // else a slow client waits longer for a ping
	}
	return &line{Conn: conn, early: early}
}

// Read reads what the client sends, no faster than it may. It is called by one
// goroutine at a time.
func (l *line) Read(p []byte) (n int, err error) {
	if l.fault != nil {
		return 0, l.fault
	}
	if len(l.early) > 0 {
		n = copy(p, l.early)
		l.early = l.early[n:]
	} else if n, err = l.Conn.Read(p); n == 0 {
		return n, err
	}
	l.in.Add(int64(n))
	good, cost, fault := l.frames.take(p[:n])
	if l.fault = fault; fault != nil {
		if good == 0 {
			return 0, fault
		}
		n, err = good, nil
	}
	l.wait(cost)
	return n, err
}

// wait waits until that many frames are due, no longer than the connection lasts.
func (l *line) wait(frames int) {
	now := time.Now().UnixNano()
	l.full = max(l.full, now) + int64(frames)*int64(time.Second)/frameRate
	due := time.Duration(l.full-now) - frameBurst*time.Second/frameRate
	if due <= 0 {
		return
	}
	l.paced.Store(true)
	defer l.paced.Store(false)
	l.sleep(due)
}

// sleep waits, and reports false if the connection has ended before.
func (l *line) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.ended():
		return false
	}
}

func (l *line) ended() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.end == nil {
		l.end = make(chan struct{})
		if l.over {
			close(l.end)
		}
	}
	return l.end
}

func (l *line) finished() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// finish lets nobody wait any longer. It is called once.
func (l *line) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	if l.end != nil {
		close(l.end)
	}
}

// thinWriter hands over a hijacked connection as a line, with small buffers.
type thinWriter struct {
	http.ResponseWriter
	line *line
}

// Unwrap is for http.ResponseController.
func (w *thinWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack takes the connection over, with what the client has sent already.
func (w *thinWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, err := rw.Reader.Peek(rw.Reader.Buffered())
	if err != nil {
		return nil, nil, err
	}
	w.line = newLine(conn, bytes.Clone(early))
	return w.line, bufio.NewReadWriter(bufio.NewReaderSize(w.line, readBuffer), bufio.NewWriterSize(w.line, writeBuffer)), nil
}
