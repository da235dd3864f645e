package inbound

import "strings"

// reference is a mail of ours as it may have been sent: one of its parts, as text.
type reference struct {
	words  []string
	starts map[string][]int // where a word stands
	ends   map[int]bool     // positions at which a line begins or ends
	links  map[string]bool
	body   string // what messages in it say, as words between spaces
}

// newReference reads the text of a mail. What stands behind > in our own text is
// what a person wrote.
func newReference(text string) *reference {
	r := &reference{starts: map[string][]int{}, ends: map[int]bool{0: true}, links: map[string]bool{}}
	var body []string
	for line := range strings.SplitSeq(text, "\n") {
		p := pieceOf(line)
		for _, word := range p.words {
			r.starts[word] = append(r.starts[word], len(r.words))
			r.words = append(r.words, word)
		}
		r.ends[len(r.words)] = true
		for _, link := range p.links {
			r.links[link] = true
		}
		if marked(line) {
			body = append(body, p.words...)
		}
	}
	r.body = " " + strings.Join(body, " ") + " "
	return r
}

// How much of a line must be the mail's own where it does not go on from the line
// before: a word or two may well be an answer.
const (
	fewWords  = 3 // that are a whole line of ours
	someWords = 4 // of a line of ours
)

// maxSteps bounds the words that are compared for one mail.
const maxSteps = 4_000_000

// follower goes through a mail of ours as it is quoted: forward only, so that what
// was quoted once is an answer when it comes again.
type follower struct {
	*reference
	next  int
	steps *int
}

// follows reports whether words are the mail's next ones, or further ones of it,
// and goes on behind them.
func (f *follower) follows(words []string, quoted bool) bool {
	if f.isAt(f.next, words) {
		f.next += len(words)
		return true
	}
	for _, at := range f.starts[words[0]] {
		if *f.steps--; *f.steps < 0 {
			return false
		}
		end := at + len(words)
		whole := f.ends[at] && f.ends[end] && (quoted || len(words) >= fewWords)
		if at >= f.next && (whole || len(words) >= someWords) && f.isAt(at, words) {
			f.next = end
			return true
		}
	}
	return false
}

func (f *follower) isAt(at int, words []string) bool {
	if at+len(words) > len(f.words) {
		return false
	}
	for i, word := range words {
		if *f.steps--; *f.steps < 0 || f.words[at+i] != word {
			return false
		}
	}
	return true
}

// says reports whether a message in the mail says that.
func (r *reference) says(words []string) bool {
	return len(words) > 0 && strings.Contains(r.body, " "+strings.Join(words, " ")+" ")
}
