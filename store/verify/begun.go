package verify

import (
	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// BegunTie is a participant with one of their ties, as tables join them.
type BegunTie struct {
	Person, Student uuid.UUID
	Part            *roster.Part // nil where there is no tie
	Detail          *string
}

// Begun are the participants of a conversation in their order, each with their
// ties in theirs. Those of a person stand together.
func Begun(list []BegunTie) []hub.NewParticipant {
	var in []hub.NewParticipant
	for _, t := range list {
		if n := len(in); n == 0 || in[n-1].Person != t.Person {
			in = append(in, hub.NewParticipant{Person: t.Person})
		}
		if t.Part != nil {
			p := &in[len(in)-1]
			p.Ties = append(p.Ties, roster.Tie{Person: t.Person, Part: *t.Part, Student: t.Student, Detail: *t.Detail})
		}
	}
	return in
}
