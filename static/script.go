package static

import "regexp"

var commentLine = regexp.MustCompile(`(?m)^[ \t]*//.*$`)

// lean is a script without its comment lines, which are written for who works
// on it and not for a phone. The lines stay, empty, so that an error still
// names the right one. No script has a string that spans lines and holds such
// a line: jstest/lint.test.js sees to it.
func lean(script []byte) []byte {
	return commentLine.ReplaceAll(script, nil)
}
