// Package sample is the school district that the demo opens: a OneRoster 1.2
// folder of some four hundred people who do not exist, the few of them one
// should try first, and letters between them.
//
// The folder is written by the generator beside it, with a fixed seed:
//
//	go run ./cmd/homeline/sample/generate
package sample

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/homeline/homeline/hub/roster"
)

//go:embed roster/*.csv
var folder embed.FS

// DistrictName is what the district calls itself.
const DistrictName = "Lincoln Unified School District"

// Roster is the folder as of a day: the semester has begun two months ago and
// goes on for four, the first quarter ended with the last month.
func Roster(today roster.Date) fs.FS {
	z, err := roll(today)
	if err != nil {
		panic("sample: the embedded roster cannot be read: " + err.Error())
	}
	return z
}

// roll puts the dates in. A zip in memory is a file system that the standard
// library has.
func roll(today roster.Date) (fs.FS, error) {
	names, err := fs.Glob(folder, "roster/*.csv")
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	dates := Dates(today)
	for _, name := range names {
		content, err := folder.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: strings.TrimPrefix(name, "roster/"), Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := dates.WriteString(f, string(content)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
}

// Dates replaces the placeholders of the folder by the days that they are today.
func Dates(today roster.Date) *strings.Replacer {
	y, m, _ := today.Time().Date()
	first := func(months int) roster.Date { return roster.NewDate(y, m+time.Month(months), 1) }
	return strings.NewReplacer(
		"{{year_begin}}", first(-3).String(),
		"{{year_end}}", first(7).String(),
		"{{semester_begin}}", first(-2).String(),
		"{{semester_end}}", first(4).String(),
		"{{quarter_begin}}", first(-2).String(),
		"{{quarter_end}}", first(0).String(),
		"{{school_year}}", strconv.Itoa(first(7).Time().Year()),
	)
}
