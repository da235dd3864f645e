package oneroster

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoded is src as UTF-8 without byte order marks. UTF-16 is told by its mark
// or, without one, by the zero byte beside the first letter. What is neither is
// decoded cell by cell (text.go): a Windows-1252 file is seen only where it
// has a letter outside ASCII.
func decoded(src io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(src, 4<<10)
	head, err := b.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	var order unicode.Endianness
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), len(head) > 1 && head[0] != 0 && head[1] == 0:
		order = unicode.LittleEndian
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), len(head) > 1 && head[0] == 0 && head[1] != 0:
		order = unicode.BigEndian
	default:
		return transform.NewReader(b, withoutMarks{}), nil
	}
	return transform.NewReader(b, transform.Chain(unicode.UTF16(order, unicode.UseBOM).NewDecoder(), withoutMarks{})), nil
}

// bounded reads at most MaxFile bytes, and of a file out of a zip at most
// MaxRatio times what it takes there; it ends with ctx.
type bounded struct {
	ctx  context.Context
	src  io.Reader
	read int64
	max  int64
}

func newBounded(ctx context.Context, src io.Reader, packed int64) *bounded {
	limit := int64(MaxFile)
	if packed > 0 {
		limit = min(limit, max(packed*MaxRatio, RatioFrom))
	}
	return &bounded{ctx: ctx, src: src, max: limit}
}

// Read reads, and fails instead of giving more than the limit.
func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.src.Read(p)
	b.read += int64(n)
	if b.read > b.max {
		return 0, fmt.Errorf("it is larger than %d bytes", b.max)
	}
	return n, err
}
