package wire

import "strings"

// messageOverhead is about what a message takes beside its text, in bytes.
const messageOverhead = 320

// Page is the beginning of messages that fits in about that many bytes, at
// least one message.
func Page(messages []Message, bytes int) []Message {
	for i, m := range messages {
		bytes -= len(m.Body) + messageOverhead
		if bytes < 0 && i > 0 {
			return messages[:i]
		}
	}
	return messages
}

// PageBack is the end of messages that fits in about that many bytes, at least
// one message.
func PageBack(messages []Message, bytes int) []Message {
	for i := len(messages) - 1; i >= 0; i-- {
		bytes -= len(messages[i].Body) + messageOverhead
		if bytes < 0 && i < len(messages)-1 {
			return messages[i+1:]
		}
	}
	return messages
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
