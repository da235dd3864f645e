package inbound

import (
	"regexp"
	"strings"
)

// label says what a line is.
type label int

const (
	written label = iota // by the person
	nothing              // to be seen
	own                  // words of our mail, or what announces it
	said                 // words of a message in our mail
	foreign              // marked, below an announcement of ours, and not known
)

// quotation is what there is of a mail of ours in a reply.
type quotation struct {
	*reading
	shown  []string     // the lines as they came
	lines  []string     // without what shows nothing
	glued  map[int]bool // lines that were one with the line before
	labels []label
	pieces []piece
	known  []int // lines that a sentence of ours takes from there on, and one; 0: not looked at
	start  int   // from where on lines are looked at
	head   int   // where the announcement begins: all before is the person's
	// familiar says that most of what is quoted are words of the mail that is
	// answered. Then nothing has to be guessed: what is none of them is an answer.
	familiar bool
	steps    int
}

// maxLines are looked at; what follows is the person's.
const maxLines = 5_000

// find labels the lines, and reports whether anything is quoted.
func (r *reading) find(lines []string) *quotation {
	q := &quotation{reading: r, shown: lines, glued: map[int]bool{}, steps: maxSteps}
	q.split()
	q.labels, q.known, q.pieces = make([]label, len(q.lines)), make([]int, len(q.lines)), make([]piece, len(q.lines))
	for i, line := range q.lines {
		q.pieces[i] = pieceOf(line)
	}
	if !q.begin() {
		q.start, q.head = len(q.lines), len(q.lines)
		return q
	}
	q.follow()
	q.templates()
	q.settle()
	return q
}

// split has an announcement end its line where the quotation goes on in it.
func (q *quotation) split() {
	var shown []string
	for _, line := range q.shown {
		plain := strings.Map(visibleRune, line)
		if m := q.runsOn(plain); m != nil && bracketed(plain[:m[2]]) {
			shown, q.lines = append(shown, plain[:m[4]]), append(q.lines, plain[:m[4]])
			q.glued[len(shown)] = true
			line, plain = plain[m[4]:], plain[m[4]:]
		}
		shown, q.lines = append(shown, line), append(q.lines, plain)
	}
	q.shown = shown
}

// runsOn finds where an announcement ends that the quotation goes on behind.
func (q *quotation) runsOn(line string) []int {
	if !strings.Contains(line, "@") {
		return nil
	}
	return q.runOn.FindStringSubmatchIndex(line)
}

// begin finds where a mail of ours begins for certain: at the line above which one
// replies, at an announcement that names our address, or where lines of ours stand.
func (q *quotation) begin() bool {
	for i, line := range q.lines {
		if blank(line) {
			continue
		}
		if q.layout.marker(q.lines[i:]) > 0 {
			q.start = q.aboveMarker(i)
			q.head = q.announcedAbove(q.start)
			return true
		}
		if from, end, ok := q.announcement(i); ok {
			q.start, q.head = end, from
			return true
		}
	}
	for i := range q.lines {
		if q.isStart(i) {
			q.start, q.head = i, q.announcedAbove(i)
			return true
		}
	}
	return false
}

// aboveMarker is where a mail of ours begins whose marker stands at a line: what
// mailboxes show beside the subject stands before it.
func (q *quotation) aboveMarker(at int) int {
	for up, lines := at-1, 0; up >= 0 && lines < maxWrapped; up-- {
		if blank(q.lines[up]) {
			continue
		}
		if lines++; q.sentence(up) > 0 && q.nextLine(up+q.sentence(up)-1) == at {
			return up
		}
	}
	return at
}

// How much of a mail of ours has to be there for it to be one: a sentence that
// somebody repeats is none.
const (
	startLines = 3
	startWords = 9
	startRoom  = 16 // lines that these stand in
)

// begins reports whether a line is one with which a quotation of our mail goes on
// below its announcement.
func (q *quotation) begins(at int) bool {
	p := q.pieces[at]
	for _, ref := range q.references {
		f := follower{reference: ref, steps: &q.steps}
		if len(p.words) > 0 && f.follows(p.words, true) {
			return true
		}
	}
	return q.layout.marker(q.lines[at:]) > 0 || q.sentence(at) > 0 || q.isStart(at)
}

// sentence returns how many lines from there on are a sentence of ours.
func (q *quotation) sentence(at int) int {
	if q.known[at] == 0 {
		q.known[at] = q.layout.sentence(q.lines[at:]) + 1
	}
	return q.known[at] - 1
}

// isStart reports whether a mail of ours begins at a line, without anything that
// announces it.
func (q *quotation) isStart(at int) bool {
	if blank(q.lines[at]) {
		return false
	}
	end := min(len(q.lines), at+startRoom)
	for _, ref := range q.references {
		f, lines, words := follower{reference: ref, steps: &q.steps}, 0, 0
		for i := at; i < end && q.steps > 0; i++ {
			p := q.pieces[i]
			if len(p.words) == 0 && i > at {
				continue
			}
			if len(p.words) == 0 || !f.follows(p.words, marked(q.lines[i])) {
				if i == at {
					break
				}
				continue
			}
			if lines, words = lines+1, words+len(p.words); lines >= startLines && words >= startWords {
				return true
			}
		}
	}
	known := 0 // lines that only a mail of ours has
	for i := at; i < end; i++ {
		switch n := q.sentence(i); {
		case n > 0:
			known, i = known+1, i+n-1
		case q.ownLink(q.pieces[i]):
			known++
		case i == at:
			return q.heads(at)
		}
		if known >= startLines {
			return true
		}
	}
	return false
}

// heads reports whether a line and the next are the heading and the place of a mail
// of ours, which stand above what certainly is one.
func (q *quotation) heads(at int) bool {
	if at+3 >= len(q.lines) || labelled.MatchString(q.lines[at]) || blank(q.lines[at+1]) || !blank(q.lines[at+2]) || at > 0 && !blank(q.lines[at-1]) && !labelled.MatchString(q.lines[at-1]) && !colonEnds(q.lines[at-1]) {
		return false
	}
	return !blank(q.lines[at+3]) && q.sentence(at+3) > 0 && q.isStart(at+3)
}

// follow labels the lines that are those of our mail, in the form in which most
// of them are.
func (q *quotation) follow() {
	best, most := []label(nil), 0
	for _, ref := range q.references {
		f, labels, words, all := follower{reference: ref, steps: &q.steps}, make([]label, len(q.lines)), 0, 0
		for i := q.start; i < len(q.lines); i++ {
			p := q.pieces[i]
			all += len(p.words)
			switch {
			case p.empty():
				labels[i] = nothing
			case len(p.words) == 0:
				if q.linksOurs(p, ref) {
					labels[i] = own
				}
			case f.follows(p.words, marked(q.lines[i])) && q.linksOurs(p, ref):
				labels[i], words = own, words+len(p.words)
				if ref.says(p.words) {
					labels[i] = said
				}
			}
		}
		if words > most || best == nil {
			best, most, q.familiar = labels, words, 2*words > all
		}
	}
	if best == nil {
		best = make([]label, len(q.lines))
		for i := q.start; i < len(q.lines); i++ {
			if p := q.pieces[i]; p.empty() {
				best[i] = nothing
			} else if len(p.words) == 0 && q.linksOurs(p, nil) {
				best[i] = own
			}
		}
	}
	for i := range q.start {
		best[i] = written
	}
	for i := q.head; i < q.start; i++ {
		best[i] = own
	}
	q.labels = best
}

// linksOurs reports whether all links are to our pages, as they are or behind
// another's, or stood in the mail.
func (q *quotation) linksOurs(p piece, ref *reference) bool {
	for _, link := range p.links {
		if (ref == nil || !ref.links[link]) && !q.hosts.MatchString(link) && !q.address.MatchString(link) {
			return false
		}
	}
	return true
}

// ownLink reports whether a line holds nothing but a link to a page of ours.
func (q *quotation) ownLink(p piece) bool {
	return len(p.words) == 0 && len(p.links) > 0 && q.linksOurs(p, nil)
}

// templates labels what every mail of ours says, and what goes on from a line of
// ours that a program broke.
func (q *quotation) templates() {
	missing := 0 // of a link that goes on in the next line
	for i := q.start; i < len(q.lines); i++ {
		if q.labels[i] == nothing {
			continue
		}
		if rest := strings.TrimSpace(unmarked(q.lines[i])); q.labels[i] == written && len(rest) <= missing && token.MatchString(rest) {
			q.labels[i], missing = own, missing-len(rest)
			continue
		}
		missing = q.missing(q.lines[i])
		n := q.layout.marker(q.lines[i:])
		if n == 0 {
			n = q.sentence(i)
			if q.familiar && n > 1 { // an answer may stand between the lines of a sentence
				n = 0
			}
		}
		for j := range n {
			q.labels[i+j] = own
		}
		if n > 0 {
			i += n - 1
			continue
		}
		if from, end, ok := q.announcement(i); ok && from >= q.start {
			for j := from; j < end; j++ {
				q.labels[j] = own
			}
			continue
		}
		if q.labels[i] == written {
			q.oddLine(i)
		}
	}
	if !q.familiar {
		q.headings()
	}
}

// oddLine labels a line that is ours by what stands beside it.
func (q *quotation) oddLine(i int) {
	if is, colon := q.layout.button(q.lines[i]); is {
		next := q.nextLine(i)
		if colon || len(q.pieces[i].links) > 0 || next >= 0 && q.ownLink(q.pieces[next]) {
			q.labels[i] = own
		}
		return
	}
	if is := strings.TrimSpace(unmarked(q.lines[i])); across.MatchString(is) || is == "----" {
		q.labels[i] = own
		return
	}
	// Who wrote a message that is quoted, and when; of a mail that is known it is known.
	if next := i + 1; !q.familiar && colonEnds(q.lines[i]) && clock.MatchString(q.lines[i]) && next < len(q.lines) && depth(q.lines[next]) > depth(q.lines[i]) {
		q.labels[i] = own
	}
}

func (q *quotation) nextLine(i int) int {
	for i++; i < len(q.lines); i++ {
		if !blank(q.lines[i]) {
			return i
		}
	}
	return -1
}

// headings labels what stands at the top of a mail of ours, above and below how
// many messages there are.
func (q *quotation) headings() {
	blankAt := func(i int) bool { return i < 0 || i >= len(q.lines) || i < q.start || blank(q.lines[i]) }
	for i := q.start; i < len(q.lines); i++ {
		if q.labels[i] != own || q.sentence(i) == 0 || !strings.ContainsAny(q.lines[i], "0123456789") {
			continue
		}
		switch {
		case !blankAt(i+1) && q.labels[i+1] == written && blankAt(i+2):
			if next := q.nextLine(i + 1); next >= 0 && q.labels[next] == own {
				q.labels[i+1] = own
			}
		case blankAt(i+1) && blankAt(i-1) && i-3 >= q.start && !blankAt(i-2) && !blankAt(i-3) && blankAt(i-4) &&
			q.labels[i-2] == written && q.labels[i-3] == written:
			q.labels[i-2], q.labels[i-3] = own, own
		}
		return
	}
}

// settle decides about marked lines that are not known: where the mail is, they are
// answers that a program marked as well; where not, they are what it said.
func (q *quotation) settle() {
	for i := q.start; i < len(q.lines) && !q.familiar; i++ {
		if q.labels[i] == written && marked(q.lines[i]) {
			q.labels[i] = foreign
		}
	}
}

func depth(line string) int {
	n := 0
	for _, r := range line {
		switch r {
		case '>':
			n++
		case ' ', '\t', '\u00a0':
		default:
			return n
		}
	}
	return n
}

var token = regexp.MustCompile(`^[A-Za-z0-9_-]{2,}$`)

// What the links end in that mails of ours hold.
const (
	tokenLength = 86
	idLength    = 36
)

var cutLink = regexp.MustCompile(`/(unsubscribe|conversations)/([A-Za-z0-9_-]*)$`)

// missing is how much of a link of ours is missing at the end of a line.
func (q *quotation) missing(line string) int {
	m := cutLink.FindStringSubmatch(strings.TrimRight(line, " \t"))
	if m == nil || !q.hosts.MatchString(line) {
		return 0
	}
	if m[1] == "unsubscribe" {
		return tokenLength - len(m[2])
	}
	return idLength - len(m[2])
}
