package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

// patience is how long a page waits for an answer over HTTP.
const patience = 20 * time.Second

// Device is a browser in which somebody is signed in. It opens one page after the
// other.
type Device struct {
	Person uuid.UUID
	Record *Record

	server string // host:port
	token  string
	http   *http.Client
	random *rand.Rand
}

// NewDevice is a device at an address of its own, as people have.
func NewDevice(server, token string, person uuid.UUID, name string, from net.IP, random *rand.Rand) *Device {
	dial := &net.Dialer{LocalAddr: &net.TCPAddr{IP: from}, Timeout: patience}
	return &Device{
		Person: person, Record: &Record{Device: name, Person: person}, server: server, token: token, random: random,
		http: &http.Client{Transport: &http.Transport{
			DialContext: dial.DialContext, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
		}},
	}
}

// Close ends what the device keeps open beside its pages.
func (d *Device) Close() { d.http.CloseIdleConnections() }

func (d *Device) dial(ctx context.Context) (*websocket.Conn, error) {
	conn, _, err := websocket.Dial(ctx, "http://"+d.server+"/socket", &websocket.DialOptions{
		HTTPClient: d.http, Subprotocols: []string{"homeline.v1"},
	})
	return conn, err
}

// unknown is what became of a request that may be tried again.
type unknown struct{ error }

// call asks the JSON API. Its error is *Refused where that is the answer, and
// unknown where it may be tried again.
func (d *Device) call(ctx context.Context, method, path string, asked, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var body io.Reader
	if asked != nil {
		raw, err := json.Marshal(asked)
		if err != nil {
			return err
		}
		d.Record.line(method+" "+path, raw)
		body = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+d.server+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	if asked != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := d.http.Do(r)
	if err != nil {
		d.Record.note(method + " " + path + ": " + err.Error())
		return unknown{err}
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(got.Body, maxFrame))
	d.Record.line(fmt.Sprintf("%s %s %d", method, path, got.StatusCode), raw)
	switch {
	case err != nil:
		return unknown{err}
	case got.StatusCode >= 500 || got.StatusCode == http.StatusTooManyRequests:
		return unknown{fmt.Errorf("%s %s", got.Status, raw)}
	case got.StatusCode >= 400:
		refused := new(Refused)
		if err := json.Unmarshal(raw, refused); err != nil {
			return fmt.Errorf("%s: %w", got.Status, err)
		}
		return refused
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}
