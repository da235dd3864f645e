package hub

// The beginning of a message is 160 characters, which are in its first
// BeginningBytes.
const (
	beginning      = 160
	BeginningBytes = 4 * beginning
)

// Beginning is the beginning of a message, as [InboxRow] shows it.
func Beginning(body string) string {
	n := 0
	for i := range body {
		if n == beginning {
			return body[:i]
		}
		n++
	}
	return body
}
