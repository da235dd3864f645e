package mail

import (
	"strings"
	"time"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/weblink"
)

// noticePage is what the templates show.
type noticePage struct {
	frame
	Marker      string // above which one replies; empty where one cannot
	Parts       []noticePart
	More        string // that there are further conversations
	Reply       string // who reads a reply to the mail, or that nobody does
	For, Why    string
	Fewer, None string
	FewerLink   string
	NoneLink    string
	replyTo     string
}

// noticePart is one conversation in a mail.
type noticePart struct {
	Title   string // its subject where that may be said, else how many messages, from whom
	Said    string // how many messages, where Title does not say it
	Written string
	Link    string // where there are several
	Earlier string // that there are messages before those that are quoted
	Letters []noticeLetter
}

// noticeLetter is a message that is quoted.
type noticeLetter struct {
	Name, When string
	Lines      [][]weblink.Piece
	GoesOn     string // that it was cut
}

// pages returns the page in the reader's language, and in all others too if it
// is unknown.
func (n *Notices) pages(l notify.Letter) noticePage {
	first := n.Words.Language(l.Language)
	p := n.page(l, first)
	for _, lang := range otherLanguages(n.Words, first, l.LanguageUnknown || !n.Words.Speaks(l.Language)) {
		other := n.page(l, lang)
		for i := range other.Parts {
			other.Parts[i].Letters = nil // they are quoted once, above
		}
		p.Title += " / " + other.Title
		p.Marker, other.Marker = alsoMarked(p.Marker, other.Marker), ""
		p.Also = append(p.Also, other)
	}
	return p
}

// alsoMarked returns a marker that says a second one too: a mail has one.
func alsoMarked(marker, other string) string {
	if other == "" {
		return marker
	}
	return strings.TrimSuffix(marker, acrossMarker) + "/" + strings.TrimPrefix(other, acrossMarker)
}

// acrossMarker is on both sides of a marker, so that it is no sentence of a person's.
const acrossMarker = "---"

func (n *Notices) page(l notify.Letter, lang *words.Language) noticePage {
	lev := levelOf(l.District.Settings.MailReveals)
	p := noticePage{
		frame: frame{Language: lang.Tag, Dir: lang.Dir},
		Why:   lang.Say("mail_notice_why", "district", placeOr("", l.District, lang)),
		Fewer: lang.Say("mail_notice_fewer"), FewerLink: n.link("preferences"),
		None: lang.Say("mail_notice_none"), NoneLink: n.unsubscribeURL(l),
		Reply: lang.Say("mail_notice_no_reply"),
	}
	if name := reader(l, lev); name != "" {
		p.For = lang.Say("mail_notice_for", "name", name)
	}
	tellers := make([]teller, len(l.Parts))
	for i, part := range l.Parts {
		tellers[i] = teller{lang: lang, level: lev, letter: l, part: part}
	}
	if len(tellers) == 1 {
		n.aboutOne(&p, tellers[0])
	} else {
		n.aboutSeveral(&p, tellers)
	}
	return p
}

func (n *Notices) aboutOne(p *noticePage, t teller) {
	part := t.view(newQuoter())
	p.Title, p.Place, p.Heading = t.subjectLine(), t.school(), part.Title
	p.Preheader = t.count() + ". " + part.Written
	p.Parts = []noticePart{part}
	p.Link = n.link("conversations", t.part.Conversation.ID.String())
	p.Button = t.lang.Say("mail_notice_read_reply")
	if t.part.Conversation.Seal != nil {
		p.Button = t.lang.Say("mail_notice_read")
	}
	readers, offered := t.replyReaders()
	if !offered || n.ReplyAddress == nil {
		return
	}
	if p.replyTo = n.ReplyAddress(t.letter); p.replyTo != "" {
		said := t.lang.Count("reply_readers", int64(len(readers)), "names", t.lang.List(readers))
		p.Reply = t.lang.Say("mail_notice_reply", "readers", said)
		p.Marker = acrossMarker + " " + t.lang.Say("mail_reply_marker") + " " + acrossMarker
	}
}

func (n *Notices) aboutSeveral(p *noticePage, all []teller) {
	lang, total, place := all[0].lang, int64(0), all[0].school()
	for _, t := range all {
		total += t.part.Count
		if t.school() != place {
			place = placeOr("", t.letter.District, lang)
		}
	}
	count := int64(len(all))
	p.Title, p.Place = lang.Count("mail_notice_subject_several", count, "school", place), place
	p.Heading = lang.Count("mail_notice_several", count)
	p.Preheader = lang.Count("js_new_messages", total)
	p.Link, p.Button = n.link("inbox"), lang.Say("dashboard_inbox")
	if more := len(all) - mostParts; more > 0 {
		p.More, all = lang.Count("mail_notice_more", int64(more)), all[:mostParts]
	}
	room := newQuoter()
	for _, t := range all {
		part := t.view(room)
		part.Link = n.link("conversations", t.part.Conversation.ID.String())
		p.Parts = append(p.Parts, part)
	}
}

// view is the conversation as the mail shows it. The latest messages are quoted
// first, as long as there is room, and stand last.
func (t teller) view(room *quoter) noticePart {
	v := noticePart{Title: t.count()}
	if about := t.subject(hub.MaxSubject); about != "" {
		v.Title, v.Said = about, v.Title
	}
	if n := len(t.part.Messages); n > 0 {
		at := t.part.Messages[n-1].SentAt
		v.Written = t.lang.Count("mail_notice_written", t.part.Count, "time", t.moment(at))
	}
	if t.level < full {
		return v
	}
	for i := len(t.part.Messages) - 1; i >= 0; i-- {
		m := t.part.Messages[i]
		lines, more, ok := room.quote(m.Body)
		if !ok {
			break
		}
		sender, _ := t.part.Conversation.Participant(m.Sender)
		letter := noticeLetter{Name: t.name(sender), When: t.moment(m.SentAt), Lines: lines}
		if more {
			letter.GoesOn = t.lang.Say("mail_notice_goes_on")
		}
		v.Letters = append([]noticeLetter{letter}, v.Letters...)
	}
	if earlier := t.part.Count - int64(len(v.Letters)); earlier > 0 && len(v.Letters) > 0 {
		v.Earlier = t.lang.Count("mail_notice_earlier", earlier)
	}
	return v
}

// moment says when, with the zone: a mail is read elsewhere, and later.
func (t teller) moment(at time.Time) string {
	loc := t.letter.Location
	if loc == nil {
		loc = t.letter.District.Settings.Location()
	}
	return t.lang.Say("time_zone", "time", t.lang.Moment(at, t.letter.Now, loc).Exact, "zone", zoneOf(at.In(loc)))
}

// zoneOf is the abbreviation of the zone at t; zones that have none are said as
// their distance from UTC.
func zoneOf(t time.Time) string {
	name := t.Format("MST")
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		return "UTC" + name
	}
	return name
}
