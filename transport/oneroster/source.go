package oneroster

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// ErrNoRoster: there is no file of OneRoster's in the folder or zip.
var ErrNoRoster = errors.New("no OneRoster CSV file (users.csv, orgs.csv, classes.csv, enrollments.csv …) is in it")

// Source is a delivery: the CSV files of one roster. Close it after reading.
type Source struct {
	name   string
	files  map[string]sourceFile // by the name OneRoster has for them
	others []string              // names of files that are not read
	close  func() error
}

// sourceFile is one file of a delivery.
type sourceFile struct {
	name   string // as it stands there, for people
	size   int64  // as it says of itself, for progress
	packed int64  // its size in the zip; 0 outside one
	open   func() (io.ReadCloser, error)
}

// Open opens a folder or a zip of CSV files. They may stand in one folder
// inside of it. Letter case in names does not matter; two files of one name, a
// symbolic link and a path that leads outside are errors.
func Open(name string) (*Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("open roster: %w", err)
	}
	var s *Source
	switch {
	case info.IsDir():
		s, err = openFolder(name)
	case info.Mode().IsRegular():
		s, err = openZipFile(name, info.Size())
	default:
		err = errors.New("it is neither a folder nor a zip file")
	}
	if err != nil {
		return nil, fmt.Errorf("open roster %s: %w", name, err)
	}
	return s, nil
}

// OpenFS opens the files at the top of a file system, or in the one folder
// inside of it that has any.
func OpenFS(fsys fs.FS, name string) (*Source, error) {
	s, err := openFS(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("open roster %s: %w", name, err)
	}
	return s, nil
}

// Name is where the delivery came from, for people.
func (s *Source) Name() string { return s.name }

// Close gives back what Open took.
func (s *Source) Close() error {
	if s.close == nil {
		return nil
	}
	return s.close()
}

// found is a file on the way into a Source, with the folder it stands in.
type found struct {
	folder string
	file   sourceFile
}

// newSource chooses the roster among the files found: they must all stand in
// one folder, and none twice.
func newSource(name string, all []found) (*Source, error) {
	s := &Source{name: name, files: map[string]sourceFile{}}
	folder, chosen := "", false
	for _, f := range all {
		spec, ok := specOf(path.Base(f.file.name))
		if !ok {
			s.others = append(s.others, f.file.name)
			continue
		}
		if chosen && f.folder != folder {
			return nil, fmt.Errorf("there are two rosters in it, in %s and in %s", folderName(folder), folderName(f.folder))
		}
		if before, twice := s.files[spec.name]; twice {
			return nil, fmt.Errorf("%s is in it twice, as %s and as %s", spec.name, before.name, f.file.name)
		}
		folder, chosen = f.folder, true
		s.files[spec.name] = f.file
	}
	if !chosen || len(s.files) == 1 && s.has(manifestFile) {
		return nil, noRoster(s.others)
	}
	slices.Sort(s.others)
	return s, nil
}

func (s *Source) has(name string) bool { _, ok := s.files[name]; return ok }

func noRoster(others []string) error {
	if len(others) == 0 {
		return ErrNoRoster
	}
	return fmt.Errorf("%w; the first of %d others is %s", ErrNoRoster, len(others), slices.Min(others))
}

func folderName(folder string) string {
	if folder == "." || folder == "" {
		return "the top folder"
	}
	return folder
}

// hidden says whether a name is one that computers add by themselves.
func hidden(base string) bool {
	return strings.HasPrefix(base, ".") || strings.EqualFold(base, "__MACOSX")
}
