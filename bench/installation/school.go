package installation

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/transport/control"
	"github.com/homeline/homeline/transport/oneroster/orgen"
)

// Person is somebody with a token.
type Person struct {
	District string // its slug
	ID       uuid.UUID
	Name     string
	Role     string // as the roster has it
	Token    string
}

// run runs a command of the program.
func (i *Installation) run(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, i.options.Program, args...)
	cmd.Env = i.Nodes[0].env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("homeline %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// migrate makes the tables, as their owner.
func (i *Installation) migrate(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, i.options.Program, "migrate",
		"--database-url", i.Postgres.url(ownerRole, address(i.Postgres.port), database))
	cmd.Env = environment("", "")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("homeline migrate: %w\n%s", err, out)
	}
	return nil
}

// AddDistrict imports a roster of about so many people and switches messaging on.
func (i *Installation) AddDistrict(ctx context.Context, slug string, people int) error {
	folder := filepath.Join(i.options.Folder, "roster-"+slug)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	today := time.Now().UTC()
	if _, err := orgen.Write(folder, people, today.AddDate(0, -3, 0).Format(time.DateOnly), today.AddDate(0, 6, 0).Format(time.DateOnly)); err != nil {
		return err
	}
	data := i.Nodes[0].folder
	for _, args := range [][]string{
		{"district", "create", slug, "--data", data},
		{"import", folder, "--district", slug, "--data", data},
		{"district", "enable", slug, "--data", data},
	} {
		if err := i.run(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// People signs everybody in whom the district's roster names, for so long.
func (i *Installation) People(ctx context.Context, slug string, validity time.Duration) ([]Person, error) {
	school, err := control.Dial(ctx, i.Nodes[0].controlSocket())
	if err != nil {
		return nil, err
	}
	defer school.Close()
	district, err := districtID(ctx, school, slug)
	if err != nil {
		return nil, err
	}
	named, err := rolesOf(filepath.Join(i.options.Folder, "roster-"+slug))
	if err != nil {
		return nil, err
	}
	people := make([]Person, len(named))
	for n, named := range named {
		p, err := school.PersonBySourcedID(ctx, district, named.sourcedID)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", named.sourcedID, err)
		}
		secret, _, err := school.Issue(ctx, district, p.ID, validity)
		if err != nil {
			return nil, fmt.Errorf("a token for %s: %w", named.sourcedID, err)
		}
		people[n] = Person{District: slug, ID: p.ID, Name: p.Name(), Role: named.role, Token: secret}
	}
	return people, nil
}

func districtID(ctx context.Context, school control.School, slug string) (uuid.UUID, error) {
	all, err := school.Districts(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	for _, d := range all {
		if d.Slug == slug {
			return d.ID, nil
		}
	}
	return uuid.Nil, fmt.Errorf("there is no district %s", slug)
}

type named struct{ sourcedID, role string }

// rolesOf reads who there is from a written roster.
func rolesOf(folder string) ([]named, error) {
	f, err := os.Open(filepath.Join(folder, "roles.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	const person, role = 3, 5 // columns
	var all []named
	for _, row := range rows[1:] {
		all = append(all, named{row[person], row[role]})
	}
	return all, nil
}
