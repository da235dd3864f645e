package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

const (
	selectSignIns = `SELECT s.id, s.district, s.person, s.address, s.fixed, s.created_at, s.expires_at
		FROM json_each(?1) e CROSS JOIN session s ON s.id = e.value
		LEFT JOIN person p ON p.district = s.district AND p.id = s.person
		WHERE (s.person IS NULL OR p.gone = 0) AND s.expires_at > ?2`
	selectSignInHolders = `SELECT s.id, p.district, p.id, c.person IS NOT NULL,
		EXISTS (SELECT 1 FROM guardianship WHERE district = p.district AND guardian = p.id),
		(SELECT coalesce(group_concat(role), '') FROM (
			SELECT role FROM person_role WHERE district = p.district AND person = p.id
			UNION SELECT role FROM enrolment WHERE district = p.district AND person = p.id))
		FROM json_each(?1) e CROSS JOIN session s ON s.id = e.value
		JOIN person p INDEXED BY person_address ON p.district = s.district AND p.address = s.address AND p.address <> '' AND p.gone = 0
		LEFT JOIN confirmed_holder c ON c.district = p.district AND c.address = p.address AND c.person = p.id
		ORDER BY s.id, p.sourced_id`
)

// SignIns implements identity.Store.
func (s *Store) SignIns(ctx context.Context, ids []string, now time.Time) (signIns []identity.SignIn, err error) {
	list := listText(ids)
	err = s.read(ctx, func(tx *sql.Tx) error {
		if signIns, err = collect(ctx, tx, scanSignIn, selectSignIns, list, micros(now)); err != nil {
			return err
		}
		at := make(map[string]int, len(signIns))
		for i, found := range signIns {
			at[found.ID] = i
		}
		return each(ctx, tx, func(row scanner) error {
			id, holder, err := scanSignInHolder(row)
			if i, found := at[id]; found && err == nil {
				signIns[i].Holders = append(signIns[i].Holders, holder)
			}
			return err
		}, selectSignInHolders, list)
	})
	return signIns, wrap("sign-ins", err)
}

func scanSignIn(row scanner) (identity.SignIn, error) {
	session, err := scanSession(row)
	return identity.SignIn{Session: session}, err
}

func scanSignInHolder(row scanner) (id string, h identity.Holder, err error) {
	var roles string
	err = row.Scan(&id, &h.District, &h.Person, &h.Confirmed, &h.Guardian, &roles)
	for role := range strings.SplitSeq(roles, ",") {
		h.Take(roster.Role(role))
	}
	return id, h, err
}
