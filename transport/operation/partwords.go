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
	return func(ctx context.Context, a hub.Actor) func(hub.Participant) string {
		lang := languageOf(ctx, a, catalogue, readers, people)
		names := map[uuid.UUID]string{}
		first := func(student uuid.UUID) string {
			if name, known := names[student]; known {
				return name
			}
			if found, err := people.People(ctx, a.District, []uuid.UUID{student}); err == nil && len(found) == 1 {
				names[student] = found[0].FirstName()
			}
			return names[student]
		}
		return func(p hub.Participant) string { return lang.Part(p.Ties, first) }
	}
}

func languageOf(ctx context.Context, a hub.Actor, catalogue *words.Catalogue, readers Readers, districts roster.Districts) *words.Language {
	var wishes []string
	if p, err := readers.Preferences(ctx, a.District, a.Person); err == nil {
		wishes = append(wishes, p.Language)
	}
	if d, err := districts.District(ctx, a.District); err == nil {
		wishes = append(wishes, d.Settings.Language)
	}
	return catalogue.Language(wishes...)
}
