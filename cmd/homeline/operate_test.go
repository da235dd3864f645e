package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // a stranger with the file
)

// started is the answer to a start over the API.
type startAnswer struct {
	Conversations []uuid.UUID `json:"conversations"`
}

// write starts a conversation of ana with rosa about leo.
func (s *server) write() uuid.UUID {
	s.t.Helper()
	person := func(name string) string {
		status, answer := s.call(http.MethodGet, "/api/v1/unread", s.token(name), "", "")
		if status != http.StatusOK {
			s.t.Fatalf("%s: %d %s", name, status, answer)
		}
		return s.id(name)
	}
	body := `{"side":"staff","subject":"Leo","body":"How is he?","recipients":[{"person":"` + person("rosa") + `","student":"` + person("leo") + `"}]}`
	status, answer := s.call(http.MethodPost, "/api/v1/conversations", s.token("ana"), uuid.NewString(), body)
	var started startAnswer
	if err := json.Unmarshal([]byte(answer), &started); err != nil || status != http.StatusCreated || len(started.Conversations) != 1 {
		s.t.Fatalf("starting: %d %s", status, answer)
	}
	return started.Conversations[0]
}

// id reads a person's identifier beside the running server.
func (s *server) id(sourcedID string) string {
	s.t.Helper()
	driver, url, query := "sqlite", "file:"+filepath.Join(s.data, "homeline.db")+"?mode=ro", `SELECT hex(id) FROM person WHERE sourced_id = $1`
	for _, setting := range s.env {
		if at, ok := strings.CutPrefix(setting, "DATABASE_URL="); ok {
			driver, url, query = "pgx", at, `SELECT id FROM person WHERE sourced_id = $1`
		}
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	var id uuid.UUID
	if err := db.QueryRow(query, sourcedID).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return id.String()
}

func TestABarThroughTheRunningServerSealsOnOpenPages(t *testing.T) {
	s := startServe(t, lincoln(t))
	c := s.write()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	rosa := s.dial(ctx, "rosa")
	s.send(ctx, rosa, `{"id":2,"type":"subscribe","channel":"conversation:`+c.String()+`","after":0}`)
	s.hear(ctx, rosa, `"id":2`)

	run(t, "roster", "bar", "--guardian", "rosa", "--student", "leo", "--reason", "Order 17/26", "--data", s.data).
		expect(t, 0, "Rosa Vega is barred from Leo Vega", "Sealed: 1 conversation.")
	if frame := s.hear(ctx, rosa, `"type":"sealed"`); strings.Contains(frame, "17/26") {
		t.Errorf("the guardian is told the reason: %s", frame)
	}
	path := "/api/v1/conversations/" + c.String() + "/messages"
	for _, who := range []string{"rosa", "ana"} {
		if status, answer := s.call(http.MethodPost, path, s.token(who), uuid.NewString(), `{"body":"x"}`); status != http.StatusConflict {
			t.Errorf("%s writes: %d %s", who, status, answer)
		}
	}
	run(t, "roster", "bars", "--data", s.data).expect(t, 0, "Rosa Vega (rosa)", "Leo Vega (leo)", "Order 17/26")
	run(t, "roster", "unbar", "--guardian", "rosa", "--student", "leo", "--data", s.data).expect(t, 0, "no longer barred")
	run(t, "roster", "unbar", "--guardian", "rosa", "--student", "leo", "--data", s.data).expect(t, statusFailed, "is not barred")
	s.stop(os.Interrupt)
}

func TestABarIsRefusedWhereItNamesNobody(t *testing.T) {
	data := lincoln(t)
	run(t, "roster", "bar", "--guardian", "nobody", "--student", "leo", "--reason", "x", "--data", data).expect(t, statusFailed, "guardian nobody")
	run(t, "roster", "bar", "--guardian", "rosa", "--student", "nobody", "--reason", "x", "--data", data).expect(t, statusFailed, "student nobody")
	run(t, "roster", "bar", "--guardian", "rosa", "--student", "leo", "--data", data).expect(t, 80, "--reason")
	run(t, "roster", "bar", "--guardian", "rosa", "--student", "leo", "--reason", "x", "--since", "1/2/26", "--data", data).expect(t, statusFailed, "--since")
	run(t, "roster", "bars", "--data", data).expect(t, 0, "GUARDIAN")
}

func TestMessagingIsSwitchedOffInTheRunningServer(t *testing.T) {
	s := startServe(t, lincoln(t))
	c := s.write()
	run(t, "district", "disable", "--data", s.data).expect(t, 0, "Messaging is off in lincoln")
	path := "/api/v1/conversations/" + c.String() + "/messages"
	if status, answer := s.call(http.MethodPost, path, s.token("rosa"), uuid.NewString(), `{"body":"x"}`); status != http.StatusForbidden || !strings.Contains(answer, "messaging_off") {
		t.Errorf("writing: %d %s", status, answer)
	}
	if status, answer := s.call(http.MethodGet, path, s.token("rosa"), "", ""); status != http.StatusOK || !strings.Contains(answer, "How is he?") {
		t.Errorf("reading: %d %s", status, answer)
	}
	s.stop(os.Interrupt)
}

func TestNothingIsSaidOfADistrictThatCouldNotBeKept(t *testing.T) {
	data := lincoln(t)
	db, err := sql.Open("sqlite", filepath.Join(data, "homeline.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TRIGGER no_room BEFORE UPDATE ON district BEGIN SELECT RAISE(ABORT, 'no room'); END`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for _, command := range [][]string{{"enable"}, {"disable"}, {"set", "--mail-delay", "20"}} {
		r := run(t, append(append([]string{"district"}, command...), "--data", data)...)
		r.expect(t, statusFailed, "no room")
		if r.out != "" {
			t.Errorf("%v was not done, and it says\n%s", command, r.out)
		}
	}
}

func TestADistrictsSettingsAreSetCheckedAndListed(t *testing.T) {
	data := folder(t)
	run(t, "district", "create", "Lincoln Unified", "--data", data).expect(t, statusFailed, "SLUG: lower-case letters")
	must(t, "district", "create", "lincoln", "--name", "Lincoln Unified", "--time-zone", "America/Chicago", "--data", data)
	run(t, "district", "create", "lincoln", "--data", data).expect(t, statusFailed, "exists already")
	run(t, "district", "list", "--data", data).expect(t, 0, "lincoln", "Lincoln Unified", "off", "time-zone=America/Chicago", "recipient-limit=50")
	must(t, "district", "set", "lincoln", "--language", "es", "--recipient-limit", "20", "--guardians-always", "--students-from", "7", "--data", data)
	must(t, "district", "enable", "lincoln", "--data", data)
	run(t, "district", "list", "--data", data).expect(t, 0, "on", "language=es", "recipient-limit=20", "guardians-always", "students-from=07", "time-zone=America/Chicago")
	must(t, "district", "set", "--no-guardians-always", "--data", data)
	if out := must(t, "district", "list", "--data", data); strings.Contains(out, "guardians-always") || !strings.Contains(out, "language=es") {
		t.Errorf("afterwards\n%s", out)
	}
	for flag, value := range map[string]string{
		"--time-zone": "Mars/Olympus", "--language": "tlh", "--recipient-limit": "501", "--students-from": "seventh",
		"--mail-delay": "0", "--mail-reveals": "everything", "--quiet-from": "9pm",
	} {
		run(t, "district", "set", flag, value, "--data", data).expect(t, statusFailed, flag)
	}
}

func TestADistrictSaysWhenItsMailsGoOutAndWhatTheyReveal(t *testing.T) {
	data := lincoln(t)
	run(t, "district", "list", "--data", data).expect(t, 0, "mail-delay=15", "mail-reveals=names")
	run(t, "district", "set", "--mail-delay", "30", "--mail-reveals", "neutral", "--quiet-from", "21:00", "--quiet-until", "07:00", "--data", data).
		expect(t, 0, "mail-delay=30", "mail-reveals=neutral", "quiet-from=21:00", "quiet-until=07:00")
	run(t, "district", "set", "--quiet-until", "", "--data", data).expect(t, statusFailed, "--quiet-until")
	if out := must(t, "district", "set", "--quiet-from", "", "--quiet-until", "", "--data", data); strings.Contains(out, "quiet") {
		t.Errorf("after quiet hours were taken away\n%s", out)
	}
}

func TestAGradeIsTakenAsPeopleTypeIt(t *testing.T) {
	data := lincoln(t)
	for typed, kept := range map[string]string{"K": "KG", "kg": "KG", "9": "09", "13": "13"} {
		run(t, "district", "set", "--students-from", typed, "--data", data).expect(t, 0, "students-from="+kept)
	}
}

func TestAFolderThatWasMistypedIsSaid(t *testing.T) {
	data := folder(t)
	run(t, "verify", "--data", data).expect(t, statusFailed, "no school in "+data)
	s := startServe(t, data)
	s.stop(os.Interrupt)
	if said := s.output(); !strings.Contains(said, "no district in this data folder") {
		t.Errorf("a server without a district says nothing of it:\n%s", said)
	}
}

func TestARestoredDatabaseIsKeptToItsOwner(t *testing.T) {
	data := lincoln(t)
	path := filepath.Join(data, "homeline.db")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	startServe(t, data).stop(os.Interrupt)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the database: %v %v", info.Mode(), err)
	}
}

func TestCommandsSayWhereASchoolIsToBeMade(t *testing.T) {
	data := folder(t)
	run(t, "district", "list", "--data", data).expect(t, statusFailed, "no school in "+data, "homeline district create", "--data")
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("asking made the folder: %v", err)
	}
}

func TestASharedAddressIsConfirmedForOneWhoHasIt(t *testing.T) {
	data := lincoln(t)
	run(t, "district", "confirm-address", "rosa@mail.example", "--person", "leo", "--data", data).
		expect(t, statusFailed, "Leo Vega (leo) does not have the address")
	run(t, "district", "confirm-address", "ROSA@mail.example", "--person", "rosa", "--data", data).expect(t, 0, "signs in as Rosa Vega")
}

func TestAnAddressThatNobodyChoseIsNotTakenBack(t *testing.T) {
	data := lincoln(t)
	run(t, "district", "reset-address", "leo", "--data", data).expect(t, statusFailed, "Leo Vega (leo) chose no e-mail address")
	run(t, "district", "reset-address", "nobody", "--data", data).expect(t, statusFailed, "person nobody")
}

func TestATokenIsPrintedAloneSoThatAScriptCanTakeIt(t *testing.T) {
	data := lincoln(t)
	r := run(t, "token", "--person", "ana", "--for", "24h", "--data", data)
	r.expect(t, 0, "is Ana Ruiz until")
	if lines := strings.Split(r.out, "\n"); len(lines) != 2 || len(lines[0]) != 43 || lines[1] != "" {
		t.Errorf("printed is %q", r.out)
	}
	run(t, "token", "--person", "nobody", "--data", data).expect(t, statusFailed, "person nobody")
	run(t, "token", "--person", "ana", "--for", "9000h", "--data", data).expect(t, statusFailed, "--for")
}

func TestVerifyFindsTheLetterThatAStrangerWithTheFileChanged(t *testing.T) {
	s := startServe(t, lincoln(t))
	c := s.write()
	run(t, "verify", "--data", s.data).expect(t, 0, "1 conversation, 1 message", "Every message is as it was sent") // beside the server
	s.stop(os.Interrupt)

	db, err := sql.Open("sqlite", filepath.Join(s.data, "homeline.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var triggers []string
	rows, err := db.Query(`SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'message'`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		triggers = append(triggers, name)
	}
	for _, name := range triggers {
		if _, err := db.Exec(`DROP TRIGGER ` + name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(`UPDATE message SET body = 'How dare he?'`); err != nil {
		t.Fatal(err)
	}
	r := run(t, "verify", "--data", s.data)
	r.expect(t, statusFailed, "conversation "+c.String()+": message 1: it is not what was sent", "trigger")
	if strings.Contains(r.out, "Every message is as it was sent") {
		t.Errorf("it says all is well:\n%s", r.out)
	}
}

func TestVerifyOfABackupNamesTheFile(t *testing.T) {
	data := lincoln(t)
	copied := filepath.Join(t.TempDir(), "backup.db")
	db, err := sql.Open("sqlite", filepath.Join(data, "homeline.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`VACUUM INTO ?`, copied); err != nil {
		t.Fatal(err)
	}
	db.Close()
	run(t, "verify", "--file", copied).expect(t, 0, "Every message is as it was sent")
	run(t, "verify", "--file", copied+".absent").expect(t, statusFailed, copied+".absent")
}

func TestTheVersionSaysWhatItWasBuiltWith(t *testing.T) {
	run(t, "version").expect(t, 0, "homeline ", "go1.")
}

func TestATokenSaysWhenItEndsAndInWhichZone(t *testing.T) {
	said := run(t, "token", "--person", "ana", "--data", lincoln(t))
	said.expect(t, 0, "is Ana Ruiz until ")
	if !regexp.MustCompile(`until [-0-9]+ [:0-9]+ \S+ \([-+]\d\d:\d\d\)`).MatchString(said.err) {
		t.Errorf("the zone is not in %q", said.err)
	}
}
