package inbound

import (
	"regexp"
	"slices"
	"strings"

	"github.com/homeline/homeline/static/words"
)

// layout knows what mails of ours say apart from names, times and messages, in all
// languages: of a mail that was sent by another version, or is no longer known,
// that is what is left to go by.
type layout struct {
	markers []string        // without the lines around them, in lower case
	lines   *regexp.Regexp  // the sentences
	buttons map[string]bool // what stands before a link
}

// Placeholders of a sentence, as they are when its pattern is made.
const (
	anyText   = "\ue000"
	anyTime   = "\ue001"
	someCount = 3
)

// newLayout makes the patterns from the words that mails are written with.
func newLayout(catalogue *words.Catalogue) *layout {
	l := &layout{buttons: map[string]bool{}}
	var patterns []string
	add := func(sentences ...string) {
		for _, s := range sentences {
			patterns = append(patterns, placeholders.Replace(regexp.QuoteMeta(strings.Join(strings.Fields(s), " "))))
		}
	}
	for _, lang := range catalogue.Languages() {
		l.markers = append(l.markers, strings.ToLower(lang.Say("mail_reply_marker")))
		var counts []string
		for _, n := range []int64{1, someCount} {
			for _, key := range []string{"mail_notice_from", "mail_notice_latest_from", "js_new_messages"} {
				counts = append(counts, lang.Count(key, n, "names", anyText))
			}
			written := lang.Count("mail_notice_written", n, "time", anyTime)
			add(written, lang.Count("mail_notice_earlier", n), lang.Count("mail_notice_more", n), lang.Count("mail_notice_several", n))
			for _, count := range counts {
				add(count, count+". "+written, count+".")
			}
		}
		why := lang.Say("mail_notice_why", "district", anyText)
		add(why, lang.Say("mail_notice_for", "name", anyText)+" "+why, lang.Say("mail_notice_goes_on"),
			lang.Say("mail_notice_reply", "readers", anyText), lang.Say("mail_notice_no_reply"))
		for _, key := range []string{"mail_notice_read_reply", "mail_notice_read", "mail_notice_fewer", "mail_notice_none", "dashboard_inbox"} {
			l.buttons[strings.ToLower(lang.Say(key))] = true
		}
	}
	l.lines = regexp.MustCompile("(?i)^(?:" + strings.Join(patterns, "|") + ")$")
	return l
}

var placeholders = strings.NewReplacer(anyText, ".+", anyTime, `.{0,40}\d{1,2}[:.]\d{2}.{0,20}`, "1", `\d{1,4}`, "3", `\d{1,4}`)

// maxWrapped is over how many lines a program may have broken a sentence, and
// maxSentence how long one of ours can be.
const (
	maxWrapped  = 4
	maxSentence = 800
)

// sentence returns how many lines from the first on are a sentence of ours.
func (l *layout) sentence(lines []string) int {
	said := ""
	for n := range min(len(lines), maxWrapped) {
		if blank(lines[n]) {
			break
		}
		said = strings.TrimSpace(said + " " + plainLine(lines[n]))
		if len(said) > maxSentence {
			break
		}
		if !strings.HasSuffix(said, ",") && l.lines.MatchString(said) { // a name ends in no comma
			return n + 1
		}
	}
	return 0
}

// button reports whether a line is what stands before a link, or on a button.
func (l *layout) button(line string) (is, colon bool) {
	said, colon := strings.CutSuffix(strings.ToLower(plainLine(line)), ":")
	return l.buttons[said], colon
}

// marker reports how many lines from the first on are the line above which one
// replies. It stands between lines across, which no sentence does.
func (l *layout) marker(lines []string) int {
	said := ""
	for n := range min(len(lines), 2) {
		said = strings.TrimSpace(said + " " + plainLine(lines[n]))
		bare := strings.Trim(said, "-–—=_*#~ ")
		if len(bare)+4 > len(said) {
			continue
		}
		another := func(part string) bool { return !slices.Contains(l.markers, strings.TrimSpace(part)) }
		if !slices.ContainsFunc(strings.Split(strings.ToLower(bare), "/"), another) { // it is in each language of the mail
			return n + 1
		}
	}
	return 0
}

// plainLine is a line without marks, invisible characters and bold.
func plainLine(line string) string {
	line = strings.Map(visibleRune, line)
	return strings.Trim(strings.Join(strings.Fields(unmarked(line)), " "), "*")
}
