package roster

import (
	"cmp"
	"iter"
	"slices"
)

// match walks two lists side by side in the order of compare and yields what
// stands under one key in either, nil where a list has nothing. Of records under
// the same key in one list the first counts.
func match[T any](a, b []T, compare func(x, y *T) int) iter.Seq2[*T, *T] {
	return func(yield func(*T, *T) bool) {
		left, right := newCursor(a, compare), newCursor(b, compare)
		x, y := left.next(), right.next()
		for x != nil || y != nil {
			switch order := sides(x, y, compare); {
			case order < 0:
				if !yield(x, nil) {
					return
				}
				x = left.next()
			case order > 0:
				if !yield(nil, y) {
					return
				}
				y = right.next()
			default:
				if !yield(x, y) {
					return
				}
				x, y = left.next(), right.next()
			}
		}
	}
}

// sides says which of two records comes first; what is not there comes last.
func sides[T any](x, y *T, compare func(x, y *T) int) int {
	switch {
	case x == nil:
		return 1
	case y == nil:
		return -1
	}
	return compare(x, y)
}

// cursor goes through a list in order, each key once.
type cursor[T any] struct {
	list    []T
	order   []int32 // of the list; nil where it is in order itself
	compare func(x, y *T) int
	at      int
	last    *T
}

func newCursor[T any](list []T, compare func(x, y *T) int) *cursor[T] {
	c := &cursor[T]{list: list, compare: compare}
	if inOrder(list, compare) {
		return c
	}
	c.order = make([]int32, len(list))
	for i := range c.order {
		c.order[i] = int32(i)
	}
	slices.SortFunc(c.order, func(i, j int32) int {
		return cmp.Or(compare(&list[i], &list[j]), cmp.Compare(i, j))
	})
	return c
}

func inOrder[T any](list []T, compare func(x, y *T) int) bool {
	for i := 1; i < len(list); i++ {
		if compare(&list[i-1], &list[i]) > 0 {
			return false
		}
	}
	return true
}

func (c *cursor[T]) next() *T {
	for c.at < len(c.list) {
		i := c.at
		if c.order != nil {
			i = int(c.order[i])
		}
		c.at++
		if c.last == nil || c.compare(c.last, &c.list[i]) != 0 {
			c.last = &c.list[i]
			return c.last
		}
	}
	return nil
}
