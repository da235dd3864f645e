package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/store/sqlite"
	"github.com/homeline/homeline/transport/control"
)

// addressBook is what the doctor reads to know whose addresses are whose.
type addressBook interface {
	rosters
	Accounts(ctx context.Context, district uuid.UUID) ([]roster.Account, error)
	io.Closer
}

// accountStore is a store that is opened to be read.
type accountStore interface {
	rosters
	Accounts(ctx context.Context, district uuid.UUID, now time.Time) ([]roster.Account, error)
	io.Closer
}

// bookOf is the address book of a store.
type bookOf struct{ accountStore }

// Accounts are those of today.
func (b bookOf) Accounts(ctx context.Context, district uuid.UUID) ([]roster.Account, error) {
	return b.accountStore.Accounts(ctx, district, time.Now())
}

// addresses names each address that does not open everybody whose it is (R28). It
// changes nothing: a file that no node serves is opened to be read.
func (d doctor) addresses(ctx context.Context) []diagnosis {
	book, err := d.addressBook(ctx)
	if err != nil {
		return []diagnosis{unseen("addresses", err)}
	}
	if book == nil {
		return nil
	}
	defer book.Close()
	found, err := sharedAddresses(ctx, book)
	switch {
	case err != nil:
		return []diagnosis{unseen("addresses", err)}
	case len(found) == 0:
		return []diagnosis{well("addresses: each opens everybody whose it is")}
	}
	return found
}

// addressBook is nil if there is no school yet.
func (d doctor) addressBook(ctx context.Context) (addressBook, error) {
	client, err := control.Dial(ctx, d.socket())
	switch {
	case err == nil:
		return client, nil
	case !errors.Is(err, control.ErrNoServer):
		return nil, err
	case d.DatabaseURL != "":
		store, err := d.openPostgres(ctx, slog.New(slog.DiscardHandler))
		if err != nil {
			return nil, err
		}
		return bookOf{store}, nil
	case d.absent():
		return nil, nil
	}
	store, err := sqlite.OpenReadOnly(ctx, d.dataFolder.database())
	if err != nil {
		return nil, err
	}
	return bookOf{store}, nil
}

func sharedAddresses(ctx context.Context, book addressBook) (found []diagnosis, err error) {
	districts, err := book.Districts(ctx)
	if err != nil {
		return nil, err
	}
	for _, district := range districts {
		state, err := book.State(ctx, district.ID)
		if err != nil {
			return nil, fmt.Errorf("district %s: %w", district.Slug, err)
		}
		accounts, err := book.Accounts(ctx, district.ID)
		if err != nil {
			return nil, fmt.Errorf("district %s: %w", district.Slug, err)
		}
		for _, s := range roster.SharedAddresses(state, accounts, district.Today(time.Now())) {
			found = append(found, noted("address of several in %s: %s. Say whose it is: homeline district confirm-address %s --person SOURCED_ID",
				district.Slug, sharedLine(s), s.Address))
		}
	}
	return found, nil
}

func noted(format string, args ...any) diagnosis {
	return diagnosis{what: fmt.Sprintf(format, args...), note: true}
}

// unseen says, in one line, why something was not looked at.
func unseen(what string, err error) diagnosis {
	return noted("%s: not looked at: %s", what, strings.Join(strings.Fields(err.Error()), " "))
}
