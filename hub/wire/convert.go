package wire

import (
	"slices"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// FromLetter is a message with its sender, as an event carries it.
func FromLetter(l hub.Letter) Message {
	return Message{
		Conversation: l.Conversation, Seq: l.Seq, Sender: l.Sender,
		SenderName: l.SenderName, Part: l.SenderPart, SentAt: Time(l.SentAt), Body: l.Body,
	}
}

// FromReceipt is what was stored for a send.
func FromReceipt(r hub.Receipt) Message {
	return FromLetter(hub.Letter{Message: r.Message, SenderName: r.SenderName, SenderPart: r.SenderPart})
}

// FromMessages are messages of a conversation, with the names and parts that
// their senders have in it.
func FromMessages(messages []hub.Message, c hub.Conversation) []Message {
	senders := make(map[uuid.UUID]hub.Participant, len(c.Participants))
	for _, p := range c.Participants {
		senders[p.Person.ID] = p
	}
	out := make([]Message, len(messages))
	for i, m := range messages {
		p := senders[m.Sender]
		out[i] = FromLetter(hub.Letter{Message: m, SenderName: p.Person.Name(), SenderPart: partOf(p)})
	}
	return out
}

// FromParticipants are the people of a conversation. words says in what part
// somebody is in it; nil leaves that out.
func FromParticipants(participants []hub.Participant, words func(hub.Participant) string) []Participant {
	out := make([]Participant, len(participants))
	for i, p := range participants {
		out[i] = Participant{Person: p.Person.ID, Name: p.Person.Name(), Part: partOf(p), Students: studentsOf(p), Gone: p.Person.Gone}
		if words != nil {
			out[i].Words = words(p)
		}
	}
	return out
}

// studentsOf are the students to whom somebody is tied, each once.
func studentsOf(p hub.Participant) []uuid.UUID {
	var students []uuid.UUID
	for _, t := range p.Ties {
		if t.Student != uuid.Nil && !slices.Contains(students, t.Student) {
			students = append(students, t.Student)
		}
	}
	return students
}

// partOf is the part that stands beside a name: the first of the ties.
func partOf(p hub.Participant) roster.Part {
	if len(p.Ties) == 0 {
		return ""
	}
	return p.Ties[0].Part
}

// FromSeal is a seal as somebody of the conversation reads it: the staff's
// reason is only for those who take part as staff. The name of who sealed is
// known where they take part.
func FromSeal(s hub.Seal, participants []hub.Participant, staff bool) Seal {
	if !staff {
		s = s.ForFamilies()
	}
	out := Seal{At: Time(s.At), Cause: s.Cause, Reason: s.Reason, StaffReason: s.StaffReason}
	for _, p := range participants {
		if s.By != uuid.Nil && p.Person.ID == s.By {
			out.By, out.ByName = s.By, p.Person.Name()
		}
	}
	return out
}

// FromRow is a conversation as the inbox shows it.
func FromRow(r hub.InboxRow, words func(hub.Participant) string) Row {
	participants, more := fit(FromParticipants(r.Participants, words), rowParticipantsBytes)
	return Row{
		Conversation: r.Conversation, Subject: r.Subject, Participants: participants, More: more,
		LastSeq: r.LastSeq, LastAt: Time(r.LastAt), LastSender: r.LastSender,
		Preview: Preview(r.Preview), Unread: r.Unread, Sealed: r.Sealed,
	}
}

// FromConversation is a conversation as one of its people reads it, with the
// participants after the first skip of them, as far as they fit.
func FromConversation(c hub.Conversation, reader uuid.UUID, skip int, words func(hub.Participant) string) Conversation {
	participants, more := fit(FromParticipants(c.Participants[min(skip, len(c.Participants)):], words), participantsBytes)
	out := Conversation{
		ID: c.ID, Subject: c.Subject, StartedBy: c.StartedBy, StartedAt: Time(c.StartedAt),
		LastSeq: c.LastSeq, Participants: participants, More: more, Successors: c.Successors,
	}
	me, _ := c.Participant(reader)
	out.ReadSeq, out.Unread = me.ReadSeq, me.Unread(c.LastSeq)
	if c.Seal != nil {
		seal := FromSeal(*c.Seal, c.Participants, me.Staff())
		out.Seal = &seal
	}
	if c.Predecessor != uuid.Nil {
		out.Predecessor = &c.Predecessor
	}
	return out
}
