package static

import "regexp"

var commentOrIndent = regexp.MustCompile(`(?m)^[ \t]*(//.*$)?`)

// lean is a script without its comment lines and its indentation, which are for
// who works on it and not for a phone. The lines stay, empty, so that an error still
// names the right one. No script has a string that spans lines:
// jstest/lint.test.js sees to it.
func lean(script []byte) []byte {
	return commentOrIndent.ReplaceAll(script, nil)
}
