package identity

import (
	"slices"

	"github.com/google/uuid"
)

// openable are those of a district's holders of one address whom it opens
// (R28): the only one; the one whom the district has confirmed; or, where it is
// held by nobody but guardians, any of them. An address that staff or a student
// share with anybody else opens none.
func openable(holders []Holder) []Holder {
	if confirmed := confirmedOf(holders); len(confirmed) > 0 {
		holders = confirmed
	}
	if len(holders) == 1 {
		return holders
	}
	for _, h := range holders {
		if h.Staff || h.Student || !h.Guardian {
			return nil
		}
	}
	return holders
}

func confirmedOf(holders []Holder) []Holder {
	var confirmed []Holder
	for _, h := range holders {
		if h.Confirmed {
			confirmed = append(confirmed, h)
		}
	}
	return confirmed
}

// Opens says whether an address with these holders may be taken for the person
// (R28).
func Opens(holders []Holder, person uuid.UUID) bool {
	return slices.ContainsFunc(openable(holders), func(h Holder) bool { return h.Person == person })
}

// byDistrict keeps the order in which districts first come.
func byDistrict(holders []Holder) [][]Holder {
	var groups [][]Holder
	at := map[uuid.UUID]int{}
	for _, h := range holders {
		i, ok := at[h.District]
		if !ok {
			i = len(groups)
			at[h.District] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], h)
	}
	return groups
}
