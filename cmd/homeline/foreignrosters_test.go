package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever lies in a directory is tried, and it is said how each import ends.
func TestForeignRostersAreAllTriedAndNoneEndsInAnotherWay(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "odd"), os.DirFS(filepath.Join(oddRosters, "odd12"))); err != nil {
		t.Fatal(err)
	}
	f := lakeview(t)
	f["courses.csv"] += "c9\n"
	if err := os.CopyFS(filepath.Join(dir, "torn"), os.DirFS(rosterFolder(t, f))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bad.zip"), []byte("no zip"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "../../.ci/foreign-rosters", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, says := range []string{
		"1  bad.zip: not imported: it cannot be read", "0  odd: imported", "3  torn: imported, but for what was refused", "courses.csv line 3 (c9): refused",
	} {
		if !strings.Contains(string(out), says) {
			t.Errorf("it does not say %q:\n%s", says, out)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "../../.ci/foreign-rosters", t.TempDir()).CombinedOutput(); err == nil {
		t.Errorf("nothing to try is no success:\n%s", out)
	}
}
