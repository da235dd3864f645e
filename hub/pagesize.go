package hub

// PageSize is how many rows the query asks for, at most; an *Error of
// [CodeInvalid] where that is out of bounds. Stores judge by it.
func (q InboxQuery) PageSize() (int, error) { return pageSize(q.Limit, 25, 100) }

// PageSize is how many messages the range asks for, at most; an *Error of
// [CodeInvalid] where that is out of bounds. Stores judge by it.
func (r Range) PageSize() (int, error) { return pageSize(r.Limit, 50, 200) }

// pageSize is what was asked for, or the default where nothing was.
func pageSize(asked, byDefault, most int) (int, error) {
	switch {
	case asked == 0:
		return byDefault, nil
	case asked < 0 || asked > most:
		return 0, &Error{Code: CodeInvalid, Field: "limit"}
	}
	return asked, nil
}
