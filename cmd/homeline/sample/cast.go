package sample

// Member is somebody of the roster whom one should try first.
type Member struct {
	SourcedID string
	Note      string // who they are, in one line
}

// bounces is whose mails come back: staff read so in their conversations, and they
// read it after signing in.
const bounces = "daniel-brooks"

// Cast are the first in the demo's picker, in this order. The first two may write
// to each other: whoever opens two windows as them sees a letter arrive.
var Cast = []Member{
	{"grace-okafor", "Grace Okafor teaches Leo in 4th grade, and is the mother of Chidi in Mr Chen's class"},
	{"ana-ruiz", "Ana Ruiz, mother of Leo (4th grade) and Eva (7th grade), who are at two schools"},
	{"wei-chen", "Wei Chen teaches Algebra 1 and Geometry at Lincoln High School"},
	{"carmen-ortiz", "Carmen Ortiz, principal of Lincoln High School"},
	{"chidi-okafor", "Chidi Okafor, 9th grade, Grace Okafor's son"},
	{"priya-nair", "Priya Nair, mother of Maya and Asha; she and Maya's father are separated"},
	{"daniel-brooks", "Daniel Brooks, father of Maya and Owen; Asha is not his child. His e-mail bounces"},
	{"ruth-abernathy", "Ruth Abernathy, superintendent: she reaches the whole district"},
	{"tobias-falk", "Tobias Falk, whose Studio Art ended with the quarter: he reaches nobody now"},
	{"fatima-alkhatib", "Fatima Al-Khatib, mother of Yusuf (4th grade); her name is written from right to left"},
	{"hung-nguyen", "Hùng Nguyễn, father of Linh; he shares one address with her mother"},
	{"sam-delgado", "Sam Delgado, aide in 4th grade: answers, and starts no conversation"},
}
