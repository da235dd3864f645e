package storetest

import (
	"reflect"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

// countsAreRight holds where the numbers of the conversations have no gap,
// everybody sees the same messages, the chain holds, and every count equals what
// one gets by counting.
func (s *school) countsAreRight(names []string, conversations ...uuid.UUID) {
	s.Helper()
	totals := map[string]int64{}
	for _, c := range conversations {
		var seen []hub.Message
		for i, name := range names {
			letters := s.all(c, name)
			if i == 0 {
				seen = letters
				s.chainHolds(c, name, letters)
			} else if !reflect.DeepEqual(letters, seen) {
				s.Errorf("%s sees other messages than %s in %s", name, names[0], c)
			}
			totals[name] += s.recount(c, name, letters)
		}
	}
	for _, name := range names {
		if got := s.head(name).Unread; got != totals[name] {
			s.Errorf("%s's inbox says %d unread, counted are %d", name, got, totals[name])
		}
	}
}

// recount counts what somebody has not read in a conversation, and holds their
// row against it.
func (s *school) recount(c uuid.UUID, name string, letters []hub.Message) (unread int64) {
	s.Helper()
	row, err := s.Row(s.Context(), s.id, c, s.who[name])
	s.must(err)
	var me hub.Participant
	for _, p := range row.Participants {
		if p.Person.ID == s.who[name] {
			me = p
		}
	}
	var own, read int64
	for _, m := range letters {
		switch {
		case m.Sender == s.who[name]:
			own++
		case m.Seq <= me.ReadSeq:
			read++
		default:
			unread++
		}
	}
	if me.Own != own || me.Read != read || row.Unread != unread || row.LastSeq != int64(len(letters)) {
		s.Errorf("%s in %s: the row says %d own, %d read, %d unread of %d; counted are %d, %d, %d of %d",
			name, c, me.Own, me.Read, row.Unread, row.LastSeq, own, read, unread, len(letters))
	}
	return unread
}

func (s *school) chainHolds(c uuid.UUID, name string, letters []hub.Message) {
	s.Helper()
	hash := s.root(s.view(c, name))
	for i, m := range letters {
		if hash = hub.ChainHash(hash, m); m.Hash != hash || m.Seq != int64(i+1) {
			s.Errorf("message %d of %s is numbered %d or does not follow from the one before", i+1, c, m.Seq)
		}
		if i > 0 && m.SentAt.Before(letters[i-1].SentAt) {
			s.Errorf("message %d of %s was sent before the one before", m.Seq, c)
		}
	}
}

// root is what the chain of a conversation begins with.
func (s *school) root(c hub.Conversation) [32]byte {
	begun := hub.NewConversation{ID: c.ID, Subject: c.Subject, Predecessor: c.Predecessor}
	for _, p := range c.Participants {
		begun.Participants = append(begun.Participants, hub.NewParticipant{Person: p.Person.ID, Ties: p.Ties})
	}
	return hub.ChainRoot(s.id, c.StartedBy, c.StartedAt, begun)
}

// all are the messages of a conversation, page by page.
func (s *school) all(c uuid.UUID, name string) (letters []hub.Message) {
	s.Helper()
	for {
		page, err := s.Messages(s.Context(), s.id, c, s.who[name], hub.Range{After: int64(len(letters)), Limit: 70})
		s.must(err)
		if len(page) == 0 {
			return letters
		}
		letters = append(letters, page...)
	}
}
