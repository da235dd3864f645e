package browsertest

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/static/words"
	"github.com/homeline/homeline/transport/mail"
	"github.com/homeline/homeline/transport/mail/mailtest"
)

// mailsAndAddresses are the pages about who is mailed, when and where.
func mailsAndAddresses(s *school, say *words.Language) []visit {
	s.marks("ana@home.example", notify.AddressBounced)
	s.marks("leo@school.example", notify.AddressComplained)
	trip := s.letter("ortiz", "Swimming on Thursdays", "Bring a towel.", s.to("ana", "leo"), s.to("leo", "leo"))
	if err := s.store.ChooseAddress(s.t.Context(), s.district.ID, s.person("tomas").ID, "tomas.ruiz.y.garcia.de.la.torre@mail.of.his.own.example", time.Now()); err != nil {
		s.t.Fatal(err)
	}
	said := func(text string) func(*window) { return func(w *window) { w.sees(text) } }
	return []visit{
		{"inbox, of whom e-mail bounces", "ana", "/inbox", said(say.Say("mailbox_bounced_button"))},
		{"conversation, of whom e-mail bounces", "ana", at(trip), said(say.Say("mailbox_bounced_button"))},
		{"conversation, as staff, with whom no mail reaches", "ortiz", at(trip), said(say.Count("unreached_bounced", 1, "names", "Ana Ruiz"))},
		{"preferences, of whom complained", "leo", "/preferences", said(say.Say("mailbox_complained_button"))},
		{"preferences, with an address of one's own", "tomas", "/preferences", said(say.Say("address_back"))},
		{"preferences, with what cannot be", "tomas", "/preferences", func(w *window) {
			w.expects("400")
			js[bool](w, `(() => {
				const fields = document.querySelector('form[action="/preferences"]').elements;
				fields.mail.value = "daily";
				fields.daily_at.options[0].value = "noon";
				fields.daily_at.value = "noon";
				fields.quiet.value = "own";
				fields.quiet_until.value = fields.quiet_from.value;
				return true;
			})()`)
			w.follow("button", say.Say("preferences_save"))
			w.sees(say.Count("problems_heading", 2))
		}},
		{"preferences, with what is no address", "tomas", "/preferences", func(w *window) {
			w.expects("400")
			w.asks(say, "tomas@@home")
			w.sees(say.Say("error_invalid_address"))
		}},
		{"a new address was asked for", "grant", "/preferences", func(w *window) {
			w.asks(say, "grant@mail.of.her.own.example")
			w.sees(say.Say("address_sent_title"))
		}},
		{"a link to a new address", "", s.addressLink("ying", "ying@new.example"), said(say.Say("address_link_button"))},
		{"an address was changed", "", s.addressLink("sam", "sam@new.example"), func(w *window) {
			w.follow("button", say.Say("address_link_button"))
			w.sees(say.Say("address_used_title"))
		}},
		{"a link to a new address that is gone", "", "/address/nonsense", said(say.Say("page_address_link_gone_heading"))},
		{"unsubscribe", "", s.unsubscribeLink("petra"), said(say.Say("unsubscribe_button"))},
		{"unsubscribed", "", s.unsubscribeLink("petra"), func(w *window) {
			w.follow("button", say.Say("unsubscribe_button"))
			w.sees(say.Say("unsubscribed_title"))
		}},
		{"unsubscribe, with half a link", "", "/unsubscribe/half", said(say.Say("page_no_token_heading"))},
	}
}

// asks fills in a new address and sends the form as it is.
func (w *window) asks(say *words.Language, address string) {
	w.t.Helper()
	w.fill(say.Say("address_new"), address)
	w.follow("button", say.Say("address_send"))
}

func (s *school) marks(email string, state notify.AddressState) {
	s.t.Helper()
	if err := s.store.MarkAddress(s.t.Context(), s.district.ID, email, state, time.Now()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *school) unsubscribeLink(sourcedID string) string {
	s.t.Helper()
	return "/unsubscribe/" + mail.UnsubscribeToken(linkSecret, s.district.ID, s.person(sourcedID).ID)
}

// addressLink asks for a change of address and takes its link from the mail.
func (s *school) addressLink(sourcedID, address string) string {
	s.t.Helper()
	session := identity.Session{District: s.district.ID, Person: s.person(sourcedID).ID}
	if err := s.identity.RequestAddressChange(s.t.Context(), session, address, "127.0.0.1"); err != nil {
		s.t.Fatal(err)
	}
	return s.mailed(address, inAddressMail)
}

var inAddressMail = regexp.MustCompile(`http://[^\s]+/address/[A-Za-z0-9_-]+`)

func TestOneChoosesWhenToBeMailedAndWhere(t *testing.T) {
	for _, h := range []how{{}, {noScript: true}} {
		s := open(t)
		s.district.Settings.Quiet = roster.Quiet{From: "21:00", Until: "07:00"}
		if err := s.store.SaveDistrict(t.Context(), s.district); err != nil {
			t.Fatal(err)
		}
		w := s.window("ana", h)
		w.open("/preferences")
		w.sees("You get one e-mail when something stays unread for 15 minutes, not between 21:00 and 07:00.")
		w.click("any", "Send me one e-mail a day")
		w.choose("Hour of the daily e-mail", "08:00")
		w.follow("button", "Save")
		w.sees("Your preferences are saved.", "You get one e-mail a day, at 08:00, if something is unread then.")

		w.asks(tongue(t, "en"), "ana@new.example")
		w.sees("A mail is on its way to ana@new.example.")
		w.open(s.mailed("ana@new.example", inAddressMail))
		w.sees("Mails about messages, and links to sign in, will go to a…@new.example.")
		w.follow("button", "Use this address")
		w.at("/preferences")
		w.sees("Your e-mail address is changed.", "ana@new.example", "Your school has ana@home.example.")
		s.mailed("ana@home.example", regexp.MustCompile("(?s)now gets them at another"))
		w.follow("button", "Use the school’s again")
		w.sees("Your school has this address for you.")

		other := s.window("", h)
		other.open(s.unsubscribeLink("ana"))
		other.sees("If you press the button, Lakeside School District sends you no more e-mails about unread messages.")
		other.follow("button", "Send me no e-mails")
		other.sees("You get no more e-mails")
		w.open("/preferences")
		w.sees("You get no e-mails about unread messages.")
	}
}

func TestWhoseMailsComeBackIsToldAndStaffAreToo(t *testing.T) {
	for _, h := range []how{{}, {noScript: true}} {
		s := open(t)
		trip := s.letter("ortiz", "Field trip", "We go on Friday.", s.to("ana", "leo"), s.to("tomas", "leo"))
		s.marks("ana@home.example", notify.AddressBounced)
		teacher, ana, tomas := s.window("ortiz", h), s.window("ana", h), s.window("tomas", h)
		teacher.open(at(trip))
		teacher.sees("Ana Ruiz’s e-mail bounces.")
		tomas.open(at(trip))
		tomas.sees("We go on Friday.")
		tomas.misses("bounces")
		ana.open("/inbox")
		ana.sees("Our e-mails to ana@home.example come back")
		ana.follow("button", "It works again")
		ana.at("/inbox")
		ana.sees("We send e-mails to your address again.", "Field trip")
		ana.misses("come back")
		teacher.open(at(trip))
		teacher.misses("bounces")
	}
}

// mailed waits for a mail to an address, and is what of its text fits: of a link
// of ours, its path.
func (s *school) mailed(address string, fits *regexp.Regexp) string {
	s.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		for _, m := range mailtest.Read(s.t, os.DirFS(s.outbox.Dir())) {
			if found := fits.FindString(m.Text); strings.Contains(m.To, address) && found != "" {
				return strings.TrimPrefix(found, "http://"+s.address)
			}
		}
		select {
		case <-tick.C:
		case <-deadline:
			s.t.Fatalf("no mail to %s", address)
		}
	}
}
