package mail_test

import (
	"slices"
	"testing"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

// everybody's names, and the words of the conversation.
func secrets() []string {
	words := []string{"Broken", "wrist", "climbing", "Pottery", "sourced-"}
	for _, p := range []roster.Person{elena, xavier, anabel, lucian, leopold, dorothea, kimberly} {
		words = append(words, p.Given, p.Family, p.Email)
	}
	return words
}

// TestAMailRevealsWhatTheDistrictAllowsAndNoMore holds for each level and kind
// of reader that what is not allowed stands nowhere in the whole mail: headers,
// subject, preheader, both parts, addresses of links.
func TestAMailRevealsWhatTheDistrictAllowsAndNoMore(t *testing.T) {
	// Elena wrote to two families at once; she and Lucian wrote since, Kimberly too.
	letters := conversation(elena, []roster.Person{anabel, lucian, leopold, dorothea, kimberly}, elena, lucian, kimberly)
	// Anabel wrote to two teachers; she and Xavier wrote since.
	asked := conversation(anabel, []roster.Person{elena, xavier}, anabel, xavier)
	written := conversation(anabel, []roster.Person{elena}, anabel)
	answered := conversation(anabel, []roster.Person{elena, xavier}, xavier)
	staff := []string{"Elena", "Ortiz"}
	content := []string{"climbing"}
	// With the messages themselves goes who will read an answer to the mail.
	for _, test := range []struct {
		name    string
		reader  roster.Person
		part    notify.LetterPart
		reveals map[roster.Reveals][]string // of the secrets, what each level adds
	}{
		{"a guardian, from their teacher and other families", anabel, letters, map[roster.Reveals][]string{
			roster.RevealsNames: append(staff, "Anabel", "Quintero"), roster.RevealsSubject: {"Broken", "wrist"},
			roster.RevealsFull: append(content, "Lucian", "Leopold", "Dorothea", "Kimberly", "Brandt"),
		}},
		{"a student, whose own name is a child's", leopold, letters, map[roster.Reveals][]string{
			roster.RevealsNames: staff, roster.RevealsSubject: {"Broken", "wrist"},
			roster.RevealsFull: append(content, "Leopold", "Quintero", "Anabel", "Lucian", "Dorothea", "Kimberly", "Brandt"),
		}},
		{"a teacher, from a family and a colleague", elena, asked, map[roster.Reveals][]string{
			roster.RevealsNames: append(staff, "Xavier", "Chenoweth"), roster.RevealsSubject: {"Broken", "wrist"},
			roster.RevealsFull: append(content, "Anabel", "Quintero"),
		}},
		{"a teacher, from a family alone", elena, written, map[roster.Reveals][]string{
			roster.RevealsNames: staff, roster.RevealsSubject: {"Broken", "wrist"}, roster.RevealsFull: append(content, "Anabel", "Quintero"),
		}},
		{"a guardian, from the one of two teachers who wrote", anabel, answered, map[roster.Reveals][]string{
			roster.RevealsNames: {"Xavier", "Chenoweth", "Anabel", "Quintero"}, roster.RevealsSubject: {"Broken", "wrist"},
			roster.RevealsFull: append(content, staff...),
		}},
	} {
		var allowed []string
		for _, level := range []roster.Reveals{roster.RevealsNeutral, roster.RevealsNames, roster.RevealsSubject, roster.RevealsFull} {
			t.Run(test.name+", "+string(level), func(t *testing.T) {
				allowed = append(allowed, test.reveals[level]...)
				for _, parts := range [][]notify.LetterPart{{test.part}, {test.part, test.part}} {
					for _, language := range []string{"en", "es"} {
						l := to(test.reader, level, parts...)
						l.Language = language
						a := arrive(t, l)
						a.says(t, "Lincoln School")
						a.saysNowhere(t, slices.DeleteFunc(secrets(), func(s string) bool { return slices.Contains(allowed, s) })...)
						for _, word := range test.reveals[level] {
							if len(parts) == 1 {
								a.says(t, word)
							}
						}
					}
				}
			})
		}
	}
}

func TestALevelThatIsNotKnownSaysTheLeast(t *testing.T) {
	a := arrive(t, to(anabel, "everything", conversation(elena, []roster.Person{anabel}, elena)))
	a.saysNowhere(t, secrets()...)
}

func TestStaffWhoTakePartAsAParentAreNotNamedAsStaff(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel, lucian}, lucian)
	lucianTeaches := lucian
	lucianTeaches.Roles = append(lucianTeaches.Roles, roster.RoleAt{Role: roster.Teacher})
	part.Conversation.Participants[2].Person = lucianTeaches
	arrive(t, to(anabel, roster.RevealsNames, part)).saysNowhere(t, "Lucian")
}

func TestWhoIsNotNamedIsSaidAsWhatTheyAre(t *testing.T) {
	arrive(t, to(elena, roster.RevealsNames, conversation(anabel, []roster.Person{elena}, anabel))).says(t, "from a family")
	arrive(t, to(anabel, roster.RevealsNames, conversation(elena, []roster.Person{anabel, lucian}, lucian, elena))).
		says(t, "2 new messages from Elena Ortiz and somebody else in the conversation")
}

func TestAMailThatKnowsNotWhoWroteTheFirstOfManySaysSo(t *testing.T) {
	part := conversation(elena, []roster.Person{anabel}, elena, elena)
	part.Count = 12
	arrive(t, to(anabel, roster.RevealsNames, part)).says(t, "12 new messages, the latest from Elena Ortiz")
}
