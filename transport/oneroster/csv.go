package oneroster

import (
	"bytes"
	"fmt"
	"io"
)

// csvReader reads the rows of a CSV file (RFC 4180) with bounded memory. It
// takes any line ends, a last line without one, quoted line breaks, and commas,
// semicolons or tabs between the cells; empty lines are passed over.
type csvReader struct {
	file string
	src  io.Reader
	sep  byte // chosen by the first line

	buf      []byte
	pos, end int
	eof      error // what src ended with

	line int // of the next byte
	row  record
	data []byte
	ends []int
}

// record is one row. Its cells are valid until the next one is read.
type record struct {
	line, lastLine int // where it begins and ends
	cells          [][]byte
	quoting        bool // something stands between a closing quote and the end of its cell
	cut            bool // the file ended without a line end
}

const csvBuffer = 64 << 10

func newCSVReader(file string, src io.Reader) *csvReader {
	return &csvReader{file: file, src: src, buf: make([]byte, csvBuffer), line: 1}
}

// next reads the next row that is not empty; io.EOF after the last.
func (r *csvReader) next() (*record, error) {
	if r.sep == 0 {
		if err := r.chooseSeparator(); err != nil {
			return nil, err
		}
	}
	for {
		if err := r.read(); err != nil {
			return nil, err
		}
		if !r.row.empty() {
			return &r.row, nil
		}
	}
}

// chooseSeparator looks at the first line that is not empty, as far as the
// buffer goes: European spreadsheets write semicolons, some exports tabs.
func (r *csvReader) chooseSeparator() error {
	for r.eof == nil && r.end < len(r.buf) && !bytes.ContainsAny(bytes.TrimLeft(r.buf[:r.end], "\r\n"), "\r\n") {
		var n int
		n, r.eof = r.src.Read(r.buf[r.end:])
		r.end += n
	}
	if r.eof != nil && r.eof != io.EOF {
		return r.broken(r.line, "cannot be read", r.eof)
	}
	first := bytes.TrimLeft(r.buf[:r.end], "\r\n")
	if i := bytes.IndexAny(first, "\r\n"); i >= 0 {
		first = first[:i]
	}
	r.sep = ','
	for _, sep := range []byte{';', '\t'} {
		if bytes.IndexByte(first, ',') < 0 && bytes.IndexByte(first, sep) >= 0 {
			r.sep = sep
		}
	}
	return nil
}

// read takes one row apart.
func (r *csvReader) read() error {
	r.data, r.ends = r.data[:0], r.ends[:0]
	r.row = record{line: r.line, cells: r.row.cells[:0]}
	for first := true; ; first = false {
		c, ok := r.peek()
		if !ok {
			return r.atEnd(first)
		}
		more, err := r.cell(c)
		if err != nil {
			return err
		}
		r.ends = append(r.ends, len(r.data))
		if len(r.ends) > MaxColumns {
			return r.broken(r.row.line, fmt.Sprintf("the row has more than %d cells", MaxColumns), nil)
		}
		if !more {
			r.finish()
			return nil
		}
	}
}

// atEnd is where the file ends: before a row, or after its last separator.
func (r *csvReader) atEnd(first bool) error {
	if r.eof != io.EOF {
		return r.broken(r.line, "cannot be read", r.eof)
	}
	if first {
		return io.EOF
	}
	r.ends = append(r.ends, len(r.data))
	r.row.cut = true
	r.finish()
	return nil
}

func (r *csvReader) finish() {
	r.row.lastLine = max(r.line-1, r.row.line)
	if r.row.cut {
		r.row.lastLine = r.line
	}
	from := 0
	for _, end := range r.ends {
		r.row.cells = append(r.row.cells, r.data[from:end])
		from = end
	}
}

// cell reads one cell that begins with c and says whether the row goes on.
func (r *csvReader) cell(c byte) (more bool, err error) {
	if c == '"' {
		r.pos++
		if err := r.quoted(); err != nil {
			return false, err
		}
	}
	quoted := c == '"'
	for {
		c, ok := r.peek()
		if !ok {
			r.row.cut = true
			if r.eof != io.EOF {
				return false, r.broken(r.line, "cannot be read", r.eof)
			}
			return false, nil
		}
		switch c {
		case r.sep:
			r.pos++
			return true, nil
		case '\n', '\r':
			r.pos++
			r.lineEnd(c)
			return false, nil
		}
		from := len(r.data)
		if err := r.keepRun(); err != nil {
			return false, err
		}
		if quoted && len(bytes.Trim(r.data[from:], " ")) > 0 {
			r.row.quoting = true
		}
	}
}

// keepRun takes what stands before the next separator or line end, as far as it
// is in the buffer: at least one byte.
func (r *csvReader) keepRun() error {
	run := r.buf[r.pos:r.end]
	n := 1
	for n < len(run) && run[n] != r.sep && run[n] != '\n' && run[n] != '\r' {
		n++
	}
	r.pos += n
	return r.keep(run[:n]...)
}

// quoted reads what stands between quotes; two quotes stand for one.
func (r *csvReader) quoted() error {
	opened := r.line
	for {
		c, ok := r.peek()
		if !ok {
			if r.eof != io.EOF {
				return r.broken(r.line, "cannot be read", r.eof)
			}
			return r.broken(opened, "a quote is opened here that is never closed", nil)
		}
		r.pos++
		switch c {
		case '"':
			if c, ok := r.peek(); !ok || c != '"' {
				return nil
			}
			r.pos++
		case '\n', '\r':
			r.lineEnd(c)
			c = '\n'
		}
		if err := r.keep(c); err != nil {
			return err
		}
	}
}

func (r *csvReader) keep(b ...byte) error {
	if len(r.data)+len(b) > MaxRow {
		return r.broken(r.row.line, fmt.Sprintf(
			"the row that begins here is longer than %d bytes, perhaps for want of a closing quote", MaxRow), nil)
	}
	r.data = append(r.data, b...)
	return nil
}

// lineEnd counts a line end whose first byte, c, has been taken.
func (r *csvReader) lineEnd(c byte) {
	r.line++
	if c != '\r' {
		return
	}
	if next, ok := r.peek(); ok && next == '\n' {
		r.pos++
	}
}

func (r *csvReader) peek() (byte, bool) {
	if r.pos == r.end && !r.fill() {
		return 0, false
	}
	return r.buf[r.pos], true
}

// fill reads more; false at the end, of which r.eof is the reason.
func (r *csvReader) fill() bool {
	for r.eof == nil && r.pos == r.end {
		r.pos, r.end = 0, 0
		r.end, r.eof = r.src.Read(r.buf)
	}
	return r.pos < r.end
}

func (r *csvReader) broken(line int, reason string, cause error) error {
	return &FileError{File: r.file, Line: line, Reason: reason, Err: cause}
}

// empty says whether there is nothing in the row but separators and spaces.
func (r *record) empty() bool {
	for _, c := range r.cells {
		if len(bytes.TrimSpace(c)) > 0 {
			return false
		}
	}
	return true
}
