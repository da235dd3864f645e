package hub_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
)

func names(list ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range list {
		set[name] = true
	}
	return set
}

func TestR1NothingIsSentUntilMessagingIsOnAndWhatWasWrittenIsReadWhenItIsOff(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"))
	s.set(func(d *roster.District) { d.Enabled = false })

	_, err := s.Start(t.Context(), s.is("Chen"), s.request(roster.AsWorker, s.to("Ana", "Leo")))
	s.refused(err, hub.CodeMessagingOff, "")
	_, err = s.Reply(t.Context(), s.is("Ana"), trip, uuid.New(), "Thank you")
	s.refused(err, hub.CodeMessagingOff, "")
	list, err := s.Messages(t.Context(), s.is("Ana"), trip, hub.Range{})
	if err != nil || len(list) != 1 {
		t.Errorf("what was written is read: %d messages, %v", len(list), err)
	}
}

// R2: "It is not permission based: once on, it is on for everyone in the district."
func TestR2OnceOnItIsOnForEveryKindOfPersonInTheDistrict(t *testing.T) {
	s := openSchool(t)
	s.set(func(d *roster.District) { d.Enabled = false })
	s.set(func(d *roster.District) { d.Enabled = true }) // and nothing else is given to anybody
	toFamily := s.request(roster.AsWorker, s.to("Leo", "Leo"), s.to("Ana", "Leo"))
	toTeachers := s.request(roster.AsFamily, s.to("Chen", "Leo"), s.to("Dora", "Leo"))
	for name, begins := range map[string]hub.StartRequest{
		"Chen": toFamily, "Pat": toFamily, "Olga": toFamily, // a teacher, a principal, the district's staff
		"Ana": toTeachers, "Leo": toTeachers, // a guardian, a student
	} {
		started, err := s.Start(t.Context(), s.is(name), begins)
		if err != nil {
			t.Errorf("%s does not begin: %v", name, err)
			continue
		}
		c := started.Receipts[0].Conversation
		for other := range s.in(name, c) {
			before := len(s.letters(other, c))
			s.reply(other, c)
			if after := len(s.letters(other, c)); before == 0 || after != before+1 {
				t.Errorf("%s, in it with %s, reads %d letters, and %d having answered", other, name, before, after)
			}
		}
	}
}

func TestR3StaffWriteToTheStudentsTheyReachAndTheirGuardians(t *testing.T) {
	s := openSchool(t)
	for _, c := range []struct {
		from    string
		to      roster.Recipient
		allowed bool
	}{
		{"Chen", s.to("Leo", "Leo"), true},
		{"Chen", s.to("Ana", "Leo"), true},
		{"Chen", s.to("Eva", "Eva"), false},
		{"Chen", s.to("Ana", "Eva"), false},
		{"Dora", s.to("Kim", "Mia"), false},
		{"Pat", s.to("Kim", "Mia"), true},
		{"Olga", s.to("Ana", "Eva"), true},
		{"Chen", s.to("Kim", "Leo"), false}, // Kim is not Leo's
		{"Chen", s.to("Dora", "Leo"), false},
	} {
		_, err := s.Start(t.Context(), s.is(c.from), s.request(roster.AsWorker, c.to))
		if c.allowed != (err == nil) {
			t.Errorf("%s to %v: %v, want allowed %v", c.from, c.to, err, c.allowed)
		}
		if !c.allowed {
			if e := s.refused(err, hub.CodeNotAllowed, "recipients"); e.Refused[0].Recipient != c.to {
				t.Errorf("the refusal names %v, not %v", e.Refused[0].Recipient, c.to)
			}
		}
	}
}

func TestR4FamiliesWriteToTheStudentsCurrentTeachersOnly(t *testing.T) {
	s := openSchool(t)
	for _, c := range []struct {
		from    string
		to      roster.Recipient
		allowed bool
	}{
		{"Ana", s.to("Chen", "Leo"), true},
		{"Leo", s.to("Dora", "Leo"), true},
		{"Ana", s.to("Chen", "Eva"), false},
		{"Ana", s.to("Pat", "Leo"), false},
		{"Kim", s.to("Dora", "Mia"), false},
		{"Kim", s.to("Chen", "Leo"), false},
		{"Ana", s.to("Ben", "Leo"), false},
	} {
		_, err := s.Start(t.Context(), s.is(c.from), s.request(roster.AsFamily, c.to))
		if c.allowed != (err == nil) {
			t.Errorf("%s to %v: %v, want allowed %v", c.from, c.to, err, c.allowed)
		}
	}
}

func TestR5WhoIsInItMayReplyWhateverHappensToTheirReach(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Ana", "Leo"), s.to("Leo", "Leo"))
	ended := delivery()
	ended.Enrolments = slices.DeleteFunc(ended.Enrolments, func(e roster.SnapshotEnrolment) bool { return e.Section == "algebra" })
	s.deliver(ended)

	if _, err := s.Start(t.Context(), s.is("Ana"), s.request(roster.AsFamily, s.to("Chen", "Leo"))); hub.CodeOf(err) != hub.CodeNotAllowed {
		t.Errorf("Chen teaches Leo no longer: %v", err)
	}
	s.reply("Ana", trip)
	s.reply("Chen", trip)
	if got := s.unread("Leo"); got != 3 {
		t.Errorf("Leo has %d unread, want 3", got)
	}
}

func TestR6StaffDoNotMessageEachOtherButAParentMayWriteToTwoTeachersAtOnce(t *testing.T) {
	s := openSchool(t)
	_, err := s.Start(t.Context(), s.is("Pat"), s.request(roster.AsWorker, s.to("Chen", "Chen")))
	s.refused(err, hub.CodeNotAllowed, "recipients")
	started, err := s.Start(t.Context(), s.is("Ana"), s.request(roster.AsFamily, s.to("Chen", "Leo"), s.to("Dora", "Leo")))
	s.must(err)
	trip := started.Receipts[0].Conversation
	s.reply("Chen", trip)
	if got := s.unread("Dora"); got != 2 {
		t.Errorf("Dora has %d unread, want Ana's and Chen's", got)
	}
}

func TestR7TheLimitCountsTheRecipientsOfOneConversationAndNothingIsSentAboveIt(t *testing.T) {
	s := openSchool(t)
	s.set(func(d *roster.District) { d.Settings.RecipientLimit = 3 })
	r := s.request(roster.AsWorker, s.to("Leo", "Leo"), s.to("Ana", "Leo"), s.to("Ben", "Leo"), s.to("Eva", "Eva"))
	r.Mode = roster.Together
	_, err := s.Start(t.Context(), s.is("Pat"), r)
	if e := s.refused(err, hub.CodeTooManyRecipients, "recipients"); e.Limit != 3 || e.Got != 4 {
		t.Errorf("got %d of at most %d, want 4 of 3", e.Got, e.Limit)
	}
	if got := s.unread("Ana"); got != 0 || len(s.heard.all()) != 0 {
		t.Errorf("something was sent: %d unread, %d events", got, len(s.heard.all()))
	}
	r.Mode = roster.PerFamily
	if _, err := s.Start(t.Context(), s.is("Pat"), r); err != nil {
		t.Errorf("three and one in separate conversations: %v", err)
	}
}

func TestR7OneClassWithAllItsGuardiansFitsTogetherAndSeparately(t *testing.T) {
	s := openSchool(t)
	s.set(func(d *roster.District) { d.Settings.RecipientLimit = 2 })
	for _, mode := range []roster.Mode{roster.Together, roster.PerFamily, roster.PerGuardian} {
		r := s.request(roster.AsWorker, s.to("Leo", "Leo"), s.to("Ana", "Leo"), s.to("Ben", "Leo"), s.to("Mia", "Mia"), s.to("Kim", "Mia"))
		r.Mode = mode
		if _, err := s.Start(t.Context(), s.is("Chen"), r); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestR7AStartHasALimitOverAllItsConversations(t *testing.T) {
	s := openSchool(t)
	var to []roster.Recipient
	for range roster.MaxRecipients + 1 {
		to = append(to, roster.Recipient{Person: uuid.New(), Student: s.who["Leo"]})
	}
	r := s.request(roster.AsWorker, to...)
	r.Mode = roster.PerGuardian
	preview, err := s.Preview(t.Context(), s.is("Pat"), r)
	s.must(err)
	if want := (hub.Excess{Limit: 500, Got: 501}); preview.TooMany == nil || *preview.TooMany != want {
		t.Errorf("got %+v, want %+v", preview.TooMany, want)
	}
}

func TestR19FamiliesAreTogetherOrSeparateAndTheSenderMustSayWhich(t *testing.T) {
	s := openSchool(t)
	all := []roster.Recipient{s.to("Leo", "Leo"), s.to("Ana", "Leo"), s.to("Ben", "Leo"), s.to("Kim", "Mia")}
	r := s.request(roster.AsWorker, all...)
	_, err := s.Start(t.Context(), s.is("Chen"), r)
	s.refused(err, hub.CodeRequired, "mode")

	for mode, want := range map[roster.Mode][]map[string]bool{
		roster.Together:    {names("Chen", "Leo", "Ana", "Ben", "Kim")},
		roster.PerFamily:   {names("Chen", "Leo", "Ana", "Ben"), names("Chen", "Kim")},
		roster.PerGuardian: {names("Chen", "Ana"), names("Chen", "Ben"), names("Chen", "Kim")},
	} {
		r := s.request(roster.AsWorker, all...)
		r.Mode = mode
		preview, err := s.Preview(t.Context(), s.is("Chen"), r)
		s.must(err)
		started, err := s.Start(t.Context(), s.is("Chen"), r)
		s.must(err)
		people := map[roster.Mode]int{roster.Together: 4, roster.PerFamily: 4, roster.PerGuardian: 3}[mode]
		if len(preview.Conversations) != len(want) || len(started.Receipts) != len(want) || preview.People != people || preview.Families != 2 {
			t.Errorf("%s: the preview says %d conversations, %d people, %d families",
				mode, len(preview.Conversations), preview.People, preview.Families)
		}
		for i, receipt := range started.Receipts {
			if got := s.in("Chen", receipt.Conversation); !maps.Equal(got, want[i]) {
				t.Errorf("%s: conversation %d is of %v, want %v", mode, i, got, want[i])
			}
		}
	}
}

func TestR19AFamilyAloneNeedsNoChoice(t *testing.T) {
	s := openSchool(t)
	started, err := s.Start(t.Context(), s.is("Chen"), s.request(roster.AsWorker, s.to("Leo", "Leo"), s.to("Ana", "Leo")))
	s.must(err)
	if got := s.in("Ana", started.Receipts[0].Conversation); len(started.Receipts) != 1 || !maps.Equal(got, names("Chen", "Leo", "Ana")) {
		t.Errorf("%d conversations, the first of %v", len(started.Receipts), got)
	}
}

func TestR27GuardiansComeWithAStudentAlsoWhereTheStudentBegins(t *testing.T) {
	s := openSchool(t)
	s.set(func(d *roster.District) { d.Settings.GuardiansAlways = true })
	trip := s.begin("Chen", s.to("Leo", "Leo"))
	if got := s.in("Leo", trip); !maps.Equal(got, names("Chen", "Leo", "Ana", "Ben")) {
		t.Errorf("staff writes to Leo: %v", got)
	}
	started, err := s.Start(t.Context(), s.is("Leo"), s.request(roster.AsFamily, s.to("Chen", "Leo")))
	s.must(err)
	if got := s.in("Leo", started.Receipts[0].Conversation); !maps.Equal(got, names("Chen", "Leo", "Ana", "Ben")) {
		t.Errorf("Leo writes: %v", got)
	}
	byTeacher := s.request(roster.AsFamily, s.to("Chen", "Leo"), s.to("Dora", "Leo"))
	byTeacher.Mode = roster.PerGuardian
	started, err = s.Start(t.Context(), s.is("Leo"), byTeacher)
	s.must(err)
	for i, teacher := range []string{"Chen", "Dora"} {
		if got := s.in("Leo", started.Receipts[i].Conversation); !maps.Equal(got, names(teacher, "Leo", "Ana", "Ben")) {
			t.Errorf("Leo writes to each teacher separately: %v", got)
		}
	}
}

func TestR27AStudentWithoutAGuardianIsRefusedAlsoWhenAConversationIsContinued(t *testing.T) {
	s := openSchool(t)
	trip := s.begin("Chen", s.to("Leo", "Leo"), s.to("Ana", "Leo"), s.to("Ben", "Leo"))
	_, err := s.Seal(t.Context(), s.is("Chen"), trip, "Wrong family")
	s.must(err)
	s.set(func(d *roster.District) { d.Settings.GuardiansAlways = true })
	left := delivery()
	left.Guardianships = left.Guardianships[2:]
	s.deliver(left)

	r := s.request(roster.AsWorker, s.to("Leo", "Leo"))
	r.Continues = trip
	_, err = s.Start(t.Context(), s.is("Chen"), r)
	if e := s.refused(err, hub.CodeNotAllowed, "recipients"); len(e.Refused) != 1 || e.Refused[0].Verdict.Code != roster.NoGuardian {
		t.Errorf("staff continues: refused %+v, want no_guardian", e.Refused)
	}
	_, err = s.Start(t.Context(), s.is("Leo"), s.request(roster.AsFamily, s.to("Chen", "Leo")))
	if e := s.refused(err, hub.CodeNotAllowed, "recipients"); len(e.Refused) != 1 || e.Refused[0].Verdict.Code != roster.NoGuardian {
		t.Errorf("Leo writes: refused %+v, want no_guardian", e.Refused)
	}
}

func TestR19AConversationWithEachGuardianIsNeverOneWithAStudentAlone(t *testing.T) {
	s := openSchool(t)
	r := s.request(roster.AsWorker, s.to("Leo", "Leo"), s.to("Ana", "Leo"), s.to("Mia", "Mia"))
	r.Mode = roster.PerGuardian
	_, err := s.Start(t.Context(), s.is("Chen"), r)
	if e := s.refused(err, hub.CodeNotAllowed, "recipients"); len(e.Refused) != 1 ||
		e.Refused[0].Recipient != s.to("Mia", "Mia") || e.Refused[0].Verdict.Code != roster.StudentAlone {
		t.Errorf("refused %+v, want Mia, of whom no guardian is among the recipients", e.Refused)
	}
	r.Recipients = r.Recipients[:1]
	_, err = s.Start(t.Context(), s.is("Chen"), r)
	s.refused(err, hub.CodeNotAllowed, "recipients")

	r.Recipients = []roster.Recipient{s.to("Leo", "Leo"), s.to("Ana", "Leo")}
	preview, err := s.Preview(t.Context(), s.is("Chen"), r)
	s.must(err)
	if !slices.Equal(preview.LeftOut, []uuid.UUID{s.who["Leo"]}) {
		t.Errorf("left out %v, want Leo", preview.LeftOut)
	}
	started, err := s.Start(t.Context(), s.is("Chen"), r)
	s.must(err)
	if got := s.in("Chen", started.Receipts[0].Conversation); len(started.Receipts) != 1 || !maps.Equal(got, names("Chen", "Ana")) {
		t.Errorf("%d conversations, the first of %v", len(started.Receipts), got)
	}
}

func TestAStartThatComesAgainAnswersWhatWasStoredAlsoWhenTheRulesHaveChanged(t *testing.T) {
	s := openSchool(t)
	r := s.request(roster.AsWorker, s.to("Ana", "Leo"), s.to("Kim", "Mia"))
	r.Mode = roster.PerFamily
	first, err := s.Start(t.Context(), s.is("Chen"), r)
	s.must(err)
	published := len(s.heard.all())
	ended := delivery()
	ended.Enrolments = nil
	s.deliver(ended)
	slices.Reverse(r.Recipients)
	again, err := s.Start(t.Context(), s.is("Chen"), r)
	s.must(err)
	if !again.Repeated || len(again.Receipts) != 2 || again.Receipts[0].Conversation != first.Receipts[0].Conversation {
		t.Errorf("got %+v", again)
	}
	if len(s.heard.all()) != published {
		t.Error("it was published again")
	}
	r.Body = "Bring nothing."
	_, err = s.Start(t.Context(), s.is("Chen"), r)
	if e := s.refused(err, hub.CodeKeyReused, "key"); len(e.Stored) != 2 {
		t.Errorf("it holds %d of the two that were stored", len(e.Stored))
	}
}

func TestBadRequestsNameTheField(t *testing.T) {
	s := openSchool(t)
	for field, c := range map[string]struct {
		code  hub.Code
		spoil func(*hub.StartRequest)
	}{
		"key":        {hub.CodeRequired, func(r *hub.StartRequest) { r.Key = uuid.Nil }},
		"side":       {hub.CodeInvalid, func(r *hub.StartRequest) { r.Side = "both" }},
		"mode":       {hub.CodeInvalid, func(r *hub.StartRequest) { r.Mode = "all" }},
		"subject":    {hub.CodeRequired, func(r *hub.StartRequest) { r.Subject = " \n\u200b" }},
		"body":       {hub.CodeTooLong, func(r *hub.StartRequest) { r.Body = strings.Repeat("x", hub.MaxBody+1) }},
		"recipients": {hub.CodeRequired, func(r *hub.StartRequest) { r.Recipients = nil }},
	} {
		r := s.request(roster.AsWorker, s.to("Ana", "Leo"))
		c.spoil(&r)
		_, err := s.Start(t.Context(), s.is("Chen"), r)
		s.refused(err, c.code, field)
	}
}

func TestSomebodyOfAnotherDistrictIsNobody(t *testing.T) {
	s := openSchool(t)
	other := newSchool(t, s.store, "other")
	_, err := s.Start(t.Context(), s.is("Olga"), s.request(roster.AsWorker, other.to("Ana", "Leo")))
	if e := s.refused(err, hub.CodeNotAllowed, "recipients"); e.Refused[0].Verdict.Code != roster.NoReach {
		t.Errorf("got %v", e.Refused[0].Verdict.Code)
	}
	trip := s.begin("Chen", s.to("Ana", "Leo"))
	for _, actor := range []hub.Actor{
		other.is("Ana"), {District: other.district.ID, Person: s.who["Ana"]}, {District: s.district.ID, Person: other.who["Ana"]},
	} {
		if _, err := s.Conversation(context.Background(), actor, trip); !errors.Is(err, hub.ErrNotFound) {
			t.Errorf("%v: %v", actor, err)
		}
	}
}
