// Package control is how commands reach a school: through the running server's
// local socket, so that open pages hear of what changes and nobody else opens
// the database; or, where no server runs, directly.
//
// Both are a [School]. [Local] is the school itself; a server hands it to
// [Serve], and [Dial] gives a command the same school from outside. Start
// reading here, then at server.go.
package control

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// School is what commands may do. Each method is the one of that name of the
// hub, a store or the identity service; its doc is there.
type School interface {
	Districts(ctx context.Context) ([]roster.District, error)
	CreateDistrict(ctx context.Context, d roster.District) error
	SaveDistrict(ctx context.Context, d roster.District) error

	State(ctx context.Context, district uuid.UUID) (roster.State, error)
	WouldSeal(ctx context.Context, district uuid.UUID, ended []roster.SnapshotGuardianship) ([]roster.Closing, error)
	Accounts(ctx context.Context, district uuid.UUID) ([]roster.Account, error)
	ApplyRoster(ctx context.Context, district uuid.UUID, c roster.Changes) (roster.Effects, error)

	PersonBySourcedID(ctx context.Context, district uuid.UUID, sourcedID string) (roster.Person, error)
	People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) ([]roster.Person, error)
	Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error)
	Bar(ctx context.Context, district uuid.UUID, b roster.Bar) (roster.Effects, error)
	Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string) error
	Bars(ctx context.Context, district uuid.UUID) ([]roster.Bar, error)

	SaveHomeLanguages(ctx context.Context, district uuid.UUID, languages []identity.HomeLanguage) (unknown []string, err error)

	Grant(ctx context.Context, district uuid.UUID, g roster.Grant) (roster.Grant, error)
	Revoke(ctx context.Context, district, grant uuid.UUID, by string) error
	Grants(ctx context.Context, district uuid.UUID) ([]roster.Grant, error)
	Entries(ctx context.Context, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) ([]roster.Entry, error)

	ConfirmHolder(ctx context.Context, district uuid.UUID, address string, person uuid.UUID) error
	ResetAddress(ctx context.Context, district, person uuid.UUID) (chosen string, err error)
	Issue(ctx context.Context, district, person uuid.UUID, ttl time.Duration) (token string, s identity.Session, err error)

	MailStatus(ctx context.Context) (notify.Status, error)
}

// Local is the school in this process.
type Local struct {
	*hub.Hub
	roster.Store
	*identity.Service
	Notices notify.Store
	Now     func() time.Time // the clock of the installation
}

// Bar goes through the hub, so that open pages hear of it.
func (l Local) Bar(ctx context.Context, district uuid.UUID, b roster.Bar) (roster.Effects, error) {
	return l.Hub.Bar(ctx, district, b)
}

// Unbar goes the same way.
func (l Local) Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string) error {
	return l.Hub.Unbar(ctx, district, guardian, student, by)
}

// Grant goes the same way.
func (l Local) Grant(ctx context.Context, district uuid.UUID, g roster.Grant) (roster.Grant, error) {
	return l.Hub.Grant(ctx, district, g)
}

// Revoke goes the same way.
func (l Local) Revoke(ctx context.Context, district, grant uuid.UUID, by string) error {
	return l.Hub.Revoke(ctx, district, grant, by)
}

// Accounts are those of today.
func (l Local) Accounts(ctx context.Context, district uuid.UUID) ([]roster.Account, error) {
	return l.Store.Accounts(ctx, district, l.Now())
}

// MailStatus is what is due by mail, and what became of mails.
func (l Local) MailStatus(ctx context.Context) (notify.Status, error) {
	return l.Notices.Status(ctx, l.Now())
}
