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
	named, err := i.Named(slug)
	if err != nil {
		return nil, err
	}
	desk, err := i.OpenDesk(ctx, slug)
	if err != nil {
		return nil, err
	}
	defer desk.Close()
	people := make([]Person, len(named))
	for n, named := range named {
		if people[n], err = desk.SignIn(ctx, named, validity); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// Desk is where a district's people get tokens. It may be asked by several at once.
type Desk struct {
	*control.Client
	slug     string
	district uuid.UUID
}

// OpenDesk reaches a district through the first node.
func (i *Installation) OpenDesk(ctx context.Context, slug string) (*Desk, error) {
	school, err := control.Dial(ctx, i.Nodes[0].controlSocket())
	if err != nil {
		return nil, err
	}
	district, err := districtID(ctx, school, slug)
	if err != nil {
		school.Close()
		return nil, err
	}
	return &Desk{school, slug, district}, nil
}

// SignIn signs somebody in whom the roster names, for so long.
func (d *Desk) SignIn(ctx context.Context, named Named, validity time.Duration) (Person, error) {
	p, err := d.PersonBySourcedID(ctx, d.district, named.SourcedID)
	if err != nil {
		return Person{}, fmt.Errorf("%s: %w", named.SourcedID, err)
	}
	secret, err := d.Token(ctx, p.ID, validity)
	return Person{District: d.slug, ID: p.ID, Name: p.Name(), Role: named.Role, Token: secret}, err
}

// Token signs somebody in.
func (d *Desk) Token(ctx context.Context, person uuid.UUID, validity time.Duration) (string, error) {
	secret, _, err := d.Issue(ctx, d.district, person, validity)
	if err != nil {
		return "", fmt.Errorf("a token for %s: %w", person, err)
	}
	return secret, nil
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

// Named is somebody as the roster has them.
type Named struct{ SourcedID, Role string }

// Named reads who there is from the roster that was written for a district.
func (i *Installation) Named(slug string) ([]Named, error) {
	f, err := os.Open(filepath.Join(i.options.Folder, "roster-"+slug, "roles.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	const person, role = 3, 5 // columns
	var all []Named
	for _, row := range rows[1:] {
		all = append(all, Named{row[person], row[role]})
	}
	return all, nil
}
