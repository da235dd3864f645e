package hub

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// MaxAuthor is how long the name of who decides something for the district may
// be, and the number of an order.
const MaxAuthor = 200

// Grant gives staff access beyond the roster (R3), from the next request on.
func (h *Hub) Grant(ctx context.Context, district uuid.UUID, g roster.Grant) (roster.Grant, error) {
	now := h.now()
	d, err := h.roster.District(ctx, district)
	if err != nil {
		return roster.Grant{}, fmt.Errorf("grant: %w", err)
	}
	if err := checkGrant(g, d.Today(now)); err != nil {
		return roster.Grant{}, err
	}
	if g.Reason, err = paragraphs("reason", g.Reason, MaxReason); err != nil {
		return roster.Grant{}, err
	}
	if g.By, err = line("by", g.By, MaxAuthor); err != nil {
		return roster.Grant{}, err
	}
	g.ID, g.Students = uuid.Must(uuid.NewV7()), roster.Distinct(append([]uuid.UUID(nil), g.Students...))
	if err := h.roster.Grant(ctx, district, g, now); err != nil {
		return roster.Grant{}, fmt.Errorf("grant: %w", err)
	}
	return g, nil
}

// checkGrant refuses what does not say one whom and one what.
func checkGrant(g roster.Grant, today roster.Date) error {
	targets := 0
	for _, is := range []bool{g.Org != uuid.Nil, g.Section != uuid.Nil, len(g.Students) > 0} {
		if is {
			targets++
		}
	}
	switch {
	case (g.Person == uuid.Nil) == (g.Role == ""):
		return &Error{Code: CodeInvalid, Field: "person"}
	case g.Role != "" && !g.Role.Grantable():
		return &Error{Code: CodeInvalid, Field: "role"}
	case (g.Role == "") != (g.RoleOrg == uuid.Nil):
		return &Error{Code: CodeInvalid, Field: "role_org"}
	case targets != 1:
		return &Error{Code: CodeInvalid, Field: "target"}
	case len(g.Students) > roster.MaxGrantStudents:
		return &Error{Code: CodeTooLong, Field: "students", Limit: roster.MaxGrantStudents, Got: len(g.Students)}
	case g.Until != roster.NoDate && g.Until <= today:
		return &Error{Code: CodeInvalid, Field: "until"} // it would never hold
	}
	return nil
}

// Revoke ends a grant, from the next request on. Conversations that it led to
// stay as they are (R5), and so does its row.
func (h *Hub) Revoke(ctx context.Context, district, grant uuid.UUID, by string) error {
	by, err := line("by", by, MaxAuthor)
	if err != nil {
		return err
	}
	if err := h.roster.Revoke(ctx, district, grant, by, h.now()); err != nil {
		return fmt.Errorf("revoke: %w", err)
	}
	return nil
}
