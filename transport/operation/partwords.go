package operation

import (
	"context"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// Readers know in which language somebody reads. identity.Store is one.
type Readers interface {
	Preferences(ctx context.Context, district, person uuid.UUID) (identity.Preferences, error)
}

// PartWords says parts in the words of the catalogue. What it cannot look up it
// leaves out: the answer is right without it.
func PartWords(catalogue *words.Catalogue, readers Readers, people roster.Store) Words {
	return func(ctx context.Context, a hub.Actor, all []hub.Participant) func(hub.Participant) string {
		lang := languageOf(ctx, a, catalogue, readers, people)
		names := firstNames(ctx, a, people, all)
		first := func(student uuid.UUID) string { return names[student] }
		return func(p hub.Participant) string { return lang.Part(p.Ties, first) }
	}
}

// firstNames are those of the students to whom somebody is tied. Who is not
// among the participants is looked up, all at once.
func firstNames(ctx context.Context, a hub.Actor, people roster.Store, all []hub.Participant) map[uuid.UUID]string {
	names := map[uuid.UUID]string{}
	for _, p := range all {
		names[p.Person.ID] = p.Person.FirstName()
	}
	var missing []uuid.UUID
	for _, p := range all {
		for _, t := range p.Ties {
			if _, known := names[t.Student]; !known && t.Student != uuid.Nil {
				names[t.Student] = ""
				missing = append(missing, t.Student)
			}
		}
	}
	if len(missing) == 0 {
		return names
	}
	found, err := people.People(ctx, a.District, missing)
	if err != nil {
		return names
	}
	for _, p := range found {
		names[p.ID] = p.FirstName()
	}
	return names
}

func languageOf(ctx context.Context, a hub.Actor, catalogue *words.Catalogue, readers Readers, districts roster.Districts) *words.Language {
	var wishes []string
	if p, err := readers.Preferences(ctx, a.District, a.Person); err == nil {
		wishes = append(wishes, p.ReadingLanguage())
	}
	if d, err := districts.District(ctx, a.District); err == nil {
		wishes = append(wishes, d.Settings.Language)
	}
	return catalogue.Language(wishes...)
}
