package browsertest

import (
	"testing"

	"github.com/homeline/homeline/static/words"
)

// tongue finds the words of a language in the catalogue.
func tongue(t *testing.T, tag string) *words.Language {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range catalogue.Languages() {
		if l.Tag == tag {
			return l
		}
	}
	t.Fatalf("the catalogue has no %s", tag)
	return nil
}

// eachWay runs a test with and without script, in every language.
func eachWay(t *testing.T, test func(t *testing.T, h how, say *words.Language)) {
	t.Helper()
	for _, tag := range []string{"en", "es"} {
		for _, noScript := range []bool{false, true} {
			name := tag + " with script"
			if noScript {
				name = tag + " without script"
			}
			t.Run(name, func(t *testing.T) { test(t, how{noScript: noScript}, tongue(t, tag)) })
		}
	}
}

// The words that the design has word for word.
func TestTheWordsOfTheDesignAreOnThePages(t *testing.T) {
	say := tongue(t, "en")
	for key, want := range map[string]string{
		"nav_messages": "Messages", "nav_dashboard": "Dashboard", "nav_students": "Students",
		"ptm": "Parent-Teacher Messaging", "inbox_title": "Inbox", "compose": "Compose",
		"contact_search": "Contact search", "find_students": "Find Students", "add_recipient": "Add to Recipients",
		"send": "Send", "said_reply": "Your reply was successfully sent.", "col_subject": "Subject",
		"col_participants": "Participants", "col_updated": "Last updated", "js_offline": "Reconnecting. You can go on writing.",
	} {
		if got := say.Say(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}
