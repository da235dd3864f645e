package socket_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/schooltest"
)

const protocol = "../../docs/protocol.md"

// line is one frame of the example session.
type line struct {
	who  string
	sent bool // by the client
	text string
}

func TestTheExampleSessionOfTheProtocolIsWhatHappensWordForWord(t *testing.T) {
	s := serve(t)
	r := replay{t: t, server: s, clients: map[string]*client{}, waiting: map[string][]string{}, bound: map[string]string{
		"trip":         s.Start(t, "Field trip", "Please sign the form.").String(),
		"lincoln":      s.Actor(schooltest.Rosa).District.String(),
		"rosa's token": s.Token(t, schooltest.Rosa),
		"ana's token":  s.Token(t, schooltest.Ana),
		"key":          uuid.NewString(),
		"another key":  uuid.NewString(),
	}}
	for _, name := range []string{schooltest.Ana, schooltest.Rosa, schooltest.Leo} {
		r.bound[name] = s.ID(name).String()
	}
	lines := exampleSession(t)
	if len(lines) < 30 {
		t.Fatalf("%s has an example session of %d lines", protocol, len(lines))
	}
	for _, l := range lines {
		if l.sent {
			r.send(l)
		} else {
			r.receive(l)
		}
	}
	for who, frames := range r.waiting {
		for _, frame := range frames {
			t.Errorf("%s received what the document does not show: %s", who, frame)
		}
	}
	for _, c := range r.clients {
		c.nothingMore()
	}
}

// exampleSession are the lines of the code blocks of the last chapter.
func exampleSession(t *testing.T) []line {
	t.Helper()
	document, err := os.ReadFile(protocol)
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, found := strings.Cut(string(document), "\n## An example session\n")
	if !found {
		t.Fatalf("%s has no example session", protocol)
	}
	var lines []line
	for i, block := range strings.Split(chapter, "\n```\n") {
		if i%2 == 0 {
			continue // the words between the blocks
		}
		for text := range strings.SplitSeq(block, "\n") {
			who, rest, _ := strings.Cut(text, " ")
			direction, frame, ok := strings.Cut(rest, " ")
			if !ok || direction != "→" && direction != "←" {
				t.Fatalf("not a line of a session: %s", text)
			}
			lines = append(lines, line{who, direction == "→", frame})
		}
	}
	return lines
}

type replay struct {
	t       *testing.T
	server  *server
	clients map[string]*client
	waiting map[string][]string // received and not yet shown by the document
	bound   map[string]string
}

func (r *replay) send(l line) {
	c := r.clients[l.who]
	if c == nil {
		c = r.server.dial(r.t, nil)
		r.clients[l.who] = c
	}
	text := placeholder.ReplaceAllStringFunc(l.text, func(name string) string {
		value, ok := r.bound[strings.Trim(name, "<>")]
		if !ok {
			r.t.Fatalf("nothing is known of %s, which %s sends", name, l.who)
		}
		return value
	})
	c.sendRaw(websocket.MessageText, []byte(text))
}

// receive reads until the frame that the document shows has come. Events and
// answers may overtake one another.
func (r *replay) receive(l line) {
	for i, frame := range r.waiting[l.who] {
		if r.matches(l.text, frame) {
			r.waiting[l.who] = append(r.waiting[l.who][:i], r.waiting[l.who][i+1:]...)
			return
		}
	}
	for {
		raw, err := r.clients[l.who].receiveRaw()
		if err != nil {
			r.t.Fatalf("%s waits for\n\t%s\nand received\n\t%s\n(%v)",
				l.who, l.text, strings.Join(r.waiting[l.who], "\n\t"), err)
		}
		if r.matches(l.text, string(raw)) {
			return
		}
		r.waiting[l.who] = append(r.waiting[l.who], string(raw))
	}
}

var (
	placeholder = regexp.MustCompile(`<[^<>]+>`)
	weekday     = regexp.MustCompile(`^<[A-Z]`)
)

const (
	timePattern = `(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)`
	idPattern   = `([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})`
)

// matches compares word for word; a name that is met first stands for what is
// received there.
func (r *replay) matches(shown, received string) bool {
	var pattern strings.Builder
	var unbound []string
	end := 0
	for _, at := range placeholder.FindAllStringIndex(shown, -1) {
		pattern.WriteString(regexp.QuoteMeta(shown[end:at[0]]))
		end = at[1]
		name := strings.Trim(shown[at[0]:at[1]], "<>")
		value, known := r.bound[name]
		switch {
		case known:
			pattern.WriteString(regexp.QuoteMeta(value))
		case weekday.MatchString(shown[at[0]:at[1]]):
			pattern.WriteString(timePattern)
			unbound = append(unbound, name)
		default:
			pattern.WriteString(idPattern)
			unbound = append(unbound, name)
		}
	}
	pattern.WriteString(regexp.QuoteMeta(shown[end:]))
	found := regexp.MustCompile("^" + pattern.String() + "$").FindStringSubmatch(received)
	if found == nil {
		return false
	}
	for i, name := range unbound {
		if before, known := r.bound[name]; known && before != found[i+1] {
			return false
		}
		r.bound[name] = found[i+1]
	}
	return true
}

func TestTheReplayNoticesWhatDiffersFromTheDocument(t *testing.T) {
	at := `"2026-10-14T19:20:00.000000Z"`
	r := replay{t: t, bound: map[string]string{"ana": uuid.NewString()}}
	shown := `{"unread":1,"at":"<Monday>","by":"<ana>"}`
	for received, want := range map[string]bool{
		`{"unread":1,"at":` + at + `,"by":"` + r.bound["ana"] + `"}`:          true,
		`{"unread":2,"at":` + at + `,"by":"` + r.bound["ana"] + `"}`:          false,
		`{"unread":1,"at":` + at + `,"by":"` + uuid.NewString() + `"}`:        false,
		`{"unread":1,"at":"14.10.2026","by":"` + r.bound["ana"] + `"}`:        false,
		`{"unread":1,"at":` + at + `,"by":"` + r.bound["ana"] + `","more":1}`: false,
	} {
		delete(r.bound, "Monday")
		if r.matches(shown, received) != want {
			t.Errorf("%s: %v", received, !want)
		}
	}
}
