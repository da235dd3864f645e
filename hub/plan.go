package hub

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// Preview is what a start would do, in terms that a page can say in words.
type Preview struct {
	// Conversations holds the participants of each, the sender first. Empty
	// where a mode has still to be chosen.
	Conversations [][]NewParticipant
	People        int // distinct recipients, counted over all conversations (R7)
	Families      int
	Limit         int
	NeedsMode     bool // the recipients are of several families and no mode is chosen
	Refused       []Refused
}

// Refused is a recipient to whom the sender may not write, and why.
type Refused struct {
	Recipient roster.Recipient
	Verdict   roster.Verdict
}

type plan struct {
	Preview
	district roster.District
	sender   roster.PersonFacts
	known    bool // the sender is in the roster
}

// planStart works out from the facts of today who would be in which
// conversation. Its error is a request that has no meaning; what the rules
// refuse is in the plan.
func planStart(f roster.Facts, sender uuid.UUID, r StartRequest) (plan, error) {
	p := plan{district: f.District}
	p.Limit = f.District.Settings.RecipientLimit
	p.sender, p.known = f.People[sender]

	companions, err := f.Companions(sender, r.Side, r.Recipients, r.Mode)
	if err != nil {
		return plan{}, &Error{Code: CodeInvalid, Field: "mode"}
	}
	all := slices.Clone(r.Recipients)
	ties := make(map[roster.Recipient]roster.Tie, len(all)+len(companions))
	for _, to := range r.Recipients {
		v := f.Judge(sender, r.Side, to)
		ties[to] = v.Tie
		if !v.Allowed {
			p.Refused = append(p.Refused, Refused{to, v})
		}
	}
	for _, tie := range companions {
		to := roster.Recipient{Person: tie.Person, Student: tie.Student}
		all, ties[to] = append(all, to), tie
	}
	p.People, p.Families = roster.People(all), roster.Families(all)
	if r.Mode == "" && p.Families > 1 {
		p.NeedsMode = true
		return p, nil
	}
	for _, group := range roster.Group(all, r.Mode) {
		p.Conversations = append(p.Conversations, participants(f, sender, r.Side, group, ties))
	}
	return p, nil
}

// participants are the sender and the people of a group, each once with all
// their ties.
func participants(f roster.Facts, sender uuid.UUID, side roster.Side, group []roster.Recipient,
	ties map[roster.Recipient]roster.Tie) []NewParticipant {
	in := []NewParticipant{{Person: sender, Ties: f.SenderTies(sender, side, group)}}
	at := map[uuid.UUID]int{sender: 0}
	for _, to := range group {
		i, ok := at[to.Person]
		if !ok {
			i = len(in)
			at[to.Person] = i
			in = append(in, NewParticipant{Person: to.Person})
		}
		in[i].Ties = append(in[i].Ties, ties[to])
	}
	return in
}

// refuse is the first rule that forbids the plan, nil where none does.
func (p plan) refuse() error {
	switch {
	case !p.district.Enabled:
		return &Error{Code: CodeMessagingOff}
	case !p.known || p.sender.Gone:
		return &Error{Code: CodeOut}
	case p.People == 0:
		return &Error{Code: CodeRequired, Field: "recipients"}
	case len(p.Refused) > 0:
		return &Error{Code: CodeNotAllowed, Field: "recipients", Refused: p.Refused}
	case p.People > p.Limit:
		return &Error{Code: CodeTooManyRecipients, Field: "recipients", Limit: p.Limit, Got: p.People}
	case p.NeedsMode:
		return &Error{Code: CodeRequired, Field: "mode"}
	}
	return nil
}

// conversations are what is to be stored, with fresh ids and derived keys.
func (p plan) conversations(r StartRequest) []NewConversation {
	list := make([]NewConversation, len(p.Conversations))
	for n, in := range p.Conversations {
		list[n] = NewConversation{
			ID: uuid.Must(uuid.NewV7()), Subject: r.Subject, Body: r.Body,
			Key: derivedKey(r.Key, n), Participants: in, Predecessor: r.Continues,
		}
	}
	return list
}
