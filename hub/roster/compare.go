package roster

// Compare says what snapshot would change of state. What was refused, absent
// or delivered in part takes nothing from anybody (R24). To compare again after
// the changes were made gives no changes.
//
// Lists in order of their sourcedIds are walked as they are; others are sorted
// by an index of four bytes a record. Where all of a list is new, Changes share
// it with the snapshot: neither may be written to afterwards.
func Compare(state State, snapshot Snapshot) Changes {
	c := comparison{state: &state, says: &snapshot}
	c.Base, c.Summary = state.Version, newSummary()

	c.PutOrgs = compareRecords(&c, KindOrg, state.Orgs, snapshot.Orgs, orgTraits)
	c.PutTerms = compareRecords(&c, KindTerm, state.Terms, snapshot.Terms, termTraits)
	c.PutSections = compareRecords(&c, KindSection, state.Sections, snapshot.Sections, sectionTraits)
	c.PutPeople = compareRecords(&c, KindPerson, state.People, snapshot.People, c.personTraits())
	c.people = knownIn(state.People, snapshot.People, personTraits)
	c.sections = knownIn(state.Sections, snapshot.Sections, sectionTraits)
	c.compareEnrolments()
	c.compareGuardianships()
	return c.Changes
}

type comparison struct {
	Changes
	state            *State
	says             *Snapshot
	people, sections map[string]known
}

// unknown says whether a row of that identifier was refused.
func (c *comparison) unknown(k Kind, id string) bool { return c.says.Unknown[k][id] }

// known says who has a record.
type known uint8

const (
	stored known = 1 << iota // the store, even if it is gone
	here                     // the delivery, and there it is not gone
)

func knownIn[T any](stateHas, says []T, t traits[T]) map[string]known {
	m := make(map[string]known, max(len(stateHas), len(says)))
	for i := range stateHas {
		m[t.id(&stateHas[i])] |= stored
	}
	for i := range says {
		if !*t.gone(&says[i]) {
			m[t.id(&says[i])] |= here
		}
	}
	return m
}

// fate is what becomes of a record.
type fate int

const (
	nothing fate = iota // it was not there and is not: gone before, or between two deliveries
	stays
	arrives
	differs
	leaves
)

func (s *Summary) count(k Kind, f fate) {
	switch f {
	case stays:
		s.Unchanged[k]++
	case arrives:
		s.New[k]++
	case differs:
		s.Changed[k]++
	case leaves:
		s.Gone[k]++
	}
}

// compareRecords answers what is to be put of a kind whose records stay, marked,
// when they are gone.
func compareRecords[T any](c *comparison, k Kind, stateHas, says []T, t traits[T]) []T {
	var put []*T
	own := 0
	for had, row := range match(stateHas, says, t.compare) {
		if had != nil && !*t.gone(had) {
			c.Summary.Had[k]++
		}
		f, next := becomes(c, k, had, row, t)
		c.Summary.count(k, f)
		if f == differs && k == KindPerson && *t.gone(had) {
			c.Summary.Returned++
		}
		if next != nil {
			put = append(put, next)
		}
		if next != nil && next == row {
			own++
		}
	}
	return gather(put, own, says)
}

// becomes says what is to be put for a record and the row about it, of which
// either may be nil.
func becomes[T any](c *comparison, k Kind, had, row *T, t traits[T]) (fate, *T) {
	if row != nil && !*t.gone(row) {
		next := t.mend(had, row)
		switch {
		case had == nil:
			return arrives, next
		case t.same(had, next):
			return stays, nil
		}
		return differs, next
	}
	switch {
	case had == nil, *t.gone(had):
		return nothing, nil
	case c.unknown(k, t.id(had)), row == nil && !c.says.Whole[k]:
		return stays, nil
	}
	leaving := *had
	*t.gone(&leaving) = true
	return leaves, &leaving
}

// gather copies records into a list. Where all of them are rows as delivered,
// and all that was delivered, the delivered list itself will do.
func gather[T any](records []*T, own int, delivered []T) []T {
	switch {
	case len(records) == 0:
		return nil
	case own == len(records) && own == len(delivered):
		return delivered
	}
	list := make([]T, len(records))
	for i, r := range records {
		list[i] = *r
	}
	return list
}
