package mail

import (
	"slices"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
)

// teller says who is who in one conversation of a letter, to its reader, at the
// level that the district allows.
type teller struct {
	lang   *words.Language
	level  level
	letter notify.Letter
	part   notify.LetterPart
}

// mostReaders is up to how many people are named as readers of a reply. A reply
// to more is written on the page, which shows them all.
const mostReaders = 20

func (t teller) staffReads() bool {
	me, ok := t.part.Conversation.Participant(t.letter.Reader.ID)
	return ok && me.Staff()
}

// others are the participants but for the reader.
func (t teller) others() []hub.Participant {
	return slices.DeleteFunc(slices.Clone(t.part.Conversation.Participants), func(p hub.Participant) bool {
		return p.Person.ID == t.letter.Reader.ID
	})
}

// wrote says whether somebody wrote one of the messages of the letter.
func (t teller) wrote(p hub.Participant) bool {
	return slices.ContainsFunc(t.part.Messages, func(m hub.Message) bool { return m.Sender == p.Person.ID })
}

// mayName says whether the mail may name somebody: staff who wrote, and with the
// messages themselves everybody.
func (t teller) mayName(p hub.Participant) bool {
	return t.level >= full || t.level >= names && p.Staff() && t.wrote(p)
}

// name is what the mail calls somebody in the conversation.
func (t teller) name(p hub.Participant) string {
	if name := nameOf(p.Person); name != "" && t.mayName(p) {
		return name
	}
	switch {
	case p.Staff():
		return t.lang.Say("mail_notice_staff")
	case t.staffReads():
		return t.lang.Say("mail_notice_a_family")
	}
	return t.lang.Say("mail_notice_somebody")
}

// writers are those who wrote the messages, in the order of their first; who may
// not be named is in it once, as what they are, behind who may.
func (t teller) writers() []string {
	var named, unnamed []string
	for _, m := range t.part.Messages {
		p, _ := t.part.Conversation.Participant(m.Sender)
		list := &unnamed
		if t.mayName(p) {
			list = &named
		}
		if name := t.name(p); !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	return append(named, unnamed...)
}

// count says how many messages there are and, where the level allows it, from
// whom.
func (t teller) count() string {
	if t.level < names || len(t.part.Messages) == 0 {
		return t.lang.Count("js_new_messages", t.part.Count)
	}
	key := "mail_notice_from"
	if t.part.Count > int64(len(t.part.Messages)) {
		key = "mail_notice_latest_from" // who wrote the others is not known here
	}
	return t.lang.Count(key, t.part.Count, "names", t.lang.Short(t.writers(), 3))
}

// voice is whom a conversation is with, for the reader: the staff who began it,
// and so wrote in it, or the only other one in it. It is the same for every mail
// of the conversation.
func (t teller) voice() (p hub.Participant, alone, ok bool) {
	others := t.others()
	if len(others) == 1 {
		return others[0], true, others[0].Staff()
	}
	p, ok = t.part.Conversation.Participant(t.part.Conversation.StartedBy)
	return p, false, ok && p.Staff() && p.Person.ID != t.letter.Reader.ID
}

// school is where a conversation is at home: for staff their own school, for
// families that of the staff in it; where none is known, the district. It is the
// same for every mail of the conversation.
func (t teller) school() string {
	order := t.others()
	if voice, _, ok := t.voice(); ok {
		order = slices.Insert(order, 0, voice)
	}
	if me, ok := t.part.Conversation.Participant(t.letter.Reader.ID); ok {
		order = slices.Insert(order, 0, me)
	}
	for _, p := range order {
		if p.Staff() {
			return placeOr(t.part.Schools[p.Person.ID], t.letter.District, t.lang)
		}
	}
	return placeOr("", t.letter.District, t.lang)
}

func placeOr(school string, d roster.District, lang *words.Language) string {
	for _, name := range []string{school, d.Name} {
		if name := oneLine(name, mostName); name != "" {
			return words.Isolate(name)
		}
	}
	return lang.Say("product")
}

// subjectLine is the same for every mail of the conversation, so that they are
// one thread.
func (t teller) subjectLine() string {
	line := t.lang.Say("mail_notice_subject_neutral", "school", t.school())
	if t.level >= names {
		line = t.namedLine(line)
	}
	if about := t.subject(mostSubject); about != "" {
		line = t.lang.Say("mail_notice_subject_about", "subject", about, "line", line)
	}
	return line
}

func (t teller) namedLine(otherwise string) string {
	voice, alone, ok := t.voice()
	name := nameOf(voice.Person)
	switch {
	case ok && name != "" && alone:
		return t.lang.Say("mail_notice_subject_names", "name", name, "school", t.school())
	case ok && name != "":
		return t.lang.Say("mail_notice_subject_with", "name", name, "school", t.school())
	case t.staffReads() && !slices.ContainsFunc(t.others(), hub.Participant.Staff):
		return t.lang.Say("mail_notice_subject_family", "school", t.school())
	}
	return otherwise
}

// subject is that of the conversation, where the level allows it.
func (t teller) subject(most int) string {
	if t.level < subject {
		return ""
	}
	return words.Isolate(oneLine(t.part.Conversation.Subject, most))
}

// replyReaders are those who would read a reply to the mail. Replying is offered
// only where there are any and all of them may be named.
func (t teller) replyReaders() (readers []string, offered bool) {
	if t.part.Conversation.Seal != nil {
		return nil, false
	}
	for _, p := range t.others() {
		if p.Person.Gone {
			continue
		}
		if !t.mayName(p) || len(readers) == mostReaders {
			return nil, false
		}
		readers = append(readers, t.name(p))
	}
	return readers, len(readers) > 0
}

// reader is the name of whom the mail is for, since an address may be shared:
// not a child's, unless the level allows it.
func reader(l notify.Letter, lev level) string {
	child := slices.ContainsFunc(l.Reader.Roles, func(r roster.RoleAt) bool { return r.Role == roster.Student })
	for _, part := range l.Parts {
		me, _ := part.Conversation.Participant(l.Reader.ID)
		child = child || slices.ContainsFunc(me.Ties, func(tie roster.Tie) bool { return tie.Part == roster.AsStudent })
	}
	if lev < names || child && lev < full {
		return ""
	}
	return nameOf(l.Reader)
}

// nameOf is empty for who has no name.
func nameOf(p roster.Person) string { return words.Isolate(oneLine(p.Name(), mostName)) }
