package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// ErrNoServer: nobody listens at the socket.
var ErrNoServer = errors.New("no server runs there")

// Client is the school of a running server.
type Client struct{ http *http.Client }

// Dial finds the server that listens at path; ErrNoServer where none does.
func Dial(ctx context.Context, path string) (*Client, error) {
	dial := func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) || len(path) > maxSocketPath {
		return nil, ErrNoServer
	}
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	conn.Close()
	return &Client{http: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
	}}}, nil
}

// Close ends the connections.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// post sends a body and gives the answer's to read.
func (c *Client) post(ctx context.Context, path string, body io.Reader, read func(io.Reader) error) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://homeline/"+path, body)
	if err != nil {
		return err
	}
	answered, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("asking the server: %w", err)
	}
	defer answered.Body.Close()
	switch answered.StatusCode {
	case http.StatusOK:
		return read(answered.Body)
	case http.StatusUnprocessableEntity:
		var f failure
		if err := json.NewDecoder(answered.Body).Decode(&f); err != nil {
			return fmt.Errorf("reading the server's answer: %w", err)
		}
		return f
	}
	return fmt.Errorf("the running server does not know %q (%s): it is of another version", path, answered.Status)
}

// ask is a call with a single JSON value each way.
func ask[A any](ctx context.Context, c *Client, name string, asked request) (given A, err error) {
	body, err := json.Marshal(asked)
	if err != nil {
		return given, err
	}
	err = c.post(ctx, name, bytes.NewReader(body), func(r io.Reader) error {
		return json.NewDecoder(r).Decode(&given)
	})
	return given, err
}

func tell(ctx context.Context, c *Client, name string, asked request) error {
	_, err := ask[nothing](ctx, c, name, asked)
	return err
}

// Districts is roster.Districts.Districts.
func (c *Client) Districts(ctx context.Context) ([]roster.District, error) {
	return ask[[]roster.District](ctx, c, callDistricts, request{})
}

// CreateDistrict is roster.Districts.CreateDistrict.
func (c *Client) CreateDistrict(ctx context.Context, d roster.District) error {
	return tell(ctx, c, callCreateDistrict, request{New: &d})
}

// SaveDistrict is roster.Districts.SaveDistrict.
func (c *Client) SaveDistrict(ctx context.Context, d roster.District) error {
	return tell(ctx, c, callSaveDistrict, request{New: &d})
}

// State is roster.Store.State.
func (c *Client) State(ctx context.Context, district uuid.UUID) (state roster.State, err error) {
	err = c.post(ctx, callState+"/"+district.String(), nil, func(r io.Reader) (err error) {
		state, err = receiveState(r)
		return err
	})
	return state, err
}

// WouldSeal is roster.Store.WouldSeal.
func (c *Client) WouldSeal(ctx context.Context, district uuid.UUID, ended []roster.SnapshotGuardianship) ([]roster.Closing, error) {
	return ask[[]roster.Closing](ctx, c, callWouldSeal, request{District: district, Ended: ended})
}

// Accounts is Local.Accounts.
func (c *Client) Accounts(ctx context.Context, district uuid.UUID) ([]roster.Account, error) {
	return ask[[]roster.Account](ctx, c, callAccounts, request{District: district})
}

// ApplyRoster is hub.Hub.ApplyRoster.
func (c *Client) ApplyRoster(ctx context.Context, district uuid.UUID, changes roster.Changes) (effects roster.Effects, err error) {
	body, w := io.Pipe()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		w.CloseWithError(sendChanges(w, changes))
	}()
	err = c.post(ctx, callApplyRoster+"/"+district.String(), body, func(r io.Reader) error {
		return json.NewDecoder(r).Decode(&effects)
	})
	body.Close() // ends the sending, where the server did not want it all
	<-sent
	return effects, err
}

// PersonBySourcedID is roster.Store.PersonBySourcedID.
func (c *Client) PersonBySourcedID(ctx context.Context, district uuid.UUID, sourcedID string) (roster.Person, error) {
	return ask[roster.Person](ctx, c, callPerson, request{District: district, SourcedID: sourcedID})
}

// People is roster.Store.People.
func (c *Client) People(ctx context.Context, district uuid.UUID, ids []uuid.UUID) ([]roster.Person, error) {
	return ask[[]roster.Person](ctx, c, callPeople, request{District: district, People: ids})
}

// Facts is roster.Store.Facts.
func (c *Client) Facts(ctx context.Context, district uuid.UUID, people []uuid.UUID, now time.Time) (roster.Facts, error) {
	return ask[roster.Facts](ctx, c, callFacts, request{District: district, People: people, Now: now})
}

// Bar is hub.Hub.Bar.
func (c *Client) Bar(ctx context.Context, district uuid.UUID, b roster.Bar) (roster.Effects, error) {
	return ask[roster.Effects](ctx, c, callBar, request{District: district, Bar: &b})
}

// Unbar is hub.Hub.Unbar.
func (c *Client) Unbar(ctx context.Context, district, guardian, student uuid.UUID, by string) error {
	return tell(ctx, c, callUnbar, request{District: district, Bar: &roster.Bar{Guardian: guardian, Student: student}, By: by})
}

// Bars is roster.Store.Bars.
func (c *Client) Bars(ctx context.Context, district uuid.UUID) ([]roster.Bar, error) {
	return ask[[]roster.Bar](ctx, c, callBars, request{District: district})
}

// SaveHomeLanguages is identity.Service.SaveHomeLanguages.
func (c *Client) SaveHomeLanguages(ctx context.Context, district uuid.UUID, languages []identity.HomeLanguage) ([]string, error) {
	return ask[[]string](ctx, c, callHomeLanguages, request{District: district, Languages: languages})
}

// Grant is hub.Hub.Grant.
func (c *Client) Grant(ctx context.Context, district uuid.UUID, g roster.Grant) (roster.Grant, error) {
	return ask[roster.Grant](ctx, c, callGrant, request{District: district, Grant: &g})
}

// Revoke is hub.Hub.Revoke.
func (c *Client) Revoke(ctx context.Context, district, grant uuid.UUID, by string) error {
	return tell(ctx, c, callRevoke, request{District: district, Grant: &roster.Grant{ID: grant}, By: by})
}

// Grants is roster.Grants.Grants.
func (c *Client) Grants(ctx context.Context, district uuid.UUID) ([]roster.Grant, error) {
	return ask[[]roster.Grant](ctx, c, callGrants, request{District: district})
}

// Entries is roster.Grants.Entries.
func (c *Client) Entries(ctx context.Context, district uuid.UUID, kind roster.Kind, ids []uuid.UUID, sourcedIDs []string) ([]roster.Entry, error) {
	return ask[[]roster.Entry](ctx, c, callEntries, request{District: district, Kind: kind, IDs: ids, Sourced: sourcedIDs})
}

// ConfirmHolder is identity.Service.ConfirmHolder.
func (c *Client) ConfirmHolder(ctx context.Context, district uuid.UUID, address string, person uuid.UUID) error {
	return tell(ctx, c, callConfirmHolder, request{District: district, Address: address, Person: person})
}

// ResetAddress is identity.Service.ResetAddress.
func (c *Client) ResetAddress(ctx context.Context, district, person uuid.UUID) (chosen string, err error) {
	return ask[string](ctx, c, callResetAddress, request{District: district, Person: person})
}

// Issue is identity.Service.Issue.
func (c *Client) Issue(ctx context.Context, district, person uuid.UUID, ttl time.Duration) (string, identity.Session, error) {
	i, err := ask[issued](ctx, c, callIssue, request{District: district, Person: person, Lasting: ttl})
	return i.Token, i.Session, err
}

// MailStatus is notify.Store.Status.
func (c *Client) MailStatus(ctx context.Context) (notify.Status, error) {
	return ask[notify.Status](ctx, c, callMailStatus, request{})
}
