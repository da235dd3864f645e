package main

import "strings"

// timetable makes the sections, with the cast where sample.Cast says they are.
func (d *district) timetable() {
	d.elementary()
	d.middleSchool()
	d.highSchool()
	d.charterSchool()
}

// teachers are the teachers of a school made by the seed.
func (d *district) teachers(school string) []string {
	var ids []string
	for _, p := range d.people {
		if strings.HasPrefix(p.id, "staff-") && p.roles[0] == (role{"teacher", school}) {
			ids = append(ids, p.id)
		}
	}
	return ids
}

func (d *district) section(s section, students []string, teachers ...string) *section {
	s.id = "class-" + s.id
	for _, t := range teachers {
		s.staff = append(s.staff, member{t, "teacher"})
	}
	s.students = students
	d.sections = append(d.sections, &s)
	return &s
}

func (d *district) elementary() {
	others := d.teachers(cedar)
	homeroom := map[string]string{
		"KG": others[0], "01": others[1], "02": others[2], "03": others[3], "04": "grace-okafor", "05": others[4],
	}
	for _, g := range []string{"KG", "01", "02", "03", "04", "05"} {
		s := d.section(section{
			id: "cedar-" + strings.ToLower(g), title: gradeName(g) + " Homeroom", course: "Elementary Homeroom",
			org: cedar, term: year, grades: []string{g},
		}, d.inGrade(cedar, g), homeroom[g])
		if g == "04" {
			s.staff = append(s.staff, member{"sam-delgado", "aide"})
		}
	}
	d.section(section{
		id: "cedar-music", title: "Music 4/5", course: "Music", org: cedar, period: "6", term: semester,
		grades: []string{"04", "05"},
	}, d.inGrade(cedar, "04", "05"), others[5])
}

func (d *district) middleSchool() {
	teachers := append([]string{"ines-moreau"}, d.teachers(middle)...)
	subjects := []struct{ id, course, period string }{
		{"math", "Mathematics", "1"}, {"ela", "English Language Arts", "2"},
		{"sci", "Science", "4"}, {"soc", "Social Studies", "5"},
	}
	for i, g := range []string{"06", "07", "08"} {
		for j, s := range subjects {
			// Inès Moreau teaches English in the seventh grade.
			teacher := teachers[(j+len(subjects)*i+1)%len(teachers)]
			d.section(section{
				id: "roosevelt-" + s.id + "-" + g, title: s.course + " " + strings.TrimPrefix(g, "0"), course: s.course,
				org: middle, period: s.period, term: semester, grades: []string{g},
			}, d.inGrade(middle, g), teacher)
		}
	}
}

func (d *district) highSchool() {
	t := d.teachers(high)
	for _, s := range []struct {
		id, title, period, grade string
		teachers                 []string
	}{
		{"algebra-1", "Algebra 1", "3", "09", []string{"wei-chen"}},
		{"english-9", "English 9", "1", "09", []string{t[0]}},
		{"biology", "Biology", "2", "09", []string{"leila-haddad", "peter-novak"}}, // co-taught
		{"world-history", "World History", "5", "09", []string{t[1]}},
		{"geometry", "Geometry", "4", "10", []string{"wei-chen"}},
		{"english-10", "English 10", "2", "10", []string{t[0]}},
		{"chemistry", "Chemistry", "1", "10", []string{"peter-novak"}},
		{"spanish-2", "Spanish 2", "6", "10", []string{t[2]}},
		{"algebra-2", "Algebra 2", "1", "11", []string{t[3]}},
		{"english-11", "English 11", "3", "11", []string{t[4]}},
		{"physics", "Physics", "5", "11", []string{"leila-haddad"}},
		{"us-history", "United States History", "6", "11", []string{t[1]}},
		{"calculus", "AP Calculus AB", "2", "12", []string{t[3]}},
		{"english-12", "English 12: Literature of the Americas", "4", "12", []string{t[4]}},
		{"government", "Government and Economics", "5", "12", []string{t[5]}},
		{"pe", "Physical Education", "7", "12", []string{t[6]}},
	} {
		d.section(section{
			id: "high-" + s.id, title: s.title, course: s.title, org: high, period: s.period, term: semester,
			grades: []string{s.grade},
		}, d.inGrade(high, s.grade), s.teachers...)
	}
	art := section{id: "high-studio-art", title: "Studio Art", course: "Studio Art", org: high, period: "7", term: quarter,
		grades: []string{"09", "10"}}
	d.section(art, d.inGrade(high, "09"), "tobias-falk") // ended with the quarter
	testing := section{id: "high-testing", title: "Testing Room", course: "Testing", org: high, period: "8", term: semester}
	d.section(testing, d.inGrade(high, "12")[:6], t[7]).staff = append(d.sections[len(d.sections)-1].staff, member{"dolores-vance", "proctor"})
}

func (d *district) charterSchool() {
	t := d.teachers(charter)
	for i, band := range []struct {
		id, title string
		grades    []string
	}{
		{"primary", "Primary Circle", []string{"KG", "01", "02"}},
		{"intermediate", "Intermediate Circle", []string{"03", "04", "05"}},
		{"upper", "Upper Circle", []string{"06", "07", "08"}},
	} {
		d.section(section{
			id: "charter-" + band.id, title: band.title, course: "Circle", org: charter, term: year, grades: band.grades,
		}, d.inGrade(charter, band.grades...), t[i])
	}
	d.section(section{
		id: "charter-steam", title: "Project Laboratory: Water, Weather and the History of Old Mill Pond", course: "Project Laboratory",
		org: charter, period: "5", term: semester, grades: []string{"05", "06", "07", "08"},
	}, d.inGrade(charter, "05", "06", "07", "08"), t[2], t[3])
}

func gradeName(g string) string {
	names := map[string]string{"KG": "Kindergarten", "01": "1st Grade", "02": "2nd Grade", "03": "3rd Grade"}
	if name, ok := names[g]; ok {
		return name
	}
	return strings.TrimPrefix(g, "0") + "th Grade"
}
