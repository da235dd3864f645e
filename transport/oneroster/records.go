package oneroster

import (
	"hash/maphash"
	"slices"
)

// records are the rows of one file as they are taken, by sourcedId. A sourcedId
// that comes twice and not alike is in it no more: which row is right, nobody
// knows.
//
// The index is a hash table of positions, a fifth of the size of a map of the
// identifiers: a large roster has millions.
type records[T any] struct {
	idOf    func(*T) string
	list    []T
	lines   []int32 // of the file; dropped where the record was refused after all
	slots   []int32 // position in list + 1, by hash; 0 where empty
	refused map[string]int
}

const dropped = -1

var hashSeed = maphash.MakeSeed()

func newRecords[T any](idOf func(*T) string) records[T] { return records[T]{idOf: idOf} }

// reserve makes room for n records.
func (c *records[T]) reserve(n int) {
	c.list = slices.Grow(c.list, n)
	c.lines = slices.Grow(c.lines, n)
	c.rehash(2 * (len(c.list) + n))
}

// probe is where a record is in the list, dropped or not; -1 where there is none.
func (c *records[T]) probe(hash uint64, is func(id string) bool) int {
	if len(c.slots) == 0 {
		return -1
	}
	mask := uint64(len(c.slots) - 1)
	for i := hash & mask; c.slots[i] != 0; i = (i + 1) & mask {
		if at := int(c.slots[i] - 1); is(c.idOf(&c.list[at])) {
			return at
		}
	}
	return -1
}

// position and positionOf are where the record of an identifier is in the list,
// -1 where there is none or it was dropped.
func (c *records[T]) position(id []byte) int {
	return c.live(c.probe(maphash.Bytes(hashSeed, id), func(s string) bool { return s == string(id) }))
}

func (c *records[T]) positionOf(id string) int {
	return c.live(c.probe(maphash.String(hashSeed, id), func(s string) bool { return s == id }))
}

func (c *records[T]) live(at int) int {
	if at >= 0 && c.lines[at] == dropped {
		return -1
	}
	return at
}

// find is the record of an identifier; the pointer holds until the next add.
func (c *records[T]) find(id []byte) (*T, bool) {
	at := c.position(id)
	if at < 0 {
		return nil, false
	}
	return &c.list[at], true
}

// line is where the record stands, or the row that was refused; 0 for neither.
func (c *records[T]) line(id string) int {
	if line, ok := c.refused[id]; ok {
		return line
	}
	if at := c.positionOf(id); at >= 0 {
		return int(c.lines[at])
	}
	return 0
}

// isRefused says whether a row of that identifier was refused.
func (c *records[T]) isRefused(id []byte) bool {
	_, ok := c.refused[string(id)]
	return ok
}

// add takes a record whose identifier is new.
func (c *records[T]) add(line int, v T) {
	c.list = append(c.list, v)
	c.lines = append(c.lines, int32(line))
	if 2*len(c.list) > len(c.slots) {
		c.rehash(4 * len(c.list))
		return
	}
	c.enter(len(c.list) - 1)
}

func (c *records[T]) rehash(size int) {
	slots := 64
	for slots < size {
		slots *= 2
	}
	if slots <= len(c.slots) {
		return
	}
	c.slots = make([]int32, slots)
	for at := range c.list {
		c.enter(at)
	}
}

func (c *records[T]) enter(at int) {
	mask := uint64(len(c.slots) - 1)
	i := maphash.String(hashSeed, c.idOf(&c.list[at])) & mask
	for c.slots[i] != 0 {
		i = (i + 1) & mask
	}
	c.slots[i] = int32(at + 1)
}

// drop takes a record out again and gives the line it stood in, 0 where there
// was none.
func (c *records[T]) drop(id string, line int) (earlier int) {
	if at := c.positionOf(id); at >= 0 {
		earlier = int(c.lines[at])
		c.lines[at] = dropped
	}
	if c.refused == nil {
		c.refused = map[string]int{}
	}
	if _, ok := c.refused[id]; !ok {
		c.refused[id] = line
	}
	return earlier
}

// take gives the records that were not dropped away, for good.
func (c *records[T]) take() []T {
	list := c.list
	if len(c.refused) > 0 {
		i := 0
		list = slices.DeleteFunc(list, func(T) bool { i++; return c.lines[i-1] == dropped })
	}
	c.list, c.lines, c.slots = nil, nil, nil
	return list
}
