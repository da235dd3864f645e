package roster

// Compare says what snapshot would change of state. What was refused, absent
// or delivered in part takes nothing from anybody (R24). To compare again after
// the changes were made gives no changes.
//
// Lists in order of their sourcedIds are walked as they are; others are sorted
// by an index of four bytes a record. Where all of a list is new, Changes share
// it with the snapshot: neither may be written to afterwards.
func Compare(state State, snapshot Snapshot) Changes {
	snapshot.People = withEndedRoles(state.People, &snapshot)
	c := comparison{state: &state, says: &snapshot}
	c.Base, c.Summary = state.Version, newSummary()
	c.compareColumns()
	c.people = make(map[string]known, max(len(state.People), len(snapshot.People)))
	c.sections = make(map[string]known, max(len(state.Sections), len(snapshot.Sections)))

	c.PutOrgs = compareRecords(&c, KindOrg, state.Orgs, snapshot.Orgs, orgTraits)
	c.PutTerms = compareRecords(&c, KindTerm, state.Terms, snapshot.Terms, termTraits)
	c.PutSections = compareRecords(&c, KindSection, state.Sections, snapshot.Sections, sectionTraits)
	c.PutPeople = compareRecords(&c, KindPerson, state.People, snapshot.People, c.personTraits())
	c.compareEnrolments()
	c.compareGuardianships()
	return c.Changes
}

type comparison struct {
	Changes
	state            *State
	says             *Snapshot
	people, sections map[string]known
	// absent are fields of which a bulk file lacks a column that imports had;
	// never are those of which no import ever had a column.
	absent, never map[Kind]Fields
}

// unknown says whether a row of that identifier was refused.
func (c *comparison) unknown(k Kind, id string) bool { return c.says.Unknown[k][id] }

// known says who has a record.
type known uint8

const (
	stored known = 1 << iota // the store, even if it is gone
	here                     // the delivery, and there it is not gone
)

// knows keeps who has a record.
func (c *comparison) knows(k Kind, id string, who known) {
	switch k {
	case KindPerson:
		c.people[id] |= who
	case KindSection:
		c.sections[id] |= who
	}
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
		if had != nil {
			c.knows(k, t.id(had), stored)
			if !*t.gone(had) {
				c.Summary.Had[k]++
			}
		}
		f, next := becomes(c, k, had, row, t)
		c.Summary.count(k, f)
		if row != nil && (f == arrives || f == differs || f == stays && !*t.gone(row)) {
			c.knows(k, t.id(row), here)
		}
		if f == differs && k == KindPerson && *t.gone(had) {
			c.Summary.Returned++
		}
		if next != nil {
			put = append(put, next)
		}
		if next != nil && next == row && *t.silent(row) == 0 {
			own++
		}
	}
	return gather(put, own, says, t)
}

// becomes says what is to be put for a record and the row about it, of which
// either may be nil.
func becomes[T any](c *comparison, k Kind, had, row *T, t traits[T]) (fate, *T) {
	told := row != nil
	if told && !*t.gone(row) {
		if row = filled(c, k, had, row, t); row == nil {
			c.Summary.Partial[k]++
			return unlessStored(had, t)
		}
	}
	if told && !*t.gone(row) {
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
	case c.unknown(k, t.id(had)), !told && !c.says.Whole[k]:
		return stays, nil
	}
	leaving := *had
	*t.gone(&leaving) = true
	return leaves, &leaving
}

// unlessStored is the fate of a record whose row says too little.
func unlessStored[T any](had *T, t traits[T]) (fate, *T) {
	if had == nil || *t.gone(had) {
		return nothing, nil
	}
	return stays, nil
}

// filled is a row with what is stored in the fields that it is silent about. It
// is nil if it says too little to be stored: a new record of which a field that
// it needs is not known, or whether it is on at all.
func filled[T any](c *comparison, k Kind, had, row *T, t traits[T]) *T {
	silent := *t.silent(row)
	if silent == 0 {
		return row
	}
	if had == nil {
		if silent&c.absent[k]&fieldsGone != 0 || !t.complete(row) {
			return nil
		}
		return row
	}
	next := *row
	*t.silent(&next) = 0
	takeStored(t.fields, silent&^c.never[k], &next, had)
	if !*t.gone(&next) && !t.complete(&next) {
		return nil
	}
	return &next
}

// gather copies records into a list. If all of them are rows as delivered, each
// saying everything, and all that was delivered, the delivered list itself will do.
func gather[T any](records []*T, own int, delivered []T, t traits[T]) []T {
	switch {
	case len(records) == 0:
		return nil
	case own == len(records) && own == len(delivered):
		return delivered
	}
	list := make([]T, len(records))
	for i, r := range records {
		list[i] = *r
		*t.silent(&list[i]) = 0
	}
	return list
}
