package roster

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// CompareIDs orders identifiers by their bytes, as the database does.
func CompareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// Distinct are the identifiers in order, each once. It sorts the list that it is
// given.
func Distinct(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, CompareIDs)
	return slices.Compact(ids)
}
