package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

var (
	noon         = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	ana, rosa    = id(1), id(2)
	trip, choir  = id(11), id(12)
	first, other = id(21), id(22)
)

func id(n byte) uuid.UUID { return uuid.UUID{15: n} }

func after(seconds float64) time.Time {
	return noon.Add(time.Duration(seconds * float64(time.Second)))
}

func named(conversation uuid.UUID, seq int64) letterID { return letterID{conversation, seq} }

// told is a run in which Ana wrote to Rosa at noon and once more a second later,
// and in which the one mail about both was taken when the first was due, after a
// minute. Nobody has read anything.
func told() truth {
	return truth{
		delay: time.Minute, end: after(600), askable: true,
		letters: map[uuid.UUID][]letter{trip: {{named(trip, 1), ana, noon}, {named(trip, 2), ana, after(1)}}},
		readers: map[uuid.UUID]map[uuid.UUID]int64{trip: {ana: 0, rosa: 0}},
		readAt:  map[reading]time.Time{},
		mails: map[uuid.UUID]mail{first: {
			id: first, person: rosa, address: "rosa@example.com", state: "sent", madeAt: after(60), parts: []part{{trip, 0, 2, 1}},
			steps: []step{at(intended, 60), at(calling, 60.1), at("sent", 60.3)},
		}},
		accepts: []accept{{first, "rosa@example.com", after(60.2), true}},
	}
}

func at(name string, seconds float64) step {
	return step{name: name, began: after(seconds), at: after(seconds)}
}

// mend changes the mail that there is.
func (t *truth) mend(change func(m *mail)) {
	m := t.mails[first]
	change(&m)
	t.mails[first] = m
}

// again has the mail called and taken a second time, two minutes later.
func (t *truth) again(steps ...step) {
	t.mend(func(m *mail) {
		m.steps = append(append(m.steps[:2:2], steps...), at(calling, 180.1), at("sent", 180.3))
	})
	t.accepts = append(t.accepts, accept{first, "rosa@example.com", after(180.2), true})
}

// expect holds that there is so much of a kind, and nothing of the others.
func expect(t *testing.T, run truth, of kind, count int) verdict {
	t.Helper()
	v := judge(run)
	for _, k := range kinds {
		want := 0
		if k == of {
			want = count
		}
		if v.Bad[k] != want {
			t.Errorf("%s: %d, want %d: %v", k, v.Bad[k], want, v.findings)
		}
	}
	return v
}

func TestOneMailAboutWhatStayedUnreadIsAsItShouldBe(t *testing.T) {
	v := expect(t, told(), "", 0)
	if v.People != 1 || v.Due != 2 || v.Read != 0 || v.Sent != 1 || v.Unknowable != 0 {
		t.Errorf("%+v", v)
	}
	if len(v.late) != 1 || v.late[0] != 200*time.Millisecond {
		t.Errorf("it came late by %v", v.late)
	}
}

func TestWhatWasReadInTimeIsInNoMail(t *testing.T) {
	run := told()
	run.accepts, run.mails = nil, nil
	run.readers[trip][rosa] = 2
	if v := expect(t, run, "", 0); v.Due != 2 || v.Read != 2 || v.Sent != 0 {
		t.Errorf("%+v", v)
	}
}

func TestAMailAboutWhatHadBeenReadIsNeedless(t *testing.T) {
	run := told()
	run.readers[trip][rosa] = 2
	run.readAt[reading{rosa, named(trip, 1)}] = after(20)
	run.readAt[reading{rosa, named(trip, 2)}] = after(60)
	v := expect(t, run, needless, 1)
	if said := v.findings[0].String(); !strings.Contains(said, rosa.String()) || !strings.Contains(said, first.String()) || !strings.Contains(said, trip.String()) {
		t.Errorf("it does not name person, mail and message: %s", said)
	}
	run.readAt[reading{rosa, named(trip, 2)}] = after(60.15) // while the call was under way
	expect(t, run, "", 0)
	delete(run.readAt, reading{rosa, named(trip, 2)}) // the second never
	expect(t, run, "", 0)
}

func TestAMailBeforeItIsDueIsNeedless(t *testing.T) {
	run := told()
	run.mend(func(m *mail) { m.steps = []step{at(intended, 15), at(calling, 15.1), at("sent", 15.3)} })
	run.accepts[0].at = after(15.2)
	expect(t, run, needless, 1)
}

func TestWhatIsLeftOfAMailHasItsOwnDelay(t *testing.T) {
	run := told()
	run.letters[trip][1].sentAt = after(50)
	run.readers[trip][rosa] = 1
	run.readAt[reading{rosa, named(trip, 1)}] = after(60) // just before the worker looked
	expect(t, run, needless, 1)
	run.mend(func(m *mail) {
		m.steps = append(m.steps[:2:2], at("waiting", 60.2), at(calling, 110), at("sent", 110.3))
	})
	run.accepts[0].at = after(110.2)
	expect(t, run, "", 0)
}

func TestAMailToSomebodyElseIsNeedless(t *testing.T) {
	run := told()
	run.accepts[0].to = "ana@example.com"
	expect(t, run, needless, 1)
}

func TestAMailThatWasNotNotedBeforeTheCallIsNeedless(t *testing.T) {
	run := told()
	run.mend(func(m *mail) { m.steps = m.steps[2:] })
	expect(t, run, needless, 1)
	delete(run.mails, first)
	if v := judge(run); v.Bad[needless] != 1 {
		t.Errorf("one that nobody meant to send: %v", v.findings)
	}
}

func TestAMailThatIsTakenTwiceThoughItCouldBeAskedAboutIsDoubled(t *testing.T) {
	run := told()
	run.again()
	expect(t, run, doubled, 1)
}

func TestTwoMailsAboutOneLetterAreDoubled(t *testing.T) {
	run := told()
	run.mails[other] = mail{id: other, person: rosa, address: "rosa@example.com", parts: []part{{trip, 1, 2, 1}}, steps: []step{at(calling, 70)}}
	run.accepts = append(run.accepts, accept{other, "rosa@example.com", after(71), true})
	expect(t, run, doubled, 1)
}

func TestALetterThatStaysUnreadAndIsInNoMailIsMissing(t *testing.T) {
	run := told()
	run.accepts = nil // the program says sent, and nobody took it
	if said := expect(t, run, missing, 2).findings[0].String(); !strings.Contains(said, "mail "+first.String()) || !strings.Contains(said, "is of 1 to 2 and sent") {
		t.Errorf("it says %s", said)
	}

	run = told()
	run.letters[choir] = []letter{{named(choir, 1), ana, after(5)}}
	run.readers[choir] = map[uuid.UUID]int64{ana: 0, rosa: 0}
	expect(t, run, missing, 1)
	run.end = after(64) // it is not due yet
	expect(t, run, "", 0)
}

func TestFurtherLettersWaitOnlyAfterAMailThatWentUnread(t *testing.T) {
	run := told()
	run.letters[trip] = append(run.letters[trip], letter{named(trip, 3), ana, after(100)})
	expect(t, run, missing, 1) // nothing says that it is ever mailed
	run.notices = map[uuid.UUID]time.Time{rosa: after(61).Add(time.Hour)}
	if v := expect(t, run, "", 0); v.Held != 1 || v.Due != 3 {
		t.Errorf("%+v", v)
	}
	run.readers[trip][rosa] = 2
	for seq := range int64(2) {
		run.readAt[reading{rosa, named(trip, seq+1)}] = after(99)
	}
	expect(t, run, missing, 1) // it came after they were read
	run.readAt[reading{rosa, named(trip, 2)}] = after(101)
	expect(t, run, "", 0)
}

func TestOnlyASecondCopyOfWhatNobodyKnowsOfLeavesBeforeWhatIsLeftIsDue(t *testing.T) {
	for before, want := range map[string]int{doubted: 0, "waiting": 1} {
		run := told()
		run.askable = false
		run.letters[trip][1].sentAt = after(200)
		run.again(at(before, 60.3), at(claimed, 180))
		run.accepts = run.accepts[1:]
		run.readAt[reading{rosa, named(trip, 1)}] = after(170)
		expect(t, run, needless, want)
	}
}

// What else was due was read between the claim of the mail and its call.
func TestAFurtherLetterMayWaitInAMailOfItsOwn(t *testing.T) {
	run := told()
	run.letters[trip] = append(run.letters[trip], letter{named(trip, 3), ana, after(100)})
	wait := func(until time.Time) {
		run.mails[other] = mail{id: other, person: rosa, address: "rosa@example.com", state: "waiting", madeAt: after(130), nextAt: &until, parts: []part{{trip, 2, 3, 2}}}
	}
	wait(after(100).Add(time.Hour))
	if v := expect(t, run, "", 0); v.Held != 1 {
		t.Errorf("%+v", v)
	}
	wait(after(110).Add(time.Hour)) // nothing says why so long
	expect(t, run, missing, 1)
}

func TestOverAMailServerASecondCopyIsSentOnlyWhereNobodyKnows(t *testing.T) {
	run := told()
	run.askable = false
	run.accepts[0].told = false
	if v := expect(t, run, "", 0); v.Unknowable != 1 {
		t.Errorf("%+v", v)
	}
	run.again(at(doubted, 60.3), at(claimed, 180))
	if v := expect(t, run, "", 0); v.Unknowable != 1 || v.Sent != 1 {
		t.Errorf("%+v", v)
	}
	run.mend(func(m *mail) { // the second call was surely not taken, the third was
		m.steps = append(m.steps[:2:2], at(doubted, 60.3), at(claimed, 62), at(calling, 62.1), at("waiting", 62.3), at(calling, 180.1))
	})
	expect(t, run, "", 0)
	run.accepts = append(run.accepts, accept{first, "rosa@example.com", after(300), false})
	expect(t, run, doubled, 1)

	run = told()
	run.askable = false
	run.again(at("waiting", 60.3), at(claimed, 180)) // a cut was taken for a failure
	expect(t, run, doubled, 1)
}
