package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/homeline/homeline/hub/identity"
)

// rosterLanguages is the command that says which languages families read.
type rosterLanguages struct {
	chosenDistrict
	Path string `arg:"" help:"CSV file with the columns sourcedId and language (es, spa or Spanish; empty: unknown again)." type:"existingfile"`
}

// languagesAtOnce is how many lines of the file go to the server in one request.
const languagesAtOnce = 5_000

// Run sets the home languages of the people in the file. The exit status is 3 if
// lines were refused and the rest was taken.
func (l rosterLanguages) Run(ctx context.Context, c console) error {
	f, err := os.Open(l.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines, refused, err := readLanguages(f)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Path, err)
	}
	school, d, closer, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer closer.Close()
	taken := 0
	for part := range slices.Chunk(lines, languagesAtOnce) {
		languages := make([]identity.HomeLanguage, len(part))
		lineOf := map[string]int{}
		for i, line := range part {
			languages[i], lineOf[line.SourcedID] = line.HomeLanguage, line.no
		}
		unknown, err := school.SaveHomeLanguages(ctx, d.ID, languages)
		if err != nil {
			return err
		}
		taken += len(part) - len(unknown)
		for _, id := range unknown {
			refused = append(refused, fmt.Sprintf("line %d: no person of %s has the sourcedId %q", lineOf[id], d.Name, id))
		}
	}
	for _, r := range refused {
		c.printf("%s\n", r)
	}
	c.printf("Languages: %d set, %d refused. What a person chose comes first.\n", taken, len(refused))
	if len(refused) > 0 {
		return exit{status: statusRefused, message: counted(len(refused), "line") + " refused"}
	}
	return nil
}

// languageLine is a line of the file that can be taken.
type languageLine struct {
	identity.HomeLanguage
	no int
}

// readLanguages reads the file. refused says what is wrong with each line that
// cannot be taken. If a sourcedId comes again, the last line counts.
func readLanguages(r io.Reader) (lines []languageLine, refused []string, err error) {
	buffered := bufio.NewReader(r)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	records := csv.NewReader(buffered)
	records.FieldsPerRecord = -1
	header, err := records.Read()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	id, tag := columnOf(header, "sourcedId"), columnOf(header, "language")
	if id < 0 || tag < 0 {
		return nil, nil, fmt.Errorf("line 1 must name the columns sourcedId and language; it has %q", header)
	}
	at := map[string]int{} // of lines, by sourcedId
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return lines, refused, nil
		}
		var torn *csv.ParseError
		if errors.As(err, &torn) {
			refused = append(refused, fmt.Sprintf("lines %d to %d: %v", torn.StartLine, torn.Line, torn.Err))
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		line, wrong := languageOfRecord(header, record, id, tag)
		line.no, _ = records.FieldPos(0)
		if wrong != "" {
			refused = append(refused, fmt.Sprintf("line %d: %s", line.no, wrong))
			continue
		}
		if i, again := at[line.SourcedID]; again {
			lines[i] = line
			continue
		}
		at[line.SourcedID] = len(lines)
		lines = append(lines, line)
	}
}

func languageOfRecord(header, record []string, id, tag int) (line languageLine, wrong string) {
	if len(record) != len(header) {
		return line, fmt.Sprintf("%d cells under %d headers", len(record), len(header))
	}
	line.SourcedID = strings.TrimSpace(record[id])
	if line.SourcedID == "" {
		return line, "sourcedId is empty"
	}
	var ok bool
	if line.Language, ok = languageTag(record[tag]); !ok {
		return line, fmt.Sprintf("language: %q is no code such as es or spa, and no name such as Spanish", record[tag])
	}
	return line, ""
}

// columnOf returns the place of a column, in whatever case it is written; -1 if
// the header does not name it.
func columnOf(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
}

// languageNames are the English names under which student information systems
// export the languages that most families in American schools read.
var languageNames = map[string]string{
	"arabic": "ar", "bengali": "bn", "burmese": "my", "cantonese": "yue", "chinese": "zh", "english": "en", "farsi": "fa",
	"french": "fr", "german": "de", "gujarati": "gu", "haitian creole": "ht", "hebrew": "he", "hindi": "hi", "hmong": "hmn",
	"italian": "it", "japanese": "ja", "korean": "ko", "mandarin": "zh", "nepali": "ne", "persian": "fa", "polish": "pl",
	"portuguese": "pt", "punjabi": "pa", "russian": "ru", "somali": "so", "spanish": "es", "swahili": "sw", "tagalog": "tl",
	"tamil": "ta", "telugu": "te", "thai": "th", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}

// languageTag returns the BCP 47 tag of a code (BCP 47, ISO 639-2) or of the
// English name of a language.
func languageTag(written string) (tag string, ok bool) {
	written = strings.TrimSpace(written)
	if written == "" {
		return "", true
	}
	if tag, ok := languageNames[strings.ToLower(written)]; ok {
		return tag, true
	}
	parsed, err := language.Parse(written)
	return parsed.String(), err == nil && parsed != language.Und
}
