package socket_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/transport/schooltest"
)

// handshake is an upgrade by hand.
func (s *server) handshake(extra string) string {
	return "GET /socket HTTP/1.1\r\nHost: " + strings.TrimPrefix(s.URL, "http://") + "\r\n" +
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: homeline.v1\r\n" + extra + "\r\n"
}

// textFrame is a masked frame as a client sends it; the mask is zero.
func textFrame(text string) string {
	header := []byte{0x81, 0x80 | 126}
	header = binary.BigEndian.AppendUint16(header, uint16(len(text)))
	return string(header) + "\x00\x00\x00\x00" + text
}

// raw sends bytes over TCP and gives back the answer to the upgrade and what
// follows it.
func (s *server) raw(t *testing.T, sent string) (*http.Response, *bufio.Reader, net.Conn) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, sent); err != nil { // one write: one segment
		t.Fatal(err)
	}
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	return response, reader, conn
}

func TestAFrameThatArrivesTogetherWithTheUpgradeIsNotLost(t *testing.T) {
	s := serve(t)
	hello := fmt.Sprintf(`{"id":1,"type":"hello","token":"%s","pad":"%s"}`, s.Token(t, schooltest.Rosa), strings.Repeat("x", 700)) // more than the thin buffer
	response, reader, _ := s.raw(t, s.handshake("")+textFrame(hello)+textFrame(`{"id":2,"type":"ping","pad":"x"}`))
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(response.Status)
	}
	for _, want := range []string{`"welcome"`, `{"id":2,"type":"answer"}`} {
		if got := unmasked(t, reader); !strings.Contains(got, want) {
			t.Errorf("received %q instead of %q", got, want)
		}
	}
}

// unmasked is the next frame of the server, of less than 64 KiB.
func unmasked(t *testing.T, r io.Reader) string {
	t.Helper()
	var header [2]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		t.Fatal(err)
	}
	length := int(header[1])
	if length == 126 {
		var long [2]byte
		if _, err := io.ReadFull(r, long[:]); err != nil {
			t.Fatal(err)
		}
		length = int(binary.BigEndian.Uint16(long[:]))
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestWhoOffersCompressionGetsNone(t *testing.T) {
	s := serve(t)
	response, _, _ := s.raw(t, s.handshake("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"))
	if got, agreed := response.Header["Sec-Websocket-Extensions"]; response.StatusCode != http.StatusSwitchingProtocols || agreed {
		t.Errorf("%s, with the extensions %q", response.Status, got)
	}
}

// net/http's protection lets every GET pass, and an upgrade is one: only our own
// look at the origin keeps foreign pages out.
func TestAForeignPageIsKeptOutByUsAndNotByTheProtectionOfNetHTTP(t *testing.T) {
	s := serve(t)
	r, err := http.NewRequest(http.MethodGet, s.URL+"/socket", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://evil.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		t.Errorf("the protection refuses it now: %v", err)
	}
	response, _, _ := s.raw(t, s.handshake("Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\nCookie: "+cookieName+"="+s.Token(t, schooltest.Rosa)+"\r\n"))
	if response.StatusCode != http.StatusForbidden {
		t.Error(response.Status)
	}
}

// A read error alone does not close what was hijacked: somebody has to.
func TestFiveHundredBrokenConnectionsLeaveNoDescriptorBehind(t *testing.T) {
	s := serve(t)
	token := s.Token(t, schooltest.Rosa)
	hello := textFrame(fmt.Sprintf(`{"id":1,"type":"hello","token":"%s"}`, token) + strings.Repeat(" ", 126))
	breaks := []string{
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", // reserved bits
		"\x81\x05hello", // not masked
		"\x81\xfe",      // half a header
		"",              // nothing at all
	}
	before := descriptors(t)
	for i := range 500 {
		_, reader, conn := s.raw(t, s.handshake("")+hello)
		if got := unmasked(t, reader); !strings.Contains(got, `"welcome"`) {
			t.Fatal(got)
		}
		if _, err := io.WriteString(conn, breaks[i%len(breaks)]); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	deadline := time.Now().Add(patience)
	for s.Node.Sessions() > 0 || descriptors(t) > before+10 { // the store opens a few as it needs
		if time.Now().After(deadline) {
			t.Fatalf("%d descriptors before, %d after, %d sessions", before, descriptors(t), s.Node.Sessions())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(open)
}
