package oneroster

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// openFolder reads through an os.Root: nothing outside of the folder can be
// reached, whatever changes in it meanwhile.
func openFolder(name string) (*Source, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	s, err := openFS(root.FS(), name)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	s.close = root.Close
	return s, nil
}

// openFS looks at the top of fsys and, where no roster stands there, into the
// folders at its top.
func openFS(fsys fs.FS, name string) (*Source, error) {
	entries, err := readDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	top, err := filesOf(fsys, ".", entries)
	if err != nil {
		return nil, err
	}
	s, err := newSource(name, top)
	if !errors.Is(err, ErrNoRoster) {
		return s, err
	}
	all := top
	for _, e := range entries {
		if !e.IsDir() || hidden(e.Name()) {
			continue
		}
		inside, err := readDir(fsys, e.Name())
		if err != nil {
			return nil, err
		}
		files, err := filesOf(fsys, e.Name(), inside)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	return newSource(name, all)
}

func readDir(fsys fs.FS, folder string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return nil, err
	}
	if len(entries) > MaxEntries {
		return nil, fmt.Errorf("%s holds more than %d files", folderName(folder), MaxEntries)
	}
	return entries, nil
}

// filesOf are the regular files of a folder. A link or a device under the name
// of one of OneRoster's is an error: a delivery has no business with it.
func filesOf(fsys fs.FS, folder string, entries []fs.DirEntry) ([]found, error) {
	var all []found
	for _, e := range entries {
		if hidden(e.Name()) || e.IsDir() {
			continue
		}
		full := path.Join(folder, e.Name())
		if !e.Type().IsRegular() {
			if _, ours := specOf(e.Name()); ours {
				return nil, fmt.Errorf("%s is not a regular file (%s)", full, e.Type())
			}
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		all = append(all, found{folder: folder, file: sourceFile{
			name: full, size: info.Size(),
			open: func() (io.ReadCloser, error) { return fsys.Open(full) },
		}})
	}
	return all, nil
}
