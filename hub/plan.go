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
	People        int // distinct recipients, counted over all conversations
	Families      int
	NeedsMode     bool // the recipients are of several families and no mode is chosen
	Refused       []Refused
	// LeftOut are the students who are recipients, but in no conversation: there
	// is a separate one with each guardian (R19).
	LeftOut []uuid.UUID
	// TooMany is the recipient limit that the start goes over (R7), nil if none.
	TooMany *Excess
}

// Excess is a recipient limit and the number of recipients that goes over it: of
// one conversation, or of all of a start together.
type Excess struct{ Limit, Got int }

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
// conversation. What the rules refuse is in the plan.
func planStart(f roster.Facts, sender uuid.UUID, r StartRequest) plan {
	p := plan{district: f.District}
	p.sender, p.known = f.People[sender]

	asked := r.Recipients
	ties := make(map[roster.Recipient]roster.Tie, len(asked))
	if r.Mode == roster.PerGuardian && r.Side == roster.AsWorker {
		var alone []roster.Recipient
		asked, alone = roster.GuardiansOnly(r.Recipients)
		p.leaveOut(f, sender, r, alone)
	}
	for _, to := range asked {
		v := f.Judge(sender, r.Side, to)
		ties[to] = v.Tie
		if !v.Allowed {
			p.Refused = append(p.Refused, Refused{to, v})
		}
	}
	p.Families = roster.Families(r.Recipients)
	p.NeedsMode = r.Mode == "" && p.Families > 1
	all := slices.Clone(asked)
	for _, group := range roster.Group(asked, r.Mode) {
		for _, tie := range f.RequiredGuardians(sender, r.Side, group) {
			to := roster.Recipient{Person: tie.Person, Student: tie.Student}
			group, all, ties[to] = append(group, to), append(all, to), tie
		}
		if !p.NeedsMode {
			p.checkLimit(f, group)
			p.Conversations = append(p.Conversations, participants(f, sender, r.Side, group, ties))
		}
	}
	p.People = roster.People(all)
	if p.People > roster.MaxRecipients {
		p.TooMany = &Excess{Limit: roster.MaxRecipients, Got: p.People}
	}
	return p
}

// leaveOut notes the students who are recipients of separate conversations with
// each guardian. One of whom no guardian is a recipient would get nothing, and is
// refused instead.
func (p *plan) leaveOut(f roster.Facts, sender uuid.UUID, r StartRequest, alone []roster.Recipient) {
	for _, to := range r.Recipients {
		if to.Person == to.Student && !slices.Contains(alone, to) {
			p.LeftOut = append(p.LeftOut, to.Student)
		}
	}
	for _, to := range alone {
		v := f.Judge(sender, r.Side, to)
		if v.Allowed {
			v = roster.Verdict{Code: roster.StudentAlone}
		}
		p.Refused = append(p.Refused, Refused{to, v})
	}
}

// checkLimit notes a conversation that has more recipients than the district
// allows. One class with all its guardians always fits.
func (p *plan) checkLimit(f roster.Facts, group []roster.Recipient) {
	got, limit := roster.People(group), f.District.Settings.RecipientLimit
	if got > limit && !f.OneClass(group) {
		p.TooMany = &Excess{Limit: limit, Got: got}
	}
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
	case len(p.Refused) > 0:
		return &Error{Code: CodeNotAllowed, Field: "recipients", Refused: p.Refused}
	case p.People == 0:
		return &Error{Code: CodeRequired, Field: "recipients"}
	case p.TooMany != nil:
		return &Error{Code: CodeTooManyRecipients, Field: "recipients", Limit: p.TooMany.Limit, Got: p.TooMany.Got}
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
