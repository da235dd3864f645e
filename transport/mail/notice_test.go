package mail_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/mail"
)

func TestTheSubjectIsTheSameForAllMailsOfAConversation(t *testing.T) {
	in := []roster.Person{anabel, lucian, leopold}
	for _, level := range []roster.Reveals{roster.RevealsNeutral, roster.RevealsNames, roster.RevealsSubject, roster.RevealsFull} {
		first := write(t, to(anabel, level, conversation(elena, in, elena)))
		other := write(t, to(anabel, level, conversation(elena, in, lucian, elena, leopold)))
		if first.Subject != other.Subject || first.Headers["References"] != other.Headers["References"] {
			t.Errorf("%s: %q and %q, %q and %q", level, first.Subject, other.Subject, first.Headers["References"], other.Headers["References"])
		}
	}
}

func TestTheSubjectSaysWhomAConversationIsWith(t *testing.T) {
	family := []roster.Person{anabel, leopold}
	for want, l := range map[string]notify.Letter{
		"New message from Lincoln School":                            to(anabel, roster.RevealsNeutral, conversation(elena, family, elena)),
		"New message from Elena Ortiz, Lincoln School":               to(anabel, roster.RevealsNames, conversation(anabel, []roster.Person{elena}, elena)),
		"Conversation with Elena Ortiz, Lincoln School: new message": to(anabel, roster.RevealsNames, conversation(elena, family, leopold)),
		"New message from a family, Lincoln School":                  to(elena, roster.RevealsNames, conversation(elena, family, anabel)),
		"Broken wrist – New message from a family, Lincoln School":   to(elena, roster.RevealsSubject, conversation(anabel, []roster.Person{elena}, anabel)),
		// Of two teachers to whom a parent wrote, nobody knows beforehand who answers.
		"New messages in 2 conversations, Lincoln School": to(anabel, roster.RevealsFull,
			conversation(elena, family, elena), conversation(elena, family, elena)),
	} {
		if got := write(t, l).Subject; got != want {
			t.Errorf("the subject is %q, want %q", got, want)
		}
	}
	two := to(anabel, roster.RevealsNames, conversation(anabel, []roster.Person{elena, xavier}, xavier))
	if got := write(t, two).Subject; got != "New message from Lincoln School" {
		t.Errorf("of two teachers who may have written the subject is %q", got)
	}
}

func TestAnEmailIsInAllLanguagesIfTheReadersIsUnknown(t *testing.T) {
	l := to(anabel, roster.RevealsFull, conversation(elena, []roster.Person{anabel}, elena))
	l.LanguageUnknown = true
	got, alone := arrive(t, l), arrive(t, to(anabel, roster.RevealsFull, conversation(elena, []roster.Person{anabel}, elena)))
	if strings.Contains(alone.text, "mensaje") || strings.Contains(alone.html, "mensaje") {
		t.Fatalf("a reader whose language is known gets\n%s", alone.text)
	}
	for _, part := range []string{got.text, got.html} {
		en, es := strings.Index(part, "1 new message"), strings.Index(part, "1 mensaje nuevo")
		if en < 0 || es < en {
			t.Errorf("English is at %d, Spanish at %d of\n%s", en, es, part)
		}
	}
	body := l.Parts[0].Messages[0].Body
	if n, was := strings.Count(got.text, body), strings.Count(alone.text, body); n != was {
		t.Errorf("the message is quoted %d times, %d in an email of one language", n, was)
	}
	if !strings.Contains(got.subject, " / ") {
		t.Errorf("the subject is %q", got.subject)
	}
}

func TestWithoutASchoolTheDistrictIsNamed(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, elena)
	part.Schools = nil
	if got := write(t, to(anabel, roster.RevealsNeutral, part)).Subject; got != "New message from Springfield Unified" {
		t.Errorf("the subject is %q", got)
	}
	elsewhere := conversation(elena, []roster.Person{anabel}, elena)
	elsewhere.Schools = map[uuid.UUID]string{elena.ID: "Adams School"}
	l := to(anabel, roster.RevealsNeutral, elsewhere, conversation(elena, []roster.Person{anabel}, elena))
	if got := write(t, l).Subject; got != "New messages in 2 conversations, Springfield Unified" {
		t.Errorf("about two schools the subject is %q", got)
	}
}

func TestAMailAboutOneConversationThreadsAndOneAboutSeveralStandsAlone(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, elena)
	one, several := arrive(t, to(anabel, roster.RevealsNames, part)), arrive(t, to(anabel, roster.RevealsNames, part, part))
	root := "<conversation." + part.Conversation.ID.String() + "@post.example>"
	if one.Get("References") != root || one.Get("In-Reply-To") != root {
		t.Errorf("it answers %q in %q", one.Get("In-Reply-To"), one.Get("References"))
	}
	if several.Get("References")+several.Get("In-Reply-To")+several.Get("Reply-To") != "" {
		t.Errorf("it answers %q and is answered to %q", several.Get("In-Reply-To"), several.Get("Reply-To"))
	}
}

func TestEveryAttemptAtAMailHasTheSameIdentifier(t *testing.T) {
	l := to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena))
	first := write(t, l)
	l.Now, l.Parts = l.Now.Add(time.Hour), append(l.Parts, l.Parts[0])
	if again := write(t, l); again.ID != first.ID || first.ID != "notice."+l.Mail.String()+"@post.example" {
		t.Errorf("%q and %q", first.ID, again.ID)
	}
}

func TestTheHeadersAskForNoAnswerAndOfferToUnsubscribeAtOnce(t *testing.T) {
	a := arrive(t, to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena)))
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "List-Id": "<unified.notices.post.example>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if got := a.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	ways := regexp.MustCompile(`<([^>]*)>`).FindAllStringSubmatch(a.Get("List-Unsubscribe"), -1)
	if len(ways) != 1 {
		t.Fatalf("one unsubscribes by %v, and nobody reads mails", ways)
	}
	token, ok := strings.CutPrefix(ways[0][1], "https://letters.example/unsubscribe/")
	if district, person, err := mail.ReadUnsubscribeToken(secret, token); !ok || err != nil || person != anabel.ID || district == uuid.Nil {
		t.Errorf("%s unsubscribes %s, %v", ways[1][1], person, err)
	}
	a.says(t, "https://letters.example/unsubscribe/"+token, "https://letters.example/preferences")
}

func TestWithoutEncryptionNoMailboxIsOfferedToUnsubscribeByItself(t *testing.T) {
	n := notices(t, func(o *mail.NoticeOptions) { o.PublicURL.Scheme = "http" })
	m, err := n.Write(to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena)))
	if _, there := m.Headers["List-Unsubscribe-Post"]; err != nil || there {
		t.Errorf("%v, %v", m.Headers, err)
	}
}

func TestWhereMailsComeInOneUnsubscribesByMailToo(t *testing.T) {
	n := notices(t, func(o *mail.NoticeOptions) { o.UnsubscribeAddress = "unsubscribe@reply.example" })
	m, err := n.Write(to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena)))
	if err != nil {
		t.Fatal(err)
	}
	_, way, _ := strings.Cut(m.Headers["List-Unsubscribe"], ", ")
	asked, err := url.Parse(strings.Trim(way, "<>"))
	if err != nil || asked.Scheme != "mailto" || asked.Opaque != "unsubscribe@reply.example" {
		t.Fatalf("one writes to %q, %v", way, err)
	}
	if _, person, err := mail.ReadUnsubscribeSubject(secret, "Re: "+asked.Query().Get("subject")); err != nil || person != anabel.ID {
		t.Errorf("it unsubscribes %s, %v", person, err)
	}
	for _, subject := range []string{"", "unsubscribe", "unsubscribe " + strings.Repeat("A", 86)} {
		if _, _, err := mail.ReadUnsubscribeSubject(secret, subject); !errors.Is(err, mail.ErrNoToken) {
			t.Errorf("%q: %v", subject, err)
		}
	}
}

func TestTheLinkIsAloneOnItsLineAndInTheOneButton(t *testing.T) {
	l := to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena))
	a := arrive(t, l)
	link := "https://letters.example/conversations/" + l.Parts[0].Conversation.ID.String()
	if !strings.Contains(a.text, "\n\n"+link+"\n\n") || strings.Count(a.html, `href="`+link+`"`) != 1 {
		t.Errorf("it says\n%s\n%s", a.text, a.html)
	}
	several := arrive(t, to(anabel, roster.RevealsNames, l.Parts[0], l.Parts[0], l.Parts[0]))
	if !strings.Contains(several.text, "\n\nhttps://letters.example/inbox\n\n") || strings.Count(several.html, `href="`+link+`"`) != 3 {
		t.Errorf("it says\n%s\n%s", several.text, several.html)
	}
	if got := strings.Count(several.html, `class="button"`); got != 1 {
		t.Errorf("%d buttons", got)
	}
}

// TestAReplyIsOfferedWhereTheMailMayNameAllWhoReadIt and where it is about one
// conversation that can be written to.
func TestAReplyIsOfferedWhereTheMailMayNameAllWhoReadIt(t *testing.T) {
	alone := conversation(elena, []roster.Person{anabel}, elena)
	family := conversation(elena, []roster.Person{anabel, lucian, leopold}, elena)
	asked := conversation(anabel, []roster.Person{elena, xavier}, elena)
	both := conversation(anabel, []roster.Person{elena, xavier}, elena, xavier)
	gone := conversation(elena, []roster.Person{anabel, lucian}, elena)
	gone.Conversation.Participants[2].Person.Gone = true
	deserted := conversation(elena, []roster.Person{anabel}, elena)
	deserted.Conversation.Participants[0].Person.Gone = true
	sealed := conversation(elena, []roster.Person{anabel}, elena)
	sealed.Conversation.Seal = &hub.Seal{Cause: hub.SealedByStaff}
	var crowd []roster.Person
	for range 30 {
		crowd = append(crowd, roster.Person{ID: uuid.New(), Given: "Everybody", Roles: anabel.Roles})
	}
	for _, test := range []struct {
		why     string
		reader  roster.Person
		reveals roster.Reveals
		part    notify.LetterPart
		readers string
	}{
		{"a teacher alone, who wrote", anabel, roster.RevealsNames, alone, "Elena Ortiz will read your reply."},
		{"nobody may be named", anabel, roster.RevealsNeutral, alone, ""},
		{"no family may be named", anabel, roster.RevealsSubject, family, ""},
		{"everybody may be named", anabel, roster.RevealsFull, family, "Elena Ortiz, Lucian Quintero and Leopold Quintero will read your reply."},
		{"to a teacher no family may be named", elena, roster.RevealsSubject, conversation(anabel, []roster.Person{elena}, anabel), ""},
		{"a teacher who did not write may not be named", anabel, roster.RevealsNames, asked, ""},
		{"both teachers wrote", anabel, roster.RevealsNames, both, "Elena Ortiz and Xavier Chenoweth will read your reply."},
		{"who is gone reads nothing", anabel, roster.RevealsNames, gone, "Elena Ortiz will read your reply."},
		{"nobody is there to read it", anabel, roster.RevealsFull, deserted, ""},
		{"it is sealed", anabel, roster.RevealsFull, sealed, ""},
		{"too many to be named", anabel, roster.RevealsFull, conversation(elena, append(crowd, anabel), elena), ""},
	} {
		a := arrive(t, to(test.reader, test.reveals, test.part))
		if offered := a.Get("Reply-To") != ""; offered != (test.readers != "") {
			t.Errorf("%s: offered %t", test.why, offered)
		}
		if test.readers == "" {
			test.readers = "nobody reads replies to this mail"
		}
		a.says(t, test.readers)
	}
}

func TestAMailThatCannotBeRepliedToIsAnsweredSo(t *testing.T) {
	n := notices(t, func(o *mail.NoticeOptions) {
		o.SilentAddress = func(notify.Letter) string { return "reply-silent@reply.example" }
	})
	one := conversation(elena, []roster.Person{anabel}, elena)
	for name, c := range map[string]struct {
		letter notify.Letter
		to     string
	}{
		"one that can":  {to(anabel, roster.RevealsNames, one), "reply+q1w2e3@post.example"},
		"neutral":       {to(anabel, roster.RevealsNeutral, one), "reply-silent@reply.example"},
		"about several": {to(anabel, roster.RevealsFull, one, one), "reply-silent@reply.example"},
	} {
		m, err := n.Write(c.letter)
		offers := strings.Contains(m.Text, "Reply above this line")
		if err != nil || m.ReplyTo != c.to || offers != (name == "one that can") || offers != strings.Contains(m.HTML, "Reply above this line") {
			t.Errorf("%s: one answers to %s, offered is %t, %v", name, m.ReplyTo, offers, err)
		}
	}
}

func TestWhereNoReplyIsTakenByMailNoneIsOffered(t *testing.T) {
	for _, address := range []func(notify.Letter) string{nil, func(notify.Letter) string { return "" }} {
		n := notices(t, func(o *mail.NoticeOptions) { o.ReplyAddress = address })
		m, err := n.Write(to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena)))
		if err != nil || m.ReplyTo != "" || !strings.Contains(m.Text, "nobody reads replies") {
			t.Errorf("%q, %v:\n%s", m.ReplyTo, err, m.Text)
		}
	}
}

func TestASealedConversationIsOnlyRead(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, elena)
	part.Conversation.Seal = &hub.Seal{Cause: hub.SealedByStaff}
	if a := arrive(t, to(anabel, roster.RevealsNames, part)); strings.Contains(a.html, "Read and reply") {
		t.Errorf("the button is\n%s", a.html)
	}
}

func TestTimesAreInTheReadersZoneAndLanguageAndNameTheZone(t *testing.T) {
	l := to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena))
	for _, test := range []struct{ zone, language, want string }{
		{"America/New_York", "en", "Wed 14 Oct, 15:20 EDT"},
		{"Europe/Madrid", "es", "mié 14 oct, 21:20 CEST"},
		{"Asia/Tokyo", "en", "Thu 15 Oct, 04:20 JST"},
		{"America/Sao_Paulo", "es-MX", "mié 14 oct, 16:20 UTC-03"},
	} {
		zone, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		l.Location, l.Language = zone, test.language
		arrive(t, l).says(t, test.want)
	}
	l.Location, l.Language, l.Now = nil, "", sentAt.AddDate(1, 0, 0)
	arrive(t, l).says(t, "Wed 14 Oct 2026, 15:20 EDT") // the district's, and the year where it is another
}

func TestNumbersAreSaidInTheirForm(t *testing.T) {
	one := conversation(elena, []roster.Person{anabel}, elena)
	two := conversation(elena, []roster.Person{anabel}, elena, elena)
	for want, l := range map[string]notify.Letter{
		"1 new message from Elena Ortiz":      to(anabel, roster.RevealsNames, one),
		"2 new messages from Elena Ortiz":     to(anabel, roster.RevealsNames, two),
		"The latest was written Wed 14 Oct":   to(anabel, roster.RevealsNames, two),
		"New messages in 2 conversations":     to(anabel, roster.RevealsNames, two, one),
		"2 new messages\nLincoln School":      to(anabel, roster.RevealsNeutral, two),
		"1 new message\nLincoln School":       to(anabel, roster.RevealsNeutral, one),
		"Written Wed 14 Oct, 15:20 EDT\n\nRe": to(anabel, roster.RevealsNeutral, one),
	} {
		if a := arrive(t, l); !strings.Contains(a.text, want) {
			t.Errorf("%q is not in\n%s", want, a.text)
		}
	}
}

func TestThePreheaderSaysHowManyThereAre(t *testing.T) {
	first := regexp.MustCompile(`(?s)<body[^>]*>\s*<div[^>]*>([^<]*)&#847;`)
	for want, l := range map[string]notify.Letter{
		"2 new messages. The latest":          to(anabel, roster.RevealsNeutral, conversation(elena, []roster.Person{anabel}, elena, elena)),
		"1 new message from Elena Ortiz. Wri": to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel}, elena)),
		"3 new messages": to(anabel, roster.RevealsNames,
			conversation(elena, []roster.Person{anabel}, elena, elena), conversation(elena, []roster.Person{anabel}, elena)),
	} {
		found := first.FindStringSubmatch(arrive(t, l).html)
		if found == nil || !strings.HasPrefix(found[1], want) {
			t.Errorf("the preheader is %.60q, want %q", found, want)
		}
	}
}

func TestEveryWordOfANoticeIsInTheCatalogue(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel, lucian, leopold}, elena, lucian)
	part.Count = 30
	part.Messages[0].Body = strings.Repeat("long ", 2000)
	many := slices.Repeat([]notify.LetterPart{part}, 25)
	for _, level := range []roster.Reveals{roster.RevealsNeutral, roster.RevealsNames, roster.RevealsSubject, roster.RevealsFull} {
		for _, language := range []string{"en", "es"} {
			for _, l := range []notify.Letter{to(anabel, level, part), to(anabel, level, many...), to(elena, level, part)} {
				l.Language = language
				a := arrive(t, l)
				if all := a.subject + a.text + a.html; strings.Contains(all, "mail_") || placeholder.MatchString(all) {
					t.Errorf("in %s it says\n%s\n%s", language, a.subject, a.text)
				}
			}
		}
	}
}

func TestANoticeLoadsNothingFromAnywhere(t *testing.T) {
	a := arrive(t, to(anabel, roster.RevealsFull, conversation(elena, []roster.Person{anabel}, elena)))
	for _, loads := range []string{"<img", "<link", "src=", "url(", "@import", "<script"} {
		if strings.Contains(a.html, loads) {
			t.Errorf("%q is in the HTML", loads)
		}
	}
}

func TestALetterAboutNothingIsNotSent(t *testing.T) {
	_, err := notices(t).Send(context.Background(), to(anabel, roster.RevealsNames))
	var later *notify.LaterError
	if !errors.As(err, &later) || !later.Recipient {
		t.Errorf("answered %v", err)
	}
}

func TestWhatMailsCannotBeWrittenWithoutIsRefusedAtTheStart(t *testing.T) {
	good := mail.NoticeOptions{From: "homeline@post.example", PublicURL: &url.URL{Scheme: "https", Host: "letters.example"}, Secret: secret, Words: catalogue()}
	for name, change := range map[string]func(*mail.NoticeOptions){
		"a sender that is no address": func(o *mail.NoticeOptions) { o.From = "Homeline" },
		"no public URL":               func(o *mail.NoticeOptions) { o.PublicURL = nil },
		"a public URL without a host": func(o *mail.NoticeOptions) { o.PublicURL = &url.URL{Path: "/x"} },
		"no secret":                   func(o *mail.NoticeOptions) { o.Secret = nil },
	} {
		o := good
		change(&o)
		if _, err := mail.NewNotices(o); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := mail.NewNotices(good); err != nil {
		t.Error(err)
	}
}
