package main

import (
	"math/rand/v2"
	"slices"
)

// district is a roster in the making.
type district struct {
	rand     *rand.Rand
	orgs     []org
	people   []*person
	byID     map[string]*person
	sections []*section
	count    map[string]int // of people made by seed, by what they are
}

type org struct{ id, name, kind, parent string }

type person struct {
	id, given, family, preferred, email string
	grade                               string
	roles                               []role
	agents                              []string // the guardians of a student, or the students of a guardian
}

type role struct{ name, org string }

type section struct {
	id, title, course, org, period, term string
	grades                               []string
	staff                                []member
	students                             []string
}

type member struct{ person, role string }

// The organisations.
const (
	office  = "lincoln-usd"
	cedar   = "cedar-hill"
	middle  = "roosevelt"
	high    = "lincoln-high"
	charter = "tubman-chavez"
)

// The academic sessions.
const (
	year     = "school-year"
	semester = "semester-1"
	quarter  = "quarter-1"
)

func newDistrict() *district {
	return &district{
		rand: rand.New(rand.NewPCG(1863, 11)), byID: map[string]*person{}, count: map[string]int{},
	}
}

func (d *district) schools() {
	d.orgs = []org{
		{office, "Lincoln Unified School District", "district", ""},
		{cedar, "Cedar Hill Elementary School", "school", office},
		{middle, "Roosevelt Middle School", "school", office},
		{high, "Lincoln High School", "school", office},
		{charter, "The Harriet Tubman and César Chávez Community Charter School for Science, Technology, " +
			"Engineering, the Arts and Mathematics at Old Mill Pond", "school", office},
	}
}

func (d *district) add(p *person) *person {
	if d.byID[p.id] != nil {
		panic("two people are called " + p.id)
	}
	d.byID[p.id] = p
	d.people = append(d.people, p)
	return p
}

// inGrade are the students of a school in these grades.
func (d *district) inGrade(school string, grades ...string) []string {
	var ids []string
	for _, p := range d.people {
		for _, r := range p.roles {
			if r.name == "student" && r.org == school && slices.Contains(grades, p.grade) {
				ids = append(ids, p.id)
			}
		}
	}
	return ids
}
