package orgen_test

import (
	"testing"
	"time"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/oneroster"
	"github.com/homeline/homeline/transport/oneroster/orgen"
)

func TestAWrittenDistrictIsReadAsItWasMeant(t *testing.T) {
	folder := t.TempDir()
	d, err := orgen.Write(folder, 2_000, "2026-08-15", "2027-06-15")
	if err != nil {
		t.Fatal(err)
	}
	source, err := oneroster.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	s, r, err := oneroster.Read(t.Context(), source, oneroster.Options{Today: roster.NewDate(2026, time.November, 24)})
	if err != nil || len(r.Findings) > 0 || len(r.Remarks) > 0 {
		t.Fatal(err, r.Findings, r.Remarks)
	}
	if d.People() != 2_000 || len(s.People) != 2_000 || len(s.Enrolments) != d.Enrolments || len(s.Guardianships) != d.Ties ||
		len(s.Sections) != d.Sections || len(s.Orgs) != d.Schools+1 {
		t.Errorf("%+v, read %d people, %d enrolments, %d ties", d, len(s.People), len(s.Enrolments), len(s.Guardianships))
	}
}

func TestADistrictThatCannotBeWrittenIsAnError(t *testing.T) {
	if _, err := orgen.Write(t.TempDir()+"/missing", 100, "2026-08-15", "2027-06-15"); err == nil {
		t.Error("written into a folder that is not there")
	}
}
