package main

import (
	"fmt"
	"slices"
)

// place is a seat in a grade of a school.
type place struct{ school, grade string }

// seats are how many students a grade of each school has, the cast included.
var seats = []struct {
	school string
	grades []string
	each   int
}{
	{cedar, []string{"KG", "01", "02", "03", "04", "05"}, 10},
	{middle, []string{"06", "07", "08"}, 16},
	{high, []string{"09", "10", "11", "12"}, 16},
	{charter, []string{"KG", "01", "02", "03", "04", "05", "06", "07", "08"}, 3},
}

// fill makes families until every seat is taken, and the staff beside the cast.
func (d *district) fill() {
	var free []place
	for _, s := range seats {
		for _, g := range s.grades {
			for range s.each - len(d.inGrade(s.school, g)) {
				free = append(free, place{s.school, g})
			}
		}
	}
	d.rand.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	for len(free) > 0 {
		children := min(len(free), []int{1, 1, 1, 2, 2, 2, 3}[d.rand.IntN(7)])
		d.family(free[:children])
		free = free[children:]
	}
	d.fillStaff()
}

// family makes children at these seats and one or two guardians. In one family
// of three the guardians' rows name the children, else the other way round.
func (d *district) family(at []place) {
	c := d.culture()
	family := pick(d, c.families)
	guardians := 1 + min(1, d.rand.IntN(5)/2)
	onGuardian := d.rand.IntN(3) == 0
	var parents, children []*person
	used := map[string]bool{}
	for range guardians {
		name := family
		if len(parents) > 0 && d.rand.IntN(4) == 0 {
			name = pick(d, c.families)
		}
		relation := []string{"parent", "parent", "parent", "parent", "guardian"}[d.rand.IntN(5)]
		parents = append(parents, d.guardian(d.next("guardian"), d.given(c, used), name, relation))
	}
	for _, seat := range at {
		children = append(children, d.student(d.next("student"), d.given(c, used), family, seat.school, seat.grade))
	}
	for _, child := range children {
		for _, parent := range parents {
			if onGuardian {
				parent.agents = append(parent.agents, child.id)
			} else {
				child.agents = append(child.agents, parent.id)
			}
		}
	}
}

func (d *district) culture() culture {
	n := d.rand.IntN(100)
	for _, c := range cultures {
		if n -= c.weight; n < 0 {
			return c
		}
	}
	return cultures[0]
}

// given is a name that nobody else in the family has.
func (d *district) given(c culture, used map[string]bool) string {
	for {
		if name := pick(d, c.givens); !used[name] {
			used[name] = true
			return name
		}
	}
}

// fillStaff gives every school the teachers that its timetable needs.
func (d *district) fillStaff() {
	posts := slices.Concat(
		slices.Repeat([]role{{"teacher", cedar}}, 6),
		slices.Repeat([]role{{"teacher", middle}}, 5),
		slices.Repeat([]role{{"teacher", high}}, 8),
		slices.Repeat([]role{{"teacher", charter}}, 4),
		[]role{{"counselor", cedar}, {"counselor", middle}, {"administrator", high}, {"principal", charter}, {"aide", middle}},
	)
	for i, post := range posts {
		d.worker(d.next("staff"), staffNames[i][0], staffNames[i][1], post)
	}
}

func (d *district) next(what string) string {
	d.count[what]++
	return fmt.Sprintf("%s-%03d", what, d.count[what])
}

func pick[T any](d *district, of []T) T { return of[d.rand.IntN(len(of))] }
