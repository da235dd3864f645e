package inbound

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// How much an announcement may be: of a quotation, who wrote what follows.
const (
	maxBlock    = 8   // lines of the form "From: …"
	maxPrefix   = 300 // bytes before the address
	wrappedFrom = 25  // characters that a line has at least that a program broke
	shortRest   = 60  // characters of what may stand alone behind the address
)

var (
	// labelled is a line of a block that announces: "From: …", in any language.
	labelled = regexp.MustCompile(`^[>\s*_|]*[\p{L}\p{M}][\p{L}\p{M}\p{N} .'’/()-]{0,30}\*{0,2}[ \x{a0}]?[:：]`)
	// across is a line across, with words in it or without.
	across = regexp.MustCompile(`^[>\s]*(?:[-_=*—–]{5,}|[-—–]{2,}.{1,60}[-—–]{2,})\s*$`)
	// year and clock are what a program says of when a mail was written.
	year  = regexp.MustCompile(`\p{Nd}{4}|\p{Nd}{1,2}[./-]\p{Nd}{1,2}[./-]\p{Nd}{2}`)
	clock = regexp.MustCompile(`\p{Nd}{1,2}\s?[:.h時时시]\s?\p{Nd}{2}`)
	ended = regexp.MustCompile(`[.!?。！？]\s*$`)
	digit = regexp.MustCompile(`\p{Nd}`)
)

func colonEnds(line string) bool {
	line = strings.TrimRight(line, " \t\u00a0*")
	last, _ := utf8.DecodeLastRuneInString(line)
	return strings.ContainsRune(":：፦៖", last)
}

// announcement finds the lines that announce a quotation of ours around the line
// at, which names an address of ours in such a way. from to end are left out.
func (q *quotation) announcement(at int) (from, end int, ok bool) {
	line := q.lines[at]
	if !strings.Contains(line, "@") {
		return 0, 0, false
	}
	span := q.address.FindStringIndex(line)
	if span == nil {
		return 0, 0, false
	}
	if labelled.MatchString(line[:span[0]]) {
		if from, end, labels := q.block(at); q.quotes(end) && labels > 1 || labels > 2 && q.isFromUs(at, from, end) {
			return from, end, true
		}
	}
	before := line[:span[0]]
	opens := before
	if strings.Trim(before, "> ") == "" && at > 0 { // it was broken there
		opens = q.lines[at-1]
	}
	dashed := betweenDashes(line) || at+1 < len(q.lines) && len(q.lines[at+1]) <= shortRest && betweenDashes(line+" "+q.lines[at+1])
	alone := strings.Trim(line, "> \t") == line[span[0]:span[1]]
	if len(before) > maxPrefix || !bracketed(opens) && !dashed && !alone {
		return 0, 0, false
	}
	from, dated := at, digit.MatchString(before+line[span[1]:])
	if !dated {
		if up := q.brokenAbove(at); up < at {
			from, dated = up, true
		}
	}
	end = at + 1
	colon := colonEnds(line) || betweenDashes(line)
	if !colon && end < len(q.lines) && !blank(q.lines[end]) && utf8.RuneCountInString(q.lines[end]) <= shortRest &&
		(colonEnds(q.lines[end]) || strings.HasSuffix(strings.TrimSpace(q.lines[end]), "----")) {
		dated = dated || digit.MatchString(q.lines[end])
		end, colon = end+1, true
	}
	switch {
	case dated && colon && (answeredAt.MatchString(line) || q.quotes(end) || q.nothing(end)):
	case (dated || colon) && q.quotes(end):
	default:
		return 0, 0, false
	}
	return from, end, true
}

// betweenDashes reports whether a line stands between dashes, as Zoho writes it.
func betweenDashes(line string) bool {
	line = strings.Trim(line, "> \t\u00a0")
	return strings.HasPrefix(line, "----") && strings.HasSuffix(line, "----") && strings.Contains(line, " ")
}

// bracketed reports whether what stands before an address opens a bracket, as
// mail programs write it and people do not.
func bracketed(before string) bool {
	before = strings.TrimRight(strings.TrimSuffix(before, "mailto:"), " ")
	return strings.HasSuffix(before, "<") || strings.HasSuffix(before, "(") || strings.HasSuffix(before, "[")
}

// brokenAbove is where an announcement begins that was broken into lines before
// the address: a long line with a date in it that ends no sentence.
func (q *quotation) brokenAbove(at int) int {
	for up := at - 1; up >= max(0, at-2); up-- {
		line := q.lines[up]
		if q.sender != "" && strings.Trim(line, "> <(") == q.sender {
			return up
		}
		if q.senderBroken(up) {
			continue
		}
		if blank(line) || ended.MatchString(line) || utf8.RuneCountInString(line) < wrappedFrom {
			break
		}
		if year.MatchString(line) || clock.MatchString(line) {
			return up
		}
	}
	return at
}

// senderBroken reports whether the name that our mails come from ends in a line and
// begins in the one before.
func (q *quotation) senderBroken(at int) bool {
	end := strings.Trim(q.lines[at], "> <(")
	return at > 0 && end != "" && strings.HasSuffix(q.sender, " "+end) &&
		strings.HasSuffix(strings.TrimRight(q.lines[at-1], " ")+" "+end, q.sender)
}

// block is the block of labelled lines around the line at, with the lines across
// above it.
func (q *quotation) block(at int) (from, end, labels int) {
	from, end = at, at+1
	for from > 0 && at-from < 3 && labelled.MatchString(q.lines[from-1]) {
		from--
	}
	for end < len(q.lines) && end-from < maxBlock && labelled.MatchString(q.lines[end]) {
		end++
	}
	labels = end - from
	return q.acrossAbove(from), end, labels
}

// isFromUs reports whether a block of labelled lines, of which the one at names our
// address, is certain to say that what follows came from us. A person's own list names
// us too, and so does the head of what somebody else wrote to us.
func (q *quotation) isFromUs(at, from, end int) bool {
	block := q.lines[from:end]
	if answeredAt.MatchString(strings.Join(block, " ")) {
		return true
	}
	return !strings.Contains(strings.Join(q.lines[from:at], " "), "@") && (whenSaid(block) || q.named(block))
}

// acrossAbove is where the lines across begin that stand right above a line.
func (q *quotation) acrossAbove(from int) int {
	up := from
	if up > 0 && blank(q.lines[up-1]) {
		up--
	}
	for n := 0; up > 0 && n < 2 && across.MatchString(q.lines[up-1]); n++ {
		up--
		from = up
	}
	return from
}

// announcedAbove is where an announcement begins that names no address and ends
// right above the line at, at which a mail of ours begins for certain; at where
// there is none.
func (q *quotation) announcedAbove(at int) int {
	end := at
	for end > 0 && at-end < 4 && blank(q.lines[end-1]) {
		end--
	}
	if end == 0 {
		return at
	}
	if labelled.MatchString(q.lines[end-1]) {
		first := end - 1
		for first > 0 && end-first < maxBlock && labelled.MatchString(q.lines[first-1]) {
			first--
		}
		block := q.lines[first:end]
		if up := q.acrossAbove(first); len(block) >= 3 && (up < first || whenSaid(block) || q.named(block)) {
			return up
		}
	}
	last := q.lines[end-1]
	if !colonEnds(last) {
		if across.MatchString(last) {
			return q.acrossAbove(end)
		}
		return at
	}
	first := end - 1
	if utf8.RuneCountInString(last) <= shortRest && !digit.MatchString(last) {
		first = q.brokenAbove(end - 1)
	}
	if lead := q.lines[first:end]; whenSaid([]string{strings.Join(lead, " ")}) || q.named(lead) {
		return first
	}
	return at
}

// whenSaid reports whether one of the lines has a date and a time, as those of
// programs have.
func whenSaid(lines []string) bool {
	for _, line := range lines {
		if year.MatchString(line) && clock.MatchString(line) {
			return true
		}
	}
	return false
}

// named reports whether one of the lines names the sender of our mails.
func (q *quotation) named(lines []string) bool {
	for _, line := range lines {
		if q.sender != "" && strings.Contains(line, q.sender) {
			return true
		}
	}
	return false
}

// quotes reports whether what comes next is ours; of a mail that is not known, what
// is marked.
func (q *quotation) quotes(at int) bool {
	for ; at < len(q.lines); at++ {
		if blank(q.lines[at]) {
			continue
		}
		return len(q.references) == 0 && marked(q.lines[at]) || q.begins(at)
	}
	return false
}

func (q *quotation) nothing(at int) bool {
	for ; at < len(q.lines); at++ {
		if !blank(q.lines[at]) {
			return false
		}
	}
	return true
}
