package inbound

import (
	"regexp"
	"strings"

	"github.com/homeline/homeline/static/words"
)

// reading is what is known for reading one reply: where mails of ours come from
// and lead to, what all of them say, and what the one said that is answered.
type reading struct {
	layout     *layout
	sender     string         // the name that mails of ours come from
	references []*reference   // the forms in which the mail may have been sent
	address    *regexp.Regexp // that mails of ours come from, or are answered at
	hosts      *regexp.Regexp // of our pages, in a link
	runOn      *regexp.Regexp // an announcement after which the quotation goes on in the line
}

// replying is an address that a mail of ours is answered at.
const replying = `reply-(?:[a-z2-7]{40,}|…)@`

// newReading knows addresses and hosts: an address is one that mails come from; a
// host is of our pages, and all addresses at it are ours.
func newReading(catalogue *words.Catalogue, known []string, sender string) *reading {
	r := &reading{layout: newLayout(catalogue)}
	return r.knowing(known, sender)
}

func (r reading) knowing(known []string, sender string) *reading {
	addresses, hosts := []string{replying + `[a-z0-9.-]+`}, []string{}
	for _, name := range known {
		switch {
		case name == "":
		case strings.Contains(name, "@"):
			addresses = append(addresses, regexp.QuoteMeta(name))
		default:
			addresses = append(addresses, `[a-z0-9._%+…-]{1,80}@`+regexp.QuoteMeta(name))
			hosts = append(hosts, regexp.QuoteMeta(name))
		}
	}
	address := "(?i)(?:" + strings.Join(addresses, "|") + ")"
	if len(hosts) == 0 {
		hosts = append(hosts, `\x00`)
	}
	r.sender = sender
	r.address = regexp.MustCompile(address)
	r.hosts = regexp.MustCompile(`(?i)(?:` + strings.Join(hosts, "|") + `)`)
	r.runOn = regexp.MustCompile(`(` + address + `)[>)\]]*(?:<mailto:[^>]*>)?[^:：<>()]{0,40}[:：]()[ \t\x{a0}]+\S`)
	return &r
}

// of is the reading of a reply to a mail that may have been sent as these texts.
func (r reading) of(texts ...string) *reading {
	r.references = nil
	for _, text := range texts {
		r.references = append(r.references, newReference(text))
	}
	return &r
}

// visible is what a person wrote in a mail, without what they quoted of ours and
// without a signature that is certain to be one.
//
// What mails of ours say is known: what a program quoted of one is found word by
// word, whatever language it announces it in, and an answer below or within it
// is what our mail did not say. Where nothing of ours is found, all is kept: a
// lost word is worse than one too many, and what is sent cannot be taken back.
func (r *reading) visible(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	rest := lines[min(len(lines), maxLines):]
	q := r.find(lines[:len(lines)-len(rest)])
	above := unsigned(q.shown[:q.head])
	kept := append(q.joinedTo(above), q.below(len(trimmed(above)) > 0)...)
	return joined(r.withoutSecrets(append(kept, rest...)))
}

// joinedTo is lines as they were before announcements were split.
func (q *quotation) joinedTo(lines []string) (whole []string) {
	for i, line := range lines {
		if q.glued[i] && len(whole) > 0 {
			whole[len(whole)-1] += line
			continue
		}
		whole = append(whole, line)
	}
	return whole
}

// below is what was written below and within the quotation, with the words that it
// answers where these are answered one by one.
func (q *quotation) below(above bool) []string {
	out := output{}
	one := q.answeredWithin()
	for i := q.start; i < len(q.lines); i++ {
		switch l := q.labels[i]; {
		case l == written:
			out.answer(q.shown[i])
		case one && (l == said || l == foreign):
			out.context = append(out.context, contextLine{asQuoted(q.shown[i]), out.gap})
			out.gap = false
		default:
			out.gap = true
		}
	}
	kept := unsigned(out.kept)
	if above && len(kept) > 0 {
		kept = append([]string{""}, kept...)
	}
	return kept
}

// answeredWithin reports whether something was written between what is quoted of
// messages.
func (q *quotation) answeredWithin() bool {
	before, between := false, false
	for _, l := range q.labels[q.start:] {
		switch l {
		case said, foreign:
			if between {
				return true
			}
			before = true
		case written:
			between = before
		}
	}
	return false
}

// output is what is left of a quotation, an empty line for whatever is left out.
type output struct {
	kept    []string
	context []contextLine // that what is written next answers
	gap     bool
}

type contextLine struct {
	line string
	gap  bool
}

func (o *output) answer(line string) {
	for _, c := range o.context {
		o.add(c.line, c.gap)
	}
	o.add(line, o.gap)
	o.context, o.gap = nil, false
}

func (o *output) add(line string, gap bool) {
	if gap && len(o.kept) > 0 {
		o.kept = append(o.kept, "")
	}
	o.kept = append(o.kept, line)
}

// asQuoted is a line with a mark.
func asQuoted(line string) string {
	if marked(line) {
		return strings.TrimRight(line, " \t")
	}
	return "> " + line
}

// answeredAt is an address that a mail of ours is answered at.
var answeredAt = regexp.MustCompile(`(?i)reply-[a-z2-7]{40,}@`)

// secret is what ends a link that one person alone may use.
var secret = regexp.MustCompile(`(?i)(unsubscribe(?:/|%2f|_))[a-z0-9_-]{8,}`)

// withoutSecrets masks what one person alone may use: addresses to answer at, and
// the ends of links that unsubscribe, also where these go on in the next line.
func (r *reading) withoutSecrets(lines []string) (kept []string) {
	missing := 0
	for _, line := range lines {
		if part := strings.Trim(line, "> \t"); missing > 0 && len(part) > 0 && len(part) <= missing && token.MatchString(part) {
			missing -= len(part)
			continue
		}
		missing = 0
		if m := cutLink.FindStringSubmatch(strings.TrimRight(line, " \t")); m != nil && m[1] == "unsubscribe" {
			missing = tokenLength - len(m[2])
		}
		line = secret.ReplaceAllString(line, "$1…")
		kept = append(kept, answeredAt.ReplaceAllString(line, "reply-…@"))
	}
	return kept
}

// picture is what programs write into the text for a picture that stands in it.
var picture = regexp.MustCompile(`(?i)^\[(?:image|inline image|cid|imagen|imagen en línea|bild|immagine|imagem)(?: \d+)?(?:[:：][^\]\n]{0,200})?\]$`)

// withoutPictures is a text that says anything beside what pictures were in it; where
// it says nothing else it is empty.
func withoutPictures(text string) string {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" && !picture.MatchString(line) {
			return text
		}
	}
	return ""
}

func joined(lines []string) string {
	lines = append([]string(nil), lines...)
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\u00a0")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func trimmed(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
