package oneroster

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// ErrUnsafePath: an entry of a zip has a path that leads outside of it. Nothing
// is unpacked, so it could do no harm here; but who made it meant some.
var ErrUnsafePath = errors.New("a path in the zip leads outside of it")

func openZipFile(name string, size int64) (*Source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	s, err := openZip(f, size, name)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s.close = f.Close
	return s, nil
}

func openZip(r io.ReaderAt, size int64, name string) (*Source, error) {
	if size > MaxArchive {
		return nil, fmt.Errorf("the zip is larger than %d bytes", int64(MaxArchive))
	}
	// ErrInsecurePath is judged below, where the entry can be named.
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("it is not a zip that can be read, nor a folder: %w", err)
	}
	if len(z.File) > MaxEntries {
		return nil, fmt.Errorf("the zip has more than %d entries", MaxEntries)
	}
	var all []found
	for _, entry := range z.File {
		f, ok, err := zipEntry(entry)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, f)
		}
	}
	return newSource(name, all)
}

// zipEntry is an entry as a file found; ok is false where it is to be passed over.
func zipEntry(entry *zip.File) (_ found, ok bool, _ error) {
	full := strings.ReplaceAll(entry.Name, `\`, "/") // zips made on Windows
	if strings.HasPrefix(full, "/") || strings.Contains(full, ":") || strings.ContainsRune(full, 0) {
		return found{}, false, fmt.Errorf("%w: %q", ErrUnsafePath, entry.Name)
	}
	for _, part := range strings.Split(full, "/") {
		if part == ".." {
			return found{}, false, fmt.Errorf("%w: %q", ErrUnsafePath, entry.Name)
		}
	}
	if strings.HasSuffix(full, "/") {
		return found{}, false, nil
	}
	full = path.Clean(full)
	for _, part := range strings.Split(full, "/") {
		if hidden(part) {
			return found{}, false, nil
		}
	}
	if _, ours := specOf(path.Base(full)); ours {
		switch {
		case !entry.Mode().IsRegular():
			return found{}, false, fmt.Errorf("%s is not a regular file (%s)", full, entry.Mode().Type())
		case entry.Flags&1 != 0:
			return found{}, false, fmt.Errorf("%s is encrypted: make the zip without a password", full)
		}
	}
	return found{folder: path.Dir(full), file: sourceFile{
		name: full, size: int64(entry.UncompressedSize64), packed: max(int64(entry.CompressedSize64), 1), open: entry.Open,
	}}, true, nil
}
