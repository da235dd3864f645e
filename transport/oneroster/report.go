package oneroster

import (
	"fmt"
	"regexp"
	"strings"
)

// Report says what became of a delivery.
type Report struct {
	// Version is what the manifest says, empty where there is none.
	Version string
	Files   []FileReport
	// Findings are the rows that were refused, by file and line, and then those that
	// were mended.
	Findings []Finding
	refused  int // of the findings
	// Remarks are about the whole, for a person who wonders.
	Remarks []string

	people personLines
}

// Mode is how a file was delivered.
type Mode string

// A bulk file holds all there is: what is missing from it is gone. A delta file
// holds what changed. Nothing follows from an absent one.
const (
	Bulk   Mode = "bulk"
	Delta  Mode = "delta"
	Absent Mode = "absent"
)

// FileReport is what became of one file.
type FileReport struct {
	Name    string
	Mode    Mode
	Rows    int
	Refused int // rows
}

// Action is what was done about a row.
type Action string

// A refused row is left out, and what is stored of it stays as it is. A mended
// one was taken, otherwise than it stands there.
const (
	Refused Action = "refused"
	Mended  Action = "mended"
)

// Finding is something wrong with a row, or with several in the same way.
type Finding struct {
	File      string
	Lines     []Span // of the file, counted from 1; none where it is about the file
	SourcedID string // empty where unknown, and for several rows
	Action    Action
	Reason    string
}

// linesShown is how many spans of lines Brief names.
const linesShown = 12

// Brief is String with the first lines only, if there are many.
func (f Finding) Brief() string {
	if len(f.Lines) <= linesShown {
		return f.String()
	}
	more := 0
	for _, s := range f.Lines[linesShown:] {
		more += s.Last - s.First + 1
	}
	f.Lines = f.Lines[:linesShown]
	return f.words(fmt.Sprintf(" and %d more", more))
}

// String is the finding in one line.
func (f Finding) String() string { return f.words("") }

func (f Finding) words(more string) string {
	var b strings.Builder
	b.WriteString(f.File)
	for i, s := range f.Lines {
		switch {
		case i > 0:
			b.WriteString(", ")
		case len(f.Lines) == 1 && s.First == s.Last:
			b.WriteString(" line ")
		default:
			b.WriteString(" lines ")
		}
		b.WriteString(s.String())
	}
	b.WriteString(more)
	if f.SourcedID != "" {
		fmt.Fprintf(&b, " (%s)", f.SourcedID)
	}
	fmt.Fprintf(&b, ": %s: %s", f.Action, f.Reason)
	return b.String()
}

// Span is lines of a file, both included.
type Span struct{ First, Last int }

// String is 7, or 7-9.
func (s Span) String() string {
	if s.First == s.Last {
		return fmt.Sprint(s.First)
	}
	return fmt.Sprintf("%d-%d", s.First, s.Last)
}

// Refused counts the findings for which something was refused.
func (r Report) Refused() int { return r.refused }

// Mended counts the findings for which something was mended.
func (r Report) Mended() int { return len(r.Findings) - r.refused }

// alikeShown is how many corrections are shown that differ only in what they name.
const alikeShown = 3

// Shown are the findings that a person is shown first, at most so many: refusals,
// and then a few of each kind of correction.
func (r Report) Shown(most int) []Finding {
	var shown []Finding
	alike := map[mergeKey]int{}
	for _, f := range r.Findings {
		if len(shown) == most {
			break
		}
		if f.Action == Mended {
			key := mergeKey{f.File, named.ReplaceAllString(f.Reason, "…")}
			if alike[key]++; alike[key] > alikeShown {
				continue
			}
		}
		shown = append(shown, f)
	}
	return shown
}

// named is what a reason names: a text in quotes, or a number.
var named = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[0-9]+`)

// FileError ends an import: the file cannot be read to its end.
type FileError struct {
	File   string
	Line   int // 0 where it is about the file
	Reason string
	Err    error // the cause, where there is one
}

// Error is the error in one line.
func (e *FileError) Error() string {
	s := e.File
	if e.Line > 0 {
		s = fmt.Sprintf("%s line %d", s, e.Line)
	}
	s += ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap is the cause.
func (e *FileError) Unwrap() error { return e.Err }
