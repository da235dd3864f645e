package control

// list is one of a roster's, of whatever records.
type list interface {
	length() int
	// part makes it the i-th piece of whole, which holds the same records.
	part(whole list, i int)
	// room makes it empty, with room for n: a list of a million that grows as it
	// comes would be in memory twice.
	room(n int)
	// add appends a piece, whose strings it shares with what came before.
	add(piece list, once shared)
}

type listOf[T any] struct {
	all   *[]T
	share func(*T, shared) // nil where little repeats
}

func (l listOf[T]) length() int { return len(*l.all) }

func (l listOf[T]) part(whole list, i int) {
	w := *whole.(listOf[T]).all
	from := min(i*pieceSize, len(w))
	*l.all = w[from:min(from+pieceSize, len(w))]
}

func (l listOf[T]) room(n int) {
	if n > 0 {
		*l.all = make([]T, 0, n)
	}
}

func (l listOf[T]) add(piece list, once shared) {
	more := *piece.(listOf[T]).all
	if l.share != nil {
		for i := range more {
			l.share(&more[i], once)
		}
	}
	*l.all = append(*l.all, more...)
}
