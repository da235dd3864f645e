package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

// press sends the compose form of a page with one of its buttons, and with what
// is typed into its fields.
func (b *browser) press(page answer, do string, typed url.Values) answer {
	b.t.Helper()
	form := page.fields()
	for name, values := range typed {
		form[name] = values
	}
	form.Set("do", do)
	return b.post("/compose", form)
}

// composing is the page of a new message.
func (b *browser) composing() answer {
	b.t.Helper()
	return b.follow(b.get("/compose"))
}

// anew is the page of a message as it is kept.
func (b *browser) anew(page answer) answer {
	b.t.Helper()
	return b.get("/compose?new=" + page.field("draft"))
}

func TestStaffFindStudentsWithTheirGuardiansByTheContactSearch(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	a := b.composing().says("Contact search", "School", "Grade", "Course", "Section", "Teacher", "Name", "Find Students").
		saysNot("students found")
	a = b.press(a, "find", nil).is(http.StatusOK).says("3 students found", "Leo Ruiz Grade 7, Lincoln School",
		"Ana Ruiz parent of Leo Add to Recipients : Ana Ruiz, parent of Leo", "Luis Ruiz parent of Leo", "Max Okafor")
	if a.title() != "3 students found: New message · Homeline" {
		t.Errorf("title %q", a.title())
	}
	b.press(a, "find", url.Values{"grade": {"08"}}).says("1 student found", "Eva Ruiz").saysNot("Leo Ruiz")
	b.press(a, "find", url.Values{"name": {"luis"}}).says("1 student found", "Leo Ruiz").has(`value="luis"`)
	b.press(a, "find", url.Values{"name": {"nobody"}}).says("0 students found", "Nobody was found.")
	s.as(okafor).post("/compose", url.Values{"do": {"find"}}).says("1 student found", "Eva Ruiz")
	s.as(ortiz).post("/compose", url.Values{"do": {"find"}}).says("3 students found")
}

func TestRecipientsAreAddedAndTakenOutAndTheLetterIsKept(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	typed := url.Values{"subject": {"Trip"}, "body": {"On\nFriday."}}
	a := b.press(b.composing(), "find", typed)
	a = b.press(a, "add:"+s.value(ana, leo), typed).says("Recipients 1", "Added", "Who will see this",
		"One conversation, read by you and Ana Ruiz, parent of Leo.").has(`value="Trip"`, ">On\nFriday.</textarea>")
	a = b.press(a, "add:"+s.value(leo, leo), typed).says("Recipients 2", "Leo Ruiz, student")
	a = b.press(a, "add:"+s.value(leo, leo), typed).says("Recipients 2")
	a = b.press(a, "remove:"+s.value(ana, leo), typed).says("Recipients 1")
	b.press(a, "removeall", typed).says("Nobody yet.").has(`value="Trip"`, ">On\nFriday.</textarea>")
	b.anew(a).says("Nobody yet.").has(`value="Trip"`, ">On\nFriday.</textarea>")
	b.composing().says("Nobody yet.", "You have 1 other draft").hasNot(`value="Trip"`, "Friday")
}

func TestAddAllAddsWhoWasFoundOrSaysWhyThatAreTooMany(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	a := b.press(b.composing(), "addall", url.Values{"grade": {"07"}}).says("Recipients 5")
	b.press(a, "removeall", nil)
	b.press(b.composing(), "addall:guardians", url.Values{"grade": {"07"}}).says("Recipients 3").saysNot("Leo Ruiz student Remove")
	form := url.Values{"do": {"addall"}, "to": append(strangers(498), s.value(ana, leo)), "body": {"Kept."}}
	a = b.post("/compose", form).says("There is a problem", "At most 500 people can be written to at once. "+
		"You have chosen 499 already, and this would be 5 more. Nobody was added.", "Recipients 1", "Kept.")
	a.has(`<a href="#recipients">`)
}

// strangers returns the form values of n recipients who are unknown here.
func strangers(n int) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = uuid.NewString() + ":" + uuid.NewString()
	}
	return values
}

func TestAtTheLimitNobodyMoreIsAddedAndThePageSaysWhy(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	form := url.Values{"to": append(strangers(498), s.value(ana, leo), s.value(leo, leo))}
	a := b.press(b.composing(), "add:"+s.value(luis, leo), form).
		says("At most 500 people can be written to at once, and you have chosen 500. Nobody was added.", "Recipients 2").has("data-stay")
	b.press(a, "add:"+s.value(ana, eva), form).says("Recipients 3").saysNot("Nobody was added")
}

func TestWhoIsAmongTheRecipientsForTwoStudentsIsCountedOnce(t *testing.T) {
	s := open(t)
	form := url.Values{"to": {s.value(ana, leo), s.value(ana, eva), s.value(luis, leo)}, "do": {"find"}}
	s.as(chen).post("/compose", form).says("2 people, of whom 1 is here for several students")
}

func TestForSeveralFamiliesOneChoosesTogetherOrSeparatelyAndNothingIsChosenBeforehand(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	to := []string{s.value(ana, leo), s.value(luis, leo), s.value(okafor, max_)}
	form := url.Values{"to": to, "subject": {"Trip"}, "body": {"On Friday."}}
	a := b.press(b.composing(), "find", form).says("Together or separately?",
		"One conversation, in which all see all 1 conversation, 3 people besides you",
		"A separate conversation with each family 2 conversations, 3 people besides you",
		"With each guardian separately 3 conversations, 3 people besides you").hasNot(" checked>")
	a = b.press(a, "send", form).is(http.StatusUnprocessableEntity).says("Choose: together or separately.").has(`<a href="#mode">`)

	form.Set("mode", "per_family")
	a = b.press(a, "find", form).has(`value="per_family" checked`).says("2 separate conversations. In each, only you and these people see what is written:",
		"Ana Ruiz, parent of Leo; Luis Ruiz, parent of Leo", "Grace Okafor, parent of Max")
	b.press(a, "send", form).leadsTo("/inbox")
	b.get("/inbox").says("Your message was successfully sent, in 2 separate conversations.")
	s.as(okafor).get(s.only(okafor)).says("On Friday.").saysNot("Ana Ruiz")
}

func TestForOneFamilyWithEachGuardianSeparatelyIsOnOffer(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	form := url.Values{"to": {s.value(ana, leo), s.value(luis, leo)}, "subject": {"Trip"}, "body": {"On Friday."}}
	b.press(b.composing(), "find", form).says("With each guardian separately 2 conversations").has(`value="together" checked`)
	form.Set("family_mode", "per_guardian")
	b.press(b.composing(), "send", form).leadsTo("/inbox")
	s.as(ana).get(s.only(ana)).saysNot("Luis")
}

// What is checked on a page is sent along by every button.
func TestTogetherStaysChosenWhenASecondFamilyIsAddedAndJoinsThemUnasked(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	form := url.Values{"to": {s.value(ana, leo), s.value(luis, leo)}, "subject": {"Trip"}, "body": {"On Friday."}}
	a := b.press(b.composing(), "find", form).has(`name="family_mode" value="together" checked`)

	form.Set("family_mode", "together")
	a = b.press(a, "add:"+s.value(okafor, max_), form).says("Together or separately?").hasNot(" checked>")
	b.anew(a).says("Together or separately?").hasNot(" checked>")
	form["to"] = append(form["to"], s.value(okafor, max_))
	b.press(a, "send", form).is(http.StatusUnprocessableEntity).says("Choose: together or separately.")

	form.Set("mode", "together")
	b.press(a, "send", form).leadsTo("/inbox")
}

func TestAChoiceMadeForSeveralFamiliesIsGoneOnceThereIsOnlyOne(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	form := url.Values{"to": {s.value(ana, leo), s.value(okafor, max_)}, "mode": {"together"}}
	a := b.press(b.composing(), "find", form).has(`name="mode" value="together" checked`)
	a = b.press(a, "remove:"+s.value(okafor, max_), form).hasNot(`name="mode"`)
	b.press(a, "add:"+s.value(okafor, max_), nil).says("Together or separately?").hasNot(" checked>")
}

func TestASentLetterIsConfirmedInTheInboxAndItsDraftGone(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	form := url.Values{"to": {s.value(ana, leo)}, "subject": {"Trip"}, "body": {"On Friday."}}
	b.press(b.composing(), "find", form)
	b.press(b.composing(), "send", form).leadsTo("/inbox")
	b.get("/inbox").says("Your message was successfully sent.", "Trip")
	b.composing().says("Nobody yet.").hasNot(`value="Trip"`, "On Friday.")
}

func TestEverythingThatIsMissingIsSaidAtOnceAndInOrder(t *testing.T) {
	a := open(t).as(chen).post("/compose", url.Values{"do": {"send"}}).is(http.StatusUnprocessableEntity)
	a.says("There are 3 problems Choose at least one recipient. Write a subject. Write something before you send.")
	a.has(`<a href="#recipients">`, `<a href="#subject">`, `<a href="#body">`, `id="subject"`, `id="body"`, `id="recipients"`)
	if !strings.HasPrefix(a.title(), "Error: ") {
		t.Errorf("title %q", a.title())
	}
	s := open(t)
	s.as(chen).post("/compose", url.Values{"do": {"send"}, "to": {s.value(ana, leo), s.value(okafor, max_)}}).
		says("There are 3 problems Choose: together or separately. Write a subject. Write something before you send.")
}

func TestWhoMayNotBeWrittenToIsNamedWithTheReason(t *testing.T) {
	s := open(t)
	form := url.Values{"to": {s.value(ana, leo), s.value(ana, max_), s.value(ortiz, leo)}, "subject": {"x"}, "body": {"y"}, "do": {"send"}}
	a := s.as(chen).post("/compose", form).is(http.StatusForbidden).says("You cannot write to everybody you have chosen.",
		"Somebody Does not belong to this student’s family.", "Carmen Ortiz Staff cannot write to each other here.",
		"Ana Ruiz parent of Leo Remove")
	s.as(okafor).post("/compose", form).is(http.StatusForbidden).
		says("Somebody You neither teach this student now nor belong to their school, and the district has not given you access.")
	a.has(">y</textarea>")
}

func TestWithAnIdOneCannotLookUpTheNameOfWhoeverItIs(t *testing.T) {
	s := open(t)
	to := []string{s.value(ana, leo), s.value(leo, leo), s.value(luis, leo), s.value(leo, eva), uuid.NewString() + ":" + s.id(eva).String()}
	s.as(okafor).post("/compose", url.Values{"to": to, "do": {"find"}, "name": {"nobody"}}).
		says("You neither teach this student now nor belong to their school, and the district has not given you access.").saysNot("Leo", "Ana", "Luis")
}

func TestWhoReachesNobodyIsToldWhyInPlaceOfAWayToBegin(t *testing.T) {
	s := open(t)
	snapshot := lincoln()
	for id, role := range map[string]roster.Role{"falk": roster.Teacher, "delgado": roster.Aide} {
		snapshot.People = append(snapshot.People, roster.SnapshotPerson{
			SourcedID: id, Given: "Sam", Family: id, Roles: []roster.SnapshotRole{{Org: "school", Role: role}},
		})
	}
	s.deliver(snapshot)
	for id, why := range map[string]string{"falk": "You teach no section now, so there is nobody you could write to first. You can answer where you take part. Your district can give you access to students.", "delgado": "In your role you answer"} {
		b := s.as(id)
		b.get("/inbox").says(why).saysNot("Compose").hasNot(`href="/compose"`)
		b.composing().says(why).hasNot("<form class=\"compose")
	}
	s.as(okafor).get("/inbox").says("Compose")
	s.as(ana).get("/inbox").says("Compose")
}

func TestOverTheLimitThePageSaysSoBeforeAnythingIsSent(t *testing.T) {
	s := open(t)
	s.change(func(d *roster.District) { d.Settings.RecipientLimit = 1 })
	apart := lincoln() // Leo attends no class with Max
	apart.Enrolments = slices.DeleteFunc(apart.Enrolments, func(e roster.SnapshotEnrolment) bool { return e.Person == leo })
	s.deliver(apart)
	form := url.Values{"to": {s.value(ana, leo), s.value(okafor, max_)}, "mode": {"together"},
		"subject": {"x"}, "body": {"y"}, "do": {"find"}}
	s.as(ortiz).post("/compose", form).says("A conversation can have at most 1 recipient; this one would have 2.",
		"1 conversation, 2 people besides you. A conversation can have at most 1 recipient.", "With each guardian separately 2 conversations, 2 people besides you")
	form.Set("do", "send")
	s.as(ortiz).post("/compose", form).is(http.StatusUnprocessableEntity).says("this one would have 2.")
	form.Set("mode", "per_guardian")
	s.as(ortiz).post("/compose", form).leadsTo("/inbox")
}

func TestStudentsAreNotInSeparateConversationsWithGuardiansAndThePageSaysSo(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	form := url.Values{"to": {s.value(leo, leo), s.value(ana, leo), s.value(luis, leo)}, "family_mode": {"per_guardian"},
		"subject": {"Trip"}, "body": {"On Friday."}}
	a := b.press(b.composing(), "find", form).says("Who will see this With each guardian separately 2 separate conversations.",
		"Students who won't see them: Leo Ruiz.").has(`name="do" value="check"`)
	b.press(a, "send", form).leadsTo("/inbox")
	s.as(leo).get("/inbox").saysNot("Trip")
	form["to"] = []string{s.value(leo, leo)}
	b.press(b.composing(), "send", form).is(http.StatusForbidden).
		says("Leo Ruiz student No guardian of this student is among the recipients.")
}

func TestAStudentWithoutAGuardianIsRefusedWithTheReasonOnBothSides(t *testing.T) {
	s := open(t)
	s.change(func(d *roster.District) { d.Settings.GuardiansAlways = true })
	alone := lincoln()
	alone.Guardianships = nil
	s.deliver(alone)
	form := url.Values{"to": {s.value(leo, leo)}, "subject": {"x"}, "body": {"y"}, "do": {"send"}}
	s.as(chen).post("/compose", form).is(http.StatusForbidden).says("Leo Ruiz student This student has no active guardian.")
	form["to"] = []string{s.value(chen, leo)}
	s.as(leo).post("/compose", form).is(http.StatusForbidden).says("This student has no active guardian.")
}

func TestFamiliesAreOfferedTheCurrentTeachersByStudentAndNobodyElse(t *testing.T) {
	s := open(t)
	b := s.as(ana)
	a := b.composing().says("Teachers of Eva", "Teachers of Leo", "Wei Chen Algebra 1", "Grace Okafor Art 7",
		"You can write to the teachers who teach the student now.").saysNot("Carmen Ortiz", "Find Students", "Luis")
	a = b.press(a, "check", url.Values{"to": {s.value(chen, leo)}}).says("One conversation, read by you and Wei Chen").
		has(`value="` + s.value(chen, leo) + `" checked`)
	form := url.Values{"to": {s.value(chen, leo)}, "subject": {"Ill"}, "body": {"Leo is ill."}}
	b.press(a, "send", form).leadsTo("/inbox")
	s.as(chen).get(s.only(chen)).says("Leo is ill.", "Ana Ruiz parent of Leo")
	form["to"], form["key"] = []string{s.value(ortiz, leo)}, []string{uuid.NewString()}
	b.press(a, "send", form).is(http.StatusForbidden).says("You cannot write to everybody you have chosen.")
	s.as(leo).composing().says("Your teachers", "Wei Chen Algebra 1").saysNot("Grace Okafor")
}

func TestAGuardianWithNobodyToWriteToIsOfferedNothingToSend(t *testing.T) {
	s := open(t)
	s.as(luis).composing().says("Wei Chen").has(`value="send"`)
	snapshot := lincoln()
	snapshot.Enrolments = slices.DeleteFunc(snapshot.Enrolments, func(e roster.SnapshotEnrolment) bool { return e.Person == leo })
	s.deliver(snapshot)
	a := s.as(luis).composing().says("Nobody teaches them at the moment")
	if strings.Contains(a.body, `value="send"`) || strings.Contains(a.body, `name="subject"`) {
		t.Error("there is a letter to fill in all the same")
	}
}

func TestWhoIsStaffAndGuardianChoosesAsWhomToWrite(t *testing.T) {
	s := open(t)
	b := s.as(okafor)
	b.composing().says("As school staff", "As family", "Contact search")
	b.follow(b.get("/compose?side=family")).says("Teachers of Max", "Wei Chen").saysNot("Contact search")
	b.press(b.follow(b.get("/compose?side=family")), "send", url.Values{"to": {s.value(chen, max_)}, "subject": {"Max"}, "body": {"He is ill."}}).
		leadsTo("/inbox")
	s.as(chen).get(s.only(chen)).says("Grace Okafor parent of Max")
	s.as(chen).follow(s.as(chen).get("/compose?side=family")).says("Contact search").saysNot("As family")
}

func TestAnEnterInASearchFieldFindsAndNeverSends(t *testing.T) {
	s := open(t)
	a := s.as(chen).composing()
	first := strings.Index(a.body, `name="do"`)
	if !strings.HasPrefix(a.body[first:], `name="do" value="find"`) {
		t.Errorf("the first button of the form is another: %.80s", a.body[first:])
	}
}

func TestALetterSentTwiceIsThereOnce(t *testing.T) {
	s := open(t)
	b := s.as(chen)
	form := url.Values{"key": {uuid.NewString()}, "to": {s.value(ana, leo)}, "subject": {"Trip"}, "body": {"On Friday."}, "do": {"send"}}
	b.post("/compose", form).leadsTo("/inbox")
	b.post("/compose", form).leadsTo("/inbox")
	s.only(ana)
}

func TestFoundStudentsHavePages(t *testing.T) {
	s := open(t)
	snapshot := lincoln()
	for i := range 25 {
		id := "crowd" + string(rune('a'+i))
		snapshot.People = append(snapshot.People, roster.SnapshotPerson{
			SourcedID: id, Given: "Kim", Family: "Zed" + string(rune('a'+i)),
			Roles: []roster.SnapshotRole{{Org: "school", Role: roster.Student}},
		})
	}
	s.deliver(snapshot)
	b := s.as(ortiz)
	a := b.post("/compose", url.Values{"do": {"find"}, "name": {"kim"}, "body": {"Kept."}}).says("25 students found", "More students", "Zeda").saysNot("Zedk")
	_, rest, _ := strings.Cut(a.body, `value="page:`)
	cursor, _, _ := strings.Cut(rest, `"`)
	a = b.press(a, "page:"+cursor, url.Values{"name": {"kim"}, "body": {"Kept."}}).says("Zedk", "Kept.").saysNot("Zeda")
	person := s.value("crowdk", "crowdk")
	b.press(a, "add:"+person, url.Values{"name": {"kim"}}).says("Zedk student Added").saysNot("Zeda")
}
