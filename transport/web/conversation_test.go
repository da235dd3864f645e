package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
)

func TestAConversationShowsWhoWroteWhatAndWhen(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "Dear families,\n\nwe go on Friday.")
	s.clock.advance(12 * time.Minute)
	a := s.as(ana).get(conversationPath(id)).is(http.StatusOK)
	a.says("Trip", "Wei Chen teaches Leo Algebra 1", "Ana Ruiz (you) parent of Leo", "12 minutes ago", "Wed 14 Oct, 15:20",
		"Wei Chen and Leo Ruiz will read your reply.")
	a.has("Dear families,\n\nwe go on Friday.", `data-sender="`+s.id(chen).String()+`"`, `<time datetime="2026-10-14T19:20:00Z"`)
	if a.title() != "Trip · Homeline" {
		t.Errorf("title %q", a.title())
	}
}

func TestTimesAreInTheZoneThatTheReaderChose(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.clock.advance(48 * time.Hour)
	b := s.as(ana)
	b.get(conversationPath(id)).says("Wed 14 Oct, 15:20")
	b.post("/preferences", url.Values{"language": {"es"}, "time_zone": {"Asia/Tokyo"}}).leadsTo("/preferences")
	b.get(conversationPath(id)).says("jue 15 oct, 04:20").saysNot("15:20")
}

func TestTheUnreadBeginsAtALineAndThePageOpensThere(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.as(ana).get(conversationPath(id))
	s.replies(ana, id, "We come.")
	s.clock.advance(5 * 24 * time.Hour)
	s.replies(chen, id, "Bring a coat.")
	a := s.as(ana).get(conversationPath(id))
	order := regexp.MustCompile(`(?s)On Friday\..*We come\..*id="new" data-new-since.*New since 15:20.*Bring a coat\.`)
	if !order.MatchString(a.body) {
		t.Errorf("the line is not before what is new:\n%s", a.text())
	}
	read := s.as(ana).get(conversationPath(id)).saysNot("New since")
	if !regexp.MustCompile(`data-seq="3"[^>]*id="new"`).MatchString(read.body) {
		t.Error("where all is read, the page does not open at its last letter")
	}
}

func TestWithoutScriptALetterIsReadWhenItsPageIsOpened(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	s.as(ana).get(conversationPath(id)).saysNot("unread message")
	if got := s.unread(ana); got != 0 {
		t.Errorf("%d unread", got)
	}
}

func TestAPrefetchAScriptOrAPageThatScriptsRunOnReadNothing(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	for name, value := range map[string]string{
		"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch",
		"Sec-Fetch-Dest": "empty", scriptHeader: "homeline-page",
	} {
		b.with(name, value).get(conversationPath(id)).is(http.StatusOK)
	}
	b.do(http.MethodHead, conversationPath(id), "", nil).is(http.StatusOK)
	b.runsScript().get(conversationPath(id)).says("1 unread message")
	if got := s.unread(ana); got != 1 {
		t.Errorf("%d unread", got)
	}
}

func TestALongConversationOpensWhereTheUnreadBeginsAndClaimsNoMore(t *testing.T) {
	s := open(t)
	id := s.letter("Long", "letter 1")
	for n := 2; n <= 130; n++ {
		s.replies(chen, id, fmt.Sprintf("letter %d", n))
	}
	if _, err := s.hub.MarkRead(t.Context(), s.actor(ana), id, 20); err != nil {
		t.Fatal(err)
	}
	b := s.as(ana)
	a := b.get(conversationPath(id)).has("letter 18<", "letter 67<", "?before=18", "?after=67").hasNot("letter 17<", "letter 68<", "data-newest")
	a.says("Older letters", "Newer letters")
	if got := s.unread(ana); got != 130-67 {
		t.Errorf("%d unread", got)
	}
	// A jump over unread letters reads none of them.
	b.get(conversationPath(id)+"?before=131").has("letter 81<", "letter 130<", "data-newest")
	if got := s.unread(ana); got != 130-67 {
		t.Errorf("a jump has read something: %d unread", got)
	}
	b.get(conversationPath(id)+"?after=67").has("letter 68<", "letter 117<")
	b.get(conversationPath(id)).has("letter 130<", "data-newest")
	if got := s.unread(ana); got != 0 {
		t.Errorf("%d unread", got)
	}
	b.get(conversationPath(id)+"?before=21").has("letter 1<", "letter 20<").hasNot("Older letters")
	b.get(conversationPath(id) + "?before=0").is(http.StatusOK).has("letter 1<")
	b.get(conversationPath(id) + "?after=9999999999999999999").is(http.StatusOK)
}

func TestAReplyLeadsBackToTheInboxWithItsConfirmation(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	key := b.get(conversationPath(id)).field("key")
	b.post(conversationPath(id)+"/reply", url.Values{"key": {key}, "body": {"We come.\r\nBoth of us."}}).leadsTo("/inbox")
	b.get("/inbox").says("Your reply was successfully sent.").has(`data-flash role="status" tabindex="-1" autofocus`)
	b.get("/inbox").saysNot("Your reply was successfully sent.")
	s.as(chen).get(conversationPath(id)).has("We come.\nBoth of us.")
}

// fullStore has no room left for letters.
type fullStore struct{ keeper }

func (fullStore) Post(context.Context, hub.Post) (hub.Receipt, error) {
	return hub.Receipt{}, fmt.Errorf("%w: %w", &hub.Error{Code: hub.CodeBusy}, errors.New("database or disk is full"))
}

func TestAReplyForWhichThereIsNoRoomStaysInItsBoxAndTheLogSaysWhy(t *testing.T) {
	var said bytes.Buffer
	s := open(t, func(s *school, o *Options) {
		o.Hub = hub.New(fullStore{s.store}, s.store, nobody{}, s.clock.Now)
		o.Log = slog.New(slog.NewTextHandler(&said, nil))
	})
	id := s.letter("Field trip", "Please sign the form.")
	s.as(ana).post(conversationPath(id)+"/reply", url.Values{"key": {uuid.NewString()}, "body": {"We come."}}).
		is(http.StatusServiceUnavailable).has("We come.")
	if !strings.Contains(said.String(), "disk is full") || strings.Contains(said.String(), "We come") {
		t.Errorf("the log has %q", said.String())
	}
}

func TestAReplySentTwiceIsThereOnce(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	reply := url.Values{"key": {uuid.NewString()}, "body": {"We come."}}
	b.post(conversationPath(id)+"/reply", reply).leadsTo("/inbox")
	b.post(conversationPath(id)+"/reply", reply).leadsTo("/inbox")
	if got := s.unread(chen); got != 1 {
		t.Errorf("%d unread", got)
	}
	reply.Set("body", "We come, perhaps.")
	a := b.post(conversationPath(id)+"/reply", reply).is(http.StatusConflict).
		says("An earlier version of this was sent already.", "We come, perhaps.")
	if a.field("key") == reply.Get("key") {
		t.Error("what is in the box now has the key of what was sent")
	}
}

func TestWhatIsWrongWithAReplyIsSaidAndTheTextKept(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	a := b.post(conversationPath(id)+"/reply", url.Values{"body": {" \n "}}).is(http.StatusUnprocessableEntity)
	a.says("Write something before you send.").has(`<a href="#body">`)
	if !strings.HasPrefix(a.title(), "Error: Trip") {
		t.Errorf("title %q", a.title())
	}
	long := strings.Repeat("x", hub.MaxBody+1)
	b.post(conversationPath(id)+"/reply", url.Values{"body": {long}}).is(http.StatusUnprocessableEntity).
		says("The message is too long: at most 10000 characters, and it has 10001.").has(">" + long + "</textarea>")
	b.get(conversationPath(id)).has(">" + long + "</textarea>")
}

func TestAScriptIsToldWhereToGoAndTakesOnlyTheErrors(t *testing.T) {
	s := open(t)
	id := s.letter("Trip", "On Friday.")
	b := s.as(ana)
	script := b.with(scriptHeader, "homeline-page")
	script.post(conversationPath(id)+"/reply", url.Values{"body": {""}}).is(http.StatusUnprocessableEntity).
		has(`data-swap="errors"`, "data-errors").hasNot(`data-swap="footer"`)
	a := script.post(conversationPath(id)+"/reply", url.Values{"key": {uuid.NewString()}, "body": {"Yes"}}).is(http.StatusNoContent)
	if got := a.header.Get("Location"); got != "/inbox" {
		t.Errorf("Location %q", got)
	}
	// The confirmation waits for the page that a person opens.
	script.get("/inbox").saysNot("successfully sent")
	b.get("/inbox").says("Your reply was successfully sent.")
}

func TestLettersAreTextWithLinksAndNothingElse(t *testing.T) {
	b, err := os.ReadFile("../../static/jstest/links.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Text  string
		Links []string
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`<a href="([^"]*)" rel="noopener noreferrer nofollow">([^<]*)</a>`)
	for _, test := range cases {
		got := string(paper(test.Text))
		found := link.FindAllStringSubmatch(got, -1)
		if len(found) != len(test.Links) {
			t.Errorf("%q: %s", test.Text, got)
			continue
		}
		for i, m := range found {
			if a := (answer{body: m[1]}).text(); a != test.Links[i] || m[1] != m[2] {
				t.Errorf("%q: link %q, want %q", test.Text, a, test.Links[i])
			}
		}
		if strings.ContainsAny(link.ReplaceAllString(got, ""), "<>") {
			t.Errorf("%q: there is more than links: %s", test.Text, got)
		}
	}
}

func TestNoLinksAreSoughtForWhoHasGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := letters(ctx, &visitor{}, nil, hub.Participant{}, []hub.Message{{Seq: 1}}); !errors.Is(err, context.Canceled) {
		t.Errorf("letters for nobody: %v", err)
	}
}
