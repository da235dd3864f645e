package roster

// Fields is a set of fields of a record. A row that is silent about a field says
// nothing about it: its file has no such column, or its cell is empty in a delta
// file, or could not be understood. What is stored of the field stays (R24).
type Fields uint32

// The fields that a row may be silent about. FieldStatus and FieldEnabled
// together say whether a record is gone.
const (
	FieldStatus Fields = 1 << iota
	FieldEnabled
	FieldName // of an organisation
	FieldType
	FieldParent
	FieldTitle
	FieldBegin
	FieldEnd
	FieldCourse
	FieldPeriod
	FieldOrg
	FieldGrades
	FieldTerms
	FieldGiven
	FieldFamily
	FieldPreferred
	FieldEmail
	FieldRole
	FieldPerson
	FieldSection
	FieldAgents // who is named as somebody's guardian
)

// fieldsGone are the fields that say whether a record is gone.
const fieldsGone = FieldStatus | FieldEnabled

// AllFields are all fields.
const AllFields = FieldAgents<<1 - 1

// field is how a comparison handles one field of a kind of record.
type field[T any] struct {
	bit  Fields
	held func(*T) bool       // the record has a value there
	take func(into, from *T) // copies the value
}

// cell is a field that holds one value.
func cell[T any, V comparable](bit Fields, at func(*T) *V) field[T] {
	return field[T]{
		bit:  bit,
		held: func(r *T) bool { var none V; return *at(r) != none },
		take: func(into, from *T) { *at(into) = *at(from) },
	}
}

// cells is a field that holds a list.
func cells[T any](bit Fields, at func(*T) *[]string) field[T] {
	return field[T]{
		bit:  bit,
		held: func(r *T) bool { return len(*at(r)) > 0 },
		take: func(into, from *T) { *at(into) = *at(from) },
	}
}

var orgFields = []field[SnapshotOrg]{
	cell(fieldsGone, func(o *SnapshotOrg) *bool { return &o.Gone }),
	cell(FieldName, func(o *SnapshotOrg) *string { return &o.Name }),
	cell(FieldType, func(o *SnapshotOrg) *string { return &o.Type }),
	cell(FieldParent, func(o *SnapshotOrg) *string { return &o.Parent }),
}

var termFields = []field[SnapshotTerm]{
	cell(fieldsGone, func(t *SnapshotTerm) *bool { return &t.Gone }),
	cell(FieldTitle, func(t *SnapshotTerm) *string { return &t.Title }),
	cell(FieldBegin, func(t *SnapshotTerm) *Date { return &t.Begin }),
	cell(FieldEnd, func(t *SnapshotTerm) *Date { return &t.End }),
}

var sectionFields = []field[SnapshotSection]{
	cell(fieldsGone, func(s *SnapshotSection) *bool { return &s.Gone }),
	cell(FieldTitle, func(s *SnapshotSection) *string { return &s.Title }),
	cell(FieldCourse, func(s *SnapshotSection) *string { return &s.Course }),
	cell(FieldPeriod, func(s *SnapshotSection) *string { return &s.Period }),
	cell(FieldOrg, func(s *SnapshotSection) *string { return &s.Org }),
	cells(FieldGrades, func(s *SnapshotSection) *[]string { return &s.Grades }),
	cells(FieldTerms, func(s *SnapshotSection) *[]string { return &s.Terms }),
}

var personFields = []field[SnapshotPerson]{
	cell(fieldsGone, func(p *SnapshotPerson) *bool { return &p.Gone }),
	cell(FieldGiven, func(p *SnapshotPerson) *string { return &p.Given }),
	cell(FieldFamily, func(p *SnapshotPerson) *string { return &p.Family }),
	cell(FieldPreferred, func(p *SnapshotPerson) *string { return &p.Preferred }),
	cell(FieldEmail, func(p *SnapshotPerson) *string { return &p.Email }),
	cells(FieldGrades, func(p *SnapshotPerson) *[]string { return &p.Grades }),
}

var roleFields = []field[SnapshotRole]{
	cell(FieldOrg, func(r *SnapshotRole) *string { return &r.Org }),
	cell(FieldRole, func(r *SnapshotRole) *Role { return &r.Role }),
	cell(FieldBegin, func(r *SnapshotRole) *Date { return &r.Begin }),
	cell(FieldEnd, func(r *SnapshotRole) *Date { return &r.End }),
}

var enrolmentFields = []field[SnapshotEnrolment]{
	cell(fieldsGone, func(e *SnapshotEnrolment) *bool { return &e.Gone }),
	cell(FieldPerson, func(e *SnapshotEnrolment) *string { return &e.Person }),
	cell(FieldSection, func(e *SnapshotEnrolment) *string { return &e.Section }),
	cell(FieldRole, func(e *SnapshotEnrolment) *Role { return &e.Role }),
	cell(FieldBegin, func(e *SnapshotEnrolment) *Date { return &e.Begin }),
	cell(FieldEnd, func(e *SnapshotEnrolment) *Date { return &e.End }),
}

// takeStored copies what is stored into the fields that a row is silent about.
func takeStored[T any](fields []field[T], silent Fields, into, had *T) {
	for _, f := range fields {
		if silent&f.bit != 0 {
			f.take(into, had)
		}
	}
}

// anyHolds reports whether any of the records has a value in a field.
func anyHolds[T any](fields []field[T], bit Fields, records []T) bool {
	for _, f := range fields {
		if f.bit&bit == 0 {
			continue
		}
		for i := range records {
			if f.held(&records[i]) {
				return true
			}
		}
	}
	return false
}
