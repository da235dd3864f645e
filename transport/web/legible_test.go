package web

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
)

func TestWhatIsNotTextIsRefusedWhereverItStands(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	for _, text := range []string{"\xff", "a\x00", "\xed\xa0\x80"} {
		b.get("/inbox?name=" + url.QueryEscape(text)).is(http.StatusBadRequest)
		b.post("/compose", url.Values{"do": {"find"}, "body": {text}}).is(http.StatusBadRequest)
		b.post("/preferences", url.Values{text: {"x"}}).is(http.StatusBadRequest)
		b.post(conversationPath(uuid.New())+"/reply", url.Values{"body": {text}}).is(http.StatusBadRequest)
		b.put(newSlot(uuid.New()), `{"body":"`+text+`"}`).is(http.StatusBadRequest)
		s.browser().post("/sign-in", url.Values{"address": {text}}).is(http.StatusBadRequest)
	}
	b.put(newSlot(uuid.New()), `{"body":"\ud83d"}`).is(http.StatusBadRequest)
}

func TestAPageAskedForByAWrongMethodNamesTheRightOnes(t *testing.T) {
	b := open(t).as(chen)
	for path, allow := range map[string]string{"/inbox": "GET, HEAD", newPath(uuid.New()): "GET, HEAD, POST", "/drafts/compose": "DELETE, PUT"} {
		got := b.do(http.MethodPatch, path, "", nil)
		got.is(http.StatusMethodNotAllowed)
		if got.header.Get("Allow") != allow {
			t.Errorf("%s: %q", path, got.header.Get("Allow"))
		}
		if path != "/drafts/compose" {
			b.do(http.MethodHead, path, "", nil).is(http.StatusOK)
		}
	}
}
