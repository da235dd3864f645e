package notify_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// noon is a Tuesday, 07:00 in New York.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

var trip, exam = uuid.UUID{1}, uuid.UUID{2}

// standing is of somebody who is mailed 15 minutes after what they do not read.
func standing(unread ...notify.Unread) notify.Standing {
	return notify.Standing{
		District: roster.District{Enabled: true, Settings: roster.DefaultSettings()},
		Address:  notify.Address{Email: "ana@example.org"},
		Unread:   unread,
	}
}

// fresh is a conversation with one unread message of that long ago.
func fresh(id uuid.UUID, ago time.Duration) notify.Unread {
	return notify.Unread{Conversation: id, LastSeq: 1, Fresh: 1, FreshSeq: 1, FreshSince: noon.Add(-ago)}
}

// mailed is one of which something was mailed that long ago, and something came
// as long ago as fresh says. Reading went as far as the number read.
func mailed(id uuid.UUID, step int, ago, since time.Duration, read int64) notify.Unread {
	return notify.Unread{
		Conversation: id, LastSeq: 9, ReadSeq: read, Fresh: 2, FreshSeq: 9, FreshSince: noon.Add(-since),
		Mailed: notify.Mailed{Seq: 7, Step: step, At: noon.Add(-ago)},
	}
}

const minute = time.Minute

func TestWhoStaysUnreadIsMailedWhenOneConversationIsDue(t *testing.T) {
	for _, c := range []struct {
		says   string
		unread []notify.Unread
		parts  []notify.Part
		next   time.Duration // from noon; 0: none
		why    notify.Why
	}{
		{says: "nothing is unread", why: notify.WhyRead},
		{says: "all was mailed before", unread: []notify.Unread{{Conversation: trip, LastSeq: 3, Mailed: notify.Mailed{Seq: 3, Step: 1, At: noon}}}, why: notify.WhyRead},
		{says: "a moment too early", unread: []notify.Unread{fresh(trip, 15*minute-1)}, next: 1, why: notify.WhyWaiting},
		{says: "due", unread: []notify.Unread{fresh(trip, 15*minute)}, parts: []notify.Part{{Conversation: trip, UpTo: 1, Step: 1}}},
		{says: "long due", unread: []notify.Unread{fresh(trip, 999*time.Hour)}, parts: []notify.Part{{Conversation: trip, UpTo: 1, Step: 1}}},
		{
			says: "what is not due goes with what is", unread: []notify.Unread{fresh(trip, 0), fresh(exam, 15*minute)},
			parts: []notify.Part{{Conversation: trip, UpTo: 1, Step: 1}, {Conversation: exam, UpTo: 1, Step: 1}},
		},
		{says: "the first to be due counts", unread: []notify.Unread{fresh(trip, 0), fresh(exam, 10*minute)}, next: 5 * minute, why: notify.WhyWaiting},
		{says: "an hour after the first mail", unread: []notify.Unread{mailed(trip, 1, 59*minute, 30*minute, 6)}, next: minute, why: notify.WhyWaiting},
		{says: "not before its own delay", unread: []notify.Unread{mailed(trip, 1, 99*minute, 5*minute, 6)}, next: 10 * minute, why: notify.WhyWaiting},
		{says: "the second mail", unread: []notify.Unread{mailed(trip, 1, 60*minute, 30*minute, 6)}, parts: []notify.Part{{Conversation: trip, After: 7, UpTo: 9, Step: 2}}},
		{says: "four hours after the second", unread: []notify.Unread{mailed(trip, 2, time.Hour, 30*minute, 6)}, next: 3 * time.Hour, why: notify.WhyWaiting},
		{says: "the third mail", unread: []notify.Unread{mailed(trip, 2, 4*time.Hour, 30*minute, 0)}, parts: []notify.Part{{Conversation: trip, After: 7, UpTo: 9, Step: 3}}},
		{says: "a day after the third", unread: []notify.Unread{mailed(trip, 3, 4*time.Hour, 30*minute, 6)}, next: 20 * time.Hour, why: notify.WhyWaiting},
		{says: "a day after each later one", unread: []notify.Unread{mailed(trip, 99, 4*time.Hour, 30*minute, 6)}, next: 20 * time.Hour, why: notify.WhyWaiting},
		{says: "reading resets", unread: []notify.Unread{mailed(trip, 3, 16*minute, 15*minute, 7)}, parts: []notify.Part{{Conversation: trip, After: 7, UpTo: 9, Step: 1}}},
		{says: "reading resets, the delay stays", unread: []notify.Unread{mailed(trip, 3, 16*minute, 14*minute, 8)}, next: minute, why: notify.WhyWaiting},
		{
			says: "what waits long goes with what does not", unread: []notify.Unread{mailed(trip, 3, time.Hour, 30*minute, 6), fresh(exam, 15*minute)},
			parts: []notify.Part{{Conversation: trip, After: 7, UpTo: 9, Step: 4}, {Conversation: exam, UpTo: 1, Step: 1}},
		},
		{
			says:   "one that was mailed and has nothing new is no part",
			unread: []notify.Unread{fresh(exam, 15*minute), {Conversation: trip, LastSeq: 3, Mailed: notify.Mailed{Seq: 3, Step: 1, At: noon}}},
			parts:  []notify.Part{{Conversation: exam, UpTo: 1, Step: 1}},
		},
	} {
		t.Run(c.says, func(t *testing.T) {
			got := notify.Judge(standing(c.unread...), noon)
			want := time.Time{}
			if c.next != 0 {
				want = noon.Add(c.next)
			}
			if !slices.Equal(got.Parts, c.parts) || !got.Next.Equal(want) || got.Why != c.why {
				t.Errorf("the verdict is %+v", got)
			}
		})
	}
}

func TestWhoIsNotMailedAtAllIsDueNoMore(t *testing.T) {
	for want, change := range map[notify.Why]func(*notify.Standing){
		notify.WhyMessaging: func(s *notify.Standing) { s.District.Enabled = false },
		notify.WhyGone:      func(s *notify.Standing) { s.Person.Gone = true },
		notify.WhyOff:       func(s *notify.Standing) { s.Preferences.Mail = identity.MailOff },
		notify.WhyNoAddress: func(s *notify.Standing) { s.Address.Email = "" },
		notify.WhyAddress:   func(s *notify.Standing) { s.Address.State = notify.AddressBounced },
		notify.WhyRead:      func(s *notify.Standing) { s.Unread = nil },
	} {
		t.Run(string(want), func(t *testing.T) {
			for _, ago := range []time.Duration{0, time.Hour} {
				s := standing(fresh(trip, ago))
				change(&s)
				if got := notify.Judge(s, noon); got.Why != want || len(got.Parts) != 0 || !got.Next.IsZero() {
					t.Errorf("the verdict is %+v", got)
				}
			}
		})
	}
	s := standing(fresh(trip, time.Hour))
	s.Address.State = notify.AddressComplained
	if got := notify.Judge(s, noon); got.Why != notify.WhyAddress {
		t.Errorf("who complained: %+v", got)
	}
}

func TestMoreConversationsThanAMailTakesWaitAnHour(t *testing.T) {
	s := standing()
	for i := range notify.MaxUnread {
		s.Unread = append(s.Unread, fresh(uuid.UUID{9, byte(i)}, time.Hour))
	}
	s.More = true
	if got := notify.Judge(s, noon); len(got.Parts) != notify.MaxUnread || !got.Next.Equal(noon.Add(time.Hour)) {
		t.Errorf("%d parts, next %v", len(got.Parts), got.Next)
	}
	s.Preferences.Mail, s.Preferences.DailyAt = identity.MailDaily, 7
	if got := notify.Judge(s, noon); len(got.Parts) != notify.MaxUnread || !got.Next.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("of who is mailed daily: %d parts, next %v", len(got.Parts), got.Next)
	}
}

func TestTheDelayIsTheDistricts(t *testing.T) {
	s := standing(fresh(trip, time.Hour))
	s.District.Settings.MailDelayMinutes = 61
	if got := notify.Judge(s, noon); !got.Next.Equal(noon.Add(minute)) {
		t.Errorf("the verdict is %+v", got)
	}
}

func TestAMailEndsWithTheLastLetterOfOthers(t *testing.T) {
	wrote := fresh(trip, time.Hour)
	wrote.LastSeq = 3 // two of their own
	v := notify.Judge(standing(wrote), noon)
	if len(v.Parts) != 1 || v.Parts[0].UpTo != 1 {
		t.Fatalf("the verdict is %+v", v)
	}
	later := notify.Unread{ // who has read it has read all that they were mailed, and waits for nothing
		Conversation: trip, LastSeq: 4, ReadSeq: 1, Mailed: notify.Mailed{Seq: v.Parts[0].UpTo, Step: 1, At: noon},
		Fresh: 1, FreshSeq: 4, FreshSince: noon,
	}
	if got := notify.Judge(standing(later), noon.Add(15*minute)); len(got.Parts) != 1 || got.Parts[0].Step != 1 {
		t.Errorf("of the next letter it is %+v", got)
	}
}
