package socket

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
)

// thinBuffer is the size of each of a connection's two buffers in bytes. Those
// of net/http have 4096, which is most of what an idle connection would cost.
const thinBuffer = 512

// thinWriter hands over a hijacked connection with small buffers.
type thinWriter struct {
	http.ResponseWriter
	conn net.Conn
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
	early = bytes.Clone(early)
	reader := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), conn), max(thinBuffer, len(early)))
	if _, err := reader.Peek(len(early)); err != nil {
		return nil, nil, err
	}
	w.conn = conn
	return conn, bufio.NewReadWriter(reader, bufio.NewWriterSize(conn, thinBuffer)), nil
}
