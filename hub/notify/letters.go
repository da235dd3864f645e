package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

// Letters is where the worker reads what a mail is about: hub.Store and
// roster.Store have it.
type Letters interface {
	Conversation(ctx context.Context, district, conversation, person uuid.UUID) (hub.Conversation, error)
	Messages(ctx context.Context, district, conversation, person uuid.UUID, r hub.Range) ([]hub.Message, error)
	Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error)
}

// mostPages of messages are read of one conversation, to count those that others
// wrote; of those before them all are counted.
const (
	pageOf    = 200
	mostPages = 10
)

// draft is a letter with everything that was unread when its mail was claimed.
type draft struct {
	Letter
	written map[uuid.UUID][]written // the messages of others, by conversation, ascending
}

// written is when a message was; zero where it was only counted.
type written struct {
	seq int64
	at  time.Time
}

// read reads all that a claimed mail is about.
func (w *Worker) read(ctx context.Context, c Claim) (draft, error) {
	ctx, cancel := context.WithTimeout(ctx, storeBound)
	defer cancel()
	d := draft{written: map[uuid.UUID][]written{}, Letter: Letter{
		Mail: c.Mail.ID, District: c.Standing.District, Reader: c.Standing.Person, To: c.Address,
		Location: c.Standing.Location(), Now: w.Now(),
	}}
	d.Language, d.LanguageUnknown = c.Standing.language()
	for _, part := range c.Parts {
		lp, all, err := readPart(ctx, w.Letters, c.Mail.District, c.Person, part)
		if err != nil {
			return draft{}, fmt.Errorf("read what a mail is about: %w", err)
		}
		d.Parts, d.written[part.Conversation] = append(d.Parts, lp), all
	}
	if err := readSchools(ctx, w.Letters, &d.Letter); err != nil {
		return draft{}, fmt.Errorf("read the schools of the staff in it: %w", err)
	}
	slices.SortStableFunc(d.Parts, func(a, b LetterPart) int { return b.Conversation.LastAt.Compare(a.Conversation.LastAt) })
	return d, nil
}

// language returns the language to write to the person in, and reports whether
// nothing is known of it. Staff of whom nothing is known read the district's.
func (s Standing) language() (tag string, unknown bool) {
	if tag := s.Preferences.ReadingLanguage(); tag != "" {
		return tag, false
	}
	return s.District.Settings.Language, !s.Person.Staff()
}

// Recall returns the letter of a mail that was sent before, as far as it can be
// read again: what a mail said is what was unread at the time, in words and at a
// level that may have changed since.
func Recall(ctx context.Context, letters Letters, m Mail, s Standing) (Letter, error) {
	l := Letter{Mail: m.ID, District: s.District, To: m.Address, Location: s.Location(), Now: m.MadeAt}
	if !m.CalledAt.IsZero() {
		l.Now = m.CalledAt
	}
	facts, err := letters.Facts(ctx, m.District, []uuid.UUID{m.Person}, l.Now)
	if err != nil {
		return Letter{}, fmt.Errorf("read whose mail it was: %w", err)
	}
	l.Reader = facts.People[m.Person].Person
	s.Person = l.Reader
	l.Language, l.LanguageUnknown = s.language()
	for _, part := range m.Parts {
		lp, all, err := readPart(ctx, letters, m.District, m.Person, part)
		if err != nil {
			return Letter{}, fmt.Errorf("read what a mail was about: %w", err)
		}
		lp.Count = int64(len(all))
		l.Parts = append(l.Parts, lp)
	}
	if err := readSchools(ctx, letters, &l); err != nil {
		return Letter{}, fmt.Errorf("read the schools of the staff in it: %w", err)
	}
	return l, nil
}

// readPart reads backwards from the newest message of a part to its oldest.
func readPart(ctx context.Context, letters Letters, district, reader uuid.UUID, part Part) (lp LetterPart, all []written, err error) {
	if lp.Conversation, err = letters.Conversation(ctx, district, part.Conversation, reader); err != nil {
		return lp, nil, err
	}
	if me, _ := lp.Conversation.Participant(reader); lp.Conversation.Seal != nil && !me.Staff() {
		seal := lp.Conversation.Seal.ForFamilies()
		lp.Conversation.Seal = &seal
	}
	before := part.UpTo + 1
	for page := 0; before > part.After+1; page++ {
		if page == mostPages {
			for before--; before > part.After; before-- {
				all = append(all, written{seq: before})
			}
			break
		}
		list, err := letters.Messages(ctx, district, part.Conversation, reader, hub.Range{Before: before, Limit: pageOf})
		if err != nil {
			return lp, nil, err
		}
		if len(list) == 0 {
			break
		}
		for _, m := range slices.Backward(list) {
			before = m.Seq
			if m.Sender == reader || m.Seq <= part.After {
				continue
			}
			all = append(all, written{m.Seq, m.SentAt})
			if len(lp.Messages) < MaxMessages {
				lp.Messages = append(lp.Messages, m)
			}
		}
	}
	slices.Reverse(all)
	slices.Reverse(lp.Messages)
	return lp, all, nil
}

// readSchools names the school of each of staff in the conversations.
func readSchools(ctx context.Context, letters Letters, l *Letter) error {
	var staff []uuid.UUID
	for _, lp := range l.Parts {
		for _, p := range lp.Conversation.Participants {
			if p.Staff() && !slices.Contains(staff, p.Person.ID) {
				staff = append(staff, p.Person.ID)
			}
		}
	}
	if len(staff) == 0 {
		return nil
	}
	facts, err := letters.Facts(ctx, l.District.ID, staff, l.Now)
	if err != nil {
		return err
	}
	for i := range l.Parts {
		l.Parts[i].Schools = map[uuid.UUID]string{}
		for _, p := range l.Parts[i].Conversation.Participants {
			if name := schoolOf(facts, p.Person.ID); p.Staff() && name != "" {
				l.Parts[i].Schools[p.Person.ID] = name
			}
		}
	}
	return nil
}

// schoolOf is the school at which somebody holds a role, else that of a section
// that they are in; empty where they are of several, or of the district.
func schoolOf(f roster.Facts, person uuid.UUID) string {
	p := f.People[person]
	var names []string
	add := func(org uuid.UUID) {
		if o, known := f.Orgs[org]; known && o.Type == "school" && !slices.Contains(names, o.Name) {
			names = append(names, o.Name)
		}
	}
	for _, r := range p.Roles {
		if r.Role.Staff() && r.Begin <= f.Today && (r.End == roster.NoDate || f.Today < r.End) {
			add(r.Org)
		}
	}
	if len(names) == 0 {
		for _, e := range p.Enrolments {
			if _, now := e.Current(f.Today); now && e.Section != nil {
				add(e.Section.Org)
			}
		}
	}
	if len(names) != 1 {
		return ""
	}
	return names[0]
}

// about is the letter with what is unread still.
func (d draft) about(parts []Part) Letter {
	l := d.Letter
	l.Parts = nil
	for _, lp := range d.Parts {
		at := slices.IndexFunc(parts, func(p Part) bool { return p.Conversation == lp.Conversation.ID })
		if at < 0 {
			continue
		}
		after := parts[at].After
		lp.Messages = slices.DeleteFunc(slices.Clone(lp.Messages), func(m hub.Message) bool { return m.Seq <= after })
		lp.Count = 0
		for _, one := range d.written[lp.Conversation.ID] {
			if one.seq > after {
				lp.Count++
			}
		}
		l.Parts = append(l.Parts, lp)
	}
	return l
}
