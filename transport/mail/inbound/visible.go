package inbound

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dimiro1/reply"
)

// How far one looks for the line that says who wrote what is quoted.
const (
	maxLines     = 5_000
	maxLeadIn    = 8  // lines from "From:" to the empty one, say
	maxQuotation = 60 // lines of a mail of ours before it names us
	maxBlock     = 1_000
	maxAsked     = 100           // times that the library is asked about one mail
	maxDear      = 4_000_000_000 // of what all of these cost together: a few seconds
)

// visible is what a person wrote in a mail, without what they quoted of a mail
// of ours and without a signature. ours are domains that mails of ours name.
//
// The library knows in what words mail programs announce a quotation, in a dozen
// languages. Alone it takes too much for one: a line that begins with "On Friday"
// and ends in "the nurse said" would be lost, and what is sent cannot be taken
// back. So it is asked only of the few lines above what certainly is a quotation:
// lines that begin with > or name us. Where nothing is certain, all is kept.
func visible(text string, ours []string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(runOn.ReplaceAllString(text, "$1\n"), "\n")
	if len(lines) > maxLines {
		lines = lines[:maxLines]
	}
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\u00a0")
	}
	s := search{lines: lines, ours: ours, mayAsk: maxAsked}
	head, body, ok := s.quotation()
	if !ok {
		return joined(withoutLinks(unsigned(lines), ours))
	}
	above := unsigned(lines[:head])
	if !marked(lines[body]) { // nothing tells what is quoted from what is answered
		return joined(withoutLinks(above, ours))
	}
	return joined(withoutLinks(append(slices.Clone(above), answers(lines[body:], len(trimmed(above)) > 0)...), ours))
}

// search is for the quotation in a mail.
type search struct {
	lines, ours   []string
	asked, mayAsk int   // how often the library was, and may be
	dear          int64 // what that cost
}

// quotation finds where the announcement of a quotation begins, and where the
// quotation itself does.
func (s *search) quotation() (head, body int, ok bool) {
	lines := s.lines
	for i, line := range lines {
		switch {
		case marked(line):
			return s.leadIn(i, i), i, true
		case names(line, s.ours):
			from, announced := s.announcement(i)
			if !announced {
				continue
			}
			return from, s.begin(i), true
		}
	}
	return 0, 0, false
}

// begin is where the quotation begins that the line at announces: at the first
// line with a mark, where nothing but the announcement's end stands between.
func (s *search) begin(at int) int {
	for i := at + 1; i < min(len(s.lines), at+maxLeadIn); i++ {
		switch line := s.lines[i]; {
		case marked(line):
			return i
		case line != "" && !strings.HasSuffix(line, ":"):
			return at
		}
	}
	return at
}

// announcement finds the lines that announce a quotation in which the line at
// names us: it is one of them, or they stand above it.
func (s *search) announcement(at int) (head int, ok bool) {
	for end := at + 1; end >= 1 && end > at-maxQuotation && s.asked < s.mayAsk; end-- {
		if s.lines[end-1] == "" {
			continue
		}
		if head := s.leadIn(end, end); head < end {
			return head, true
		}
	}
	return 0, false
}

// leadIn is the first of the lines before end that announce a quotation; or,
// where none do, otherwise. It is one paragraph, and all of it announces.
func (s *search) leadIn(end, otherwise int) int {
	lines := s.lines
	for end > 0 && lines[end-1] == "" {
		end--
	}
	if end == 0 || !strings.HasSuffix(lines[end-1], ":") && !s.recognised(lines[end-1:end]) {
		return otherwise
	}
	head := otherwise
	for i := end - 1; i >= max(0, end-maxLeadIn) && lines[i] != "" && !sentence.MatchString(lines[i]); i-- {
		if announces.MatchString(lines[i]) && s.recognised(lines[i:end]) {
			head = i
		}
	}
	return head
}

var (
	// announces are lines that may begin an announcement: it has a date, an
	// address, or a line across.
	announces = regexp.MustCompile(`[\d@:]|--|__`)
	// across is a line across.
	across = regexp.MustCompile(`^[-_*=]{2,}$`)
	// runOn is an announcement after which the quotation goes on in the line, as
	// Yahoo on telephones writes it.
	runOn = regexp.MustCompile(`(?i)(<[^<>@\s]+@[^<>@\s]+> ?(?:wrote|escribió|a écrit|schrieb|escreveu|ha scritto) ?:)[ \t\x{a0}]+`)
	// sentence is the end of one, which no announcement has.
	sentence = regexp.MustCompile(`[.!?]$`)
)

// recognised says whether the library takes lines for nothing but the
// announcement of a quotation. Its patterns backtrack: it is never given much.
// After a line across it would take anything.
func (s *search) recognised(lines []string) bool {
	if s.asked == s.mayAsk {
		return false
	}
	s.asked++
	for len(lines) > 0 && across.MatchString(lines[0]) {
		lines = lines[1:]
	}
	block := strings.Join(lines, "\n")
	if block == "" || len(block) > maxBlock || s.dear+dear(block) > maxDear {
		return false
	}
	s.dear += dear(block)
	const before = "x"
	return reply.FromText(before+"\n\n"+block) == before
}

// dear is what the library may take for a block, in what it takes for a step or
// so. "wrote on wrote on wrote on" takes it the cube of the length; a year, and
// any other four digits, two loops of eighty characters each. A clock would say
// it as well, but of one mail not the same twice.
func dear(block string) int64 {
	years, digits, length := int64(0), 0, int64(len(block))
	for _, r := range block {
		if digits++; r < '0' || r > '9' {
			digits = 0
		}
		if digits >= 4 {
			years++
		}
	}
	return length*length*length + years*1_000_000
}

func marked(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") }

func names(line string, ours []string) bool {
	line = strings.ToLower(line)
	return slices.ContainsFunc(ours, func(domain string) bool { return domain != "" && strings.Contains(line, strings.ToLower(domain)) })
}

// answers are what stands below or between quoted lines: with the lines that are
// answered where they are answered one by one, alone where all stand below.
func answers(lines []string, above bool) []string {
	lines = unsigned(lines)
	last := -1 // of the quoted lines
	written, between := false, false
	for i, line := range lines {
		if marked(line) {
			between = between || written
			last = i
		} else if line != "" {
			written = true
		}
	}
	below := lines[last+1:]
	switch {
	case between, above && len(trimmed(below)) > 0:
		for len(lines) > 0 && (marked(lines[len(lines)-1]) || lines[len(lines)-1] == "") {
			lines = lines[:len(lines)-1]
		}
		return append([]string{""}, lines...)
	case above:
		return nil
	}
	return below
}

// withoutLinks leaves out lines with links that are one person's alone, also
// where it was not found out what is quoted, and addresses to answer at.
func withoutLinks(lines []string, ours []string) (kept []string) {
	missing := 0 // of a token that goes on in the next line
	for _, line := range lines {
		if part := strings.Trim(line, "> \t"); missing > 0 && len(part) <= missing && token.MatchString(part) {
			missing -= len(part)
			continue
		}
		missing = 0
		if !names(line, ours) {
			kept = append(kept, line)
			continue
		}
		_, rest, link := strings.Cut(line, "/unsubscribe/")
		if link && (rest == "" || token.MatchString(rest)) {
			missing = tokenLength - len(rest)
		}
		if !link && !marked(line) {
			kept = append(kept, answeredAt.ReplaceAllString(line, "reply-…@"))
		}
	}
	return kept
}

// tokenLength is that of the token in a link that unsubscribes.
const tokenLength = 86

var (
	token = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	// answeredAt is an address that a mail of ours is answered at.
	answeredAt = regexp.MustCompile(`(?i)reply-[a-z2-7]{40,}@`)
)

func joined(lines []string) string { return strings.TrimSpace(strings.Join(lines, "\n")) }

func trimmed(lines []string) []string {
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
