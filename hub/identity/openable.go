package identity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// openable are those of a district's holders of one address whom it opens (R28).
func openable(holders []Holder) []Holder { return roster.Openable(holders) }

// Holds is what decides whether the address opens the holder.
func (h Holder) Holds() roster.AddressHolder {
	return roster.AddressHolder{Staff: h.Staff, Student: h.Student, Guardian: h.Guardian, Confirmed: h.Confirmed}
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
