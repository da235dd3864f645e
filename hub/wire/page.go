package wire

import "strings"

// MaxAnswer is how many bytes a frame with an answer has, as JSON.
const MaxAnswer = 64_000

// MessagesBytes is how many of them messages may take: the rest is for what
// stands around them.
const MessagesBytes = MaxAnswer - 512

// messageOverhead is what a message takes beside its text and its sender's name,
// in bytes, at most.
const messageOverhead = 320

// size returns how many bytes a message takes as JSON, at most.
func (m Message) size() int { return messageOverhead + quoted(m.SenderName) + quoted(m.Body) }

// quoted returns how many bytes a text takes as JSON, at most: encoding/json
// writes what HTML or JavaScript would read as something else as an escape.
func quoted(text string) int {
	const escape = len(`\u003c`)
	n := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"', c == '\\', c == '\n', c == '\t':
			n += 2
		case c < ' ', c == '<', c == '>', c == '&':
			n += escape
		case c == 0xe2: // U+2028 and U+2029 among others
			n += escape - 2
		default:
			n++
		}
	}
	return n
}

// Page is the beginning of messages that fits in that many bytes as JSON, at
// least one message.
func Page(messages []Message, bytes int) []Message {
	for i, m := range messages {
		bytes -= m.size()
		if bytes < 0 && i > 0 {
			return messages[:i]
		}
	}
	return messages
}

// PageBack is the end of messages that fits in that many bytes as JSON, at least
// one message.
func PageBack(messages []Message, bytes int) []Message {
	for i := len(messages) - 1; i >= 0; i-- {
		bytes -= messages[i].size()
		if bytes < 0 && i < len(messages)-1 {
			return messages[i+1:]
		}
	}
	return messages
}

// The bytes that the participants of a conversation, or of a row of the inbox, may
// take as JSON: more are left out, and asked for by their position.
const (
	participantsBytes    = 44_000
	rowParticipantsBytes = 8_000
)

func (p Participant) size() int {
	return 160 + 39*len(p.Students) + quoted(p.Name) + quoted(p.Words)
}

// fit is the beginning of participants that fits in that many bytes as JSON, at
// least one, and whether there are more.
func fit(participants []Participant, bytes int) (some []Participant, more bool) {
	for i, p := range participants {
		bytes -= p.size()
		if bytes < 0 && i > 0 {
			return participants[:i], true
		}
	}
	return participants, false
}

// FitRows returns how many of the rows fit in an answer, at least one.
func FitRows(rows []Row) int {
	bytes := MessagesBytes
	for i, r := range rows {
		bytes -= 400 + quoted(r.Subject) + quoted(r.Preview)
		for _, p := range r.Participants {
			bytes -= p.size()
		}
		if bytes < 0 && i > 0 {
			return i
		}
	}
	return len(rows)
}

// MaxPreview is the length of a preview in characters, before spaces are joined.
const MaxPreview = 160

// Preview is the beginning of a message on one line.
func Preview(body string) string {
	n := 0
	for i := range body {
		if n == MaxPreview {
			body = body[:i]
			break
		}
		n++
	}
	return strings.Join(strings.Fields(body), " ")
}
