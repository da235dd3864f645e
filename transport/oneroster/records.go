package oneroster

import "slices"

// records are the rows of one file as they are taken, by sourcedId. A sourcedId
// that comes twice and not alike is in it no more: which row is right, nobody
// knows.
type records[T any] struct {
	list    []T
	lines   []int32
	at      map[string]int32 // index in list; dropped where it was refused
	refused map[string]int   // line of the first refused row
}

const dropped = -1

// find is the record of an identifier.
func (c *records[T]) find(id []byte) (*T, bool) {
	i, ok := c.at[string(id)]
	if !ok || i == dropped {
		return nil, false
	}
	return &c.list[i], true
}

// line is where the record stands, or the row that was refused; 0 for neither.
func (c *records[T]) line(id string) int {
	if line, ok := c.refused[id]; ok {
		return line
	}
	if i, ok := c.at[id]; ok && i != dropped {
		return int(c.lines[i])
	}
	return 0
}

// isRefused says whether a row of that identifier was refused.
func (c *records[T]) isRefused(id []byte) bool {
	_, ok := c.refused[string(id)]
	return ok
}

// add takes a record whose identifier is new.
func (c *records[T]) add(id string, line int, v T) {
	if c.at == nil {
		c.at = map[string]int32{}
	}
	c.at[id] = int32(len(c.list))
	c.list = append(c.list, v)
	c.lines = append(c.lines, int32(line))
}

// drop takes a record out again and gives the line it stood in, 0 where there
// was none.
func (c *records[T]) drop(id string, line int) (earlier int) {
	if c.at == nil {
		c.at = map[string]int32{}
	}
	if c.refused == nil {
		c.refused = map[string]int{}
	}
	if i, ok := c.at[id]; ok && i != dropped {
		earlier = int(c.lines[i])
		c.lines[i] = dropped
	}
	c.at[id] = dropped
	if _, ok := c.refused[id]; !ok {
		c.refused[id] = line
	}
	return earlier
}

// kept are the records that were not dropped.
func (c *records[T]) kept() []T {
	if len(c.refused) == 0 {
		return c.list
	}
	i := 0
	c.list = slices.DeleteFunc(c.list, func(T) bool { i++; return c.lines[i-1] == dropped })
	c.lines = slices.DeleteFunc(c.lines, func(l int32) bool { return l == dropped })
	for id, i := range c.at {
		if i == dropped {
			delete(c.at, id)
		}
	}
	return c.list
}
