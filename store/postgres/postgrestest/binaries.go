package postgrestest

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

var errNoServer = errors.New("the tests need PostgreSQL 15 or newer: its programs initdb and postgres are neither in PATH " +
	"nor under /usr/lib/postgresql (Debian: apt-get install postgresql)")

// binaries is the folder of the server's programs: the one that initdb in PATH
// really is in, else the newest that Debian has installed.
func binaries() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		if found, err = filepath.EvalSymlinks(found); err == nil {
			return filepath.Dir(found), nil
		}
	}
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(folders) == 0 {
		return "", errNoServer
	}
	version := func(folder string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
		return n
	}
	return slices.MaxFunc(folders, func(a, b string) int { return version(a) - version(b) }), nil
}
