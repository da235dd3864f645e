package socket

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

const (
	// thinBuffer is the size of each of a connection's two buffers in bytes. Those
	// of net/http have 4096, which is most of what an idle connection would cost.
	thinBuffer = 512
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
	pace   *rate.Limiter
	fault  error // of the frames; nothing is read after it

	in, out atomic.Int64 // bytes
	paced   atomic.Bool  // it is not read just now
	ended   chan struct{}
	end     sync.Once
}

func newLine(conn net.Conn, early []byte) *line {
	if tcp, is := conn.(interface{ SetWriteBuffer(int) error }); is {
		_ = tcp.SetWriteBuffer(kernelBuffer) // else a slow client waits longer for a ping
	}
	return &line{Conn: conn, early: early, pace: rate.NewLimiter(frameRate, frameBurst), ended: make(chan struct{})}
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
	now := time.Now()
	due := l.pace.ReserveN(now, min(frames, frameBurst)).DelayFrom(now)
	if due == 0 {
		return
	}
	l.paced.Store(true)
	defer l.paced.Store(false)
	timer := time.NewTimer(due)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.ended:
	}
}

func (l *line) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	l.out.Add(int64(n))
	return n, err
}

// over lets nobody wait for the rate any longer.
func (l *line) over() { l.end.Do(func() { close(l.ended) }) }

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
	return w.line, bufio.NewReadWriter(bufio.NewReaderSize(w.line, thinBuffer), bufio.NewWriterSize(w.line, thinBuffer)), nil
}
