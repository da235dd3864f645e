package oneroster

import "github.com/homeline/homeline/hub/roster"

// personLines are the lines in which the people of a snapshot stand, by their
// places in it.
type personLines struct {
	people []roster.SnapshotPerson
	lines  []int32
}

// takeLines are the lines of the records that [records.take] gives away.
func (c *records[T]) takeLines() []int32 {
	if len(c.refused) == 0 {
		return c.lines
	}
	var lines []int32
	for _, line := range c.lines {
		if line != dropped {
			lines = append(lines, line)
		}
	}
	return lines
}

// PersonLine is the line of users.csv in which a person stands, 0 if none does.
func (r Report) PersonLine(sourcedID string) int {
	for i := range r.people.people {
		if r.people.people[i].SourcedID == sourcedID {
			return int(r.people.lines[i])
		}
	}
	return 0
}
