package simulation_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// district is a school of one class: teachers, students, a parent of each.
type district struct {
	id       uuid.UUID
	teachers []uuid.UUID
	families []family
}

type family struct{ student, parent uuid.UUID }

func (d *district) everybody() []uuid.UUID {
	all := append([]uuid.UUID{}, d.teachers...)
	for _, f := range d.families {
		all = append(all, f.student, f.parent)
	}
	return all
}

// found makes a district in the store.
func (w *world) found(slug string, teachers, families int) *district {
	ctx := context.Background()
	d := &district{id: uuid.Must(uuid.NewV7())}
	settings := roster.DefaultSettings()
	settings.TimeZone = "UTC"
	w.must(w.store.CreateDistrict(ctx, roster.District{ID: d.id, Slug: slug, Name: slug, Enabled: true, Settings: settings}))
	_, err := w.store.Apply(ctx, d.id, class(teachers, families), time.Now())
	w.must(err)
	id := func(format string, n int) uuid.UUID {
		p, err := w.store.PersonBySourcedID(ctx, d.id, fmt.Sprintf(format, n))
		w.must(err)
		return p.ID
	}
	for n := range teachers {
		d.teachers = append(d.teachers, id("teacher %d", n))
	}
	for n := range families {
		d.families = append(d.families, family{id("student %d", n), id("parent %d", n)})
	}
	return d
}

func class(teachers, families int) (c roster.Changes) {
	add := func(name string, role roster.Role) {
		c.PutPeople = append(c.PutPeople, roster.SnapshotPerson{
			SourcedID: name, Given: name, Roles: []roster.SnapshotRole{{Org: "school", Role: role}},
		})
		if role != roster.Parent {
			c.PutEnrolments = append(c.PutEnrolments, roster.SnapshotEnrolment{SourcedID: name, Person: name, Section: "class", Role: role})
		}
	}
	c.PutOrgs = []roster.SnapshotOrg{{SourcedID: "school", Name: "School", Type: "school"}}
	c.PutSections = []roster.SnapshotSection{{SourcedID: "class", Title: "Algebra", Org: "school"}}
	for n := range teachers {
		add(fmt.Sprintf("teacher %d", n), roster.Teacher)
	}
	for n := range families {
		student, parent := fmt.Sprintf("student %d", n), fmt.Sprintf("parent %d", n)
		add(student, roster.Student)
		add(parent, roster.Parent)
		c.PutGuardianships = append(c.PutGuardianships, roster.SnapshotGuardianship{
			Guardian: parent, Student: student, Relation: roster.Parent,
		})
	}
	return c
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// letter is a start by a teacher to some of their families.
func (d *district) letter(random *rand.Rand) (teacher uuid.UUID, r hub.StartRequest) {
	r = hub.StartRequest{Key: uuid.New(), Side: roster.AsWorker, Subject: "Trip", Body: "Dear all.", Mode: roster.Together}
	for _, n := range random.Perm(len(d.families))[:1+random.IntN(len(d.families))] {
		f := d.families[n]
		r.Recipients = append(r.Recipients, roster.Recipient{Person: f.parent, Student: f.student})
		if random.IntN(2) == 0 {
			r.Recipients = append(r.Recipients, roster.Recipient{Person: f.student, Student: f.student})
		}
	}
	return d.teachers[random.IntN(len(d.teachers))], r
}

// start starts a conversation while nothing goes wrong.
func (w *world) start(d *district, random *rand.Rand) {
	teacher, r := d.letter(random)
	started, err := w.nodes[0].hub.Start(context.Background(), hub.Actor{District: d.id, Person: teacher}, r)
	w.must(err)
	w.keep(d, teacher, r, started.Receipts[0].Conversation)
}

// keep notes that there is a conversation.
func (w *world) keep(d *district, teacher uuid.UUID, r hub.StartRequest, id uuid.UUID) {
	t := &talk{district: d.id, id: id, people: []uuid.UUID{teacher}}
	for _, to := range r.Recipients {
		t.people = append(t.people, to.Person)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conversations = append(w.conversations, t)
}

// talks are the conversations that there are.
func (w *world) talks() []*talk {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.conversations)
}

// dismiss takes a parent out of the roster (R24), over and over until they are.
func (w *world) dismiss(d *district, n int, draw float64) {
	name, person := fmt.Sprint("parent ", n), d.families[n].parent
	for {
		_, err := ask(w, draw, func(ctx context.Context, n *node) (roster.Effects, error) {
			state, err := w.store.State(ctx, d.id)
			if err != nil {
				return roster.Effects{}, err
			}
			return n.hub.ApplyRoster(ctx, d.id, roster.Changes{
				Base: state.Version, PutPeople: []roster.SnapshotPerson{{SourcedID: name, Given: name, Gone: true}},
			})
		})
		if err == nil {
			w.noteGone(d, person)
			return
		}
		time.Sleep(retryAfter)
	}
}

// noteGone notes how far the conversations of somebody had come when they left.
func (w *world) noteGone(d *district, person uuid.UUID) {
	last := map[uuid.UUID]int64{}
	for _, t := range w.talks() {
		for {
			if tails, err := w.store.Tails(context.Background(), d.id, []uuid.UUID{t.id}); err == nil {
				for _, tail := range tails {
					last[tail.Conversation] = tail.LastSeq
				}
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone[person] = last
}
