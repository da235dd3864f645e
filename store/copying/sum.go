package copying

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// sum is how many rows a table has, and a digest of them in whatever order:
// the sum of their hashes, so that no row is lost in it for being there twice.
type sum struct {
	rows   int64
	digest [4]uint64
}

func (s *sum) add(hash [sha256.Size]byte) {
	s.rows++
	for i := range s.digest {
		s.digest[i] += binary.BigEndian.Uint64(hash[8*i:])
	}
}

// The tags that tell values apart which would be the same bytes.
const (
	tagNull byte = iota
	tagFalse
	tagTrue
	tagNumber
	tagID
	tagBytes
	tagText
	tagList
)

// appendRow appends values so that no other row gives the same bytes.
func appendRow(b []byte, row []any) []byte {
	for _, v := range row {
		b = appendValue(b, v)
	}
	return b
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, tagNull)
	case bool:
		if v {
			return append(b, tagTrue)
		}
		return append(b, tagFalse)
	case int64:
		return binary.BigEndian.AppendUint64(append(b, tagNumber), uint64(v))
	case [16]byte:
		return append(append(b, tagID), v[:]...)
	case []byte:
		return append(binary.AppendUvarint(append(b, tagBytes), uint64(len(v))), v...)
	case string:
		return append(binary.AppendUvarint(append(b, tagText), uint64(len(v))), v...)
	case []string:
		b = binary.AppendUvarint(append(b, tagList), uint64(len(v)))
		for _, one := range v {
			b = appendValue(b, one)
		}
		return b
	}
	panic(fmt.Sprintf("a value of type %T", v)) // a kind that makes others is a mistake of this package
}

// summing adds rows up.
type summing struct {
	sum
	row []byte
}

func (s *summing) take(row []any) {
	s.row = appendRow(s.row[:0], row)
	s.add(sha256.Sum256(s.row))
}
