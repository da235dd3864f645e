package sample

import (
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// schoolLetters are begun by the school.
func schoolLetters() []Letter {
	return []Letter{
		{
			From: "james-whitfield", Side: roster.AsWorker, Ago: 12 * day, Mode: roster.PerFamily,
			To:      []To{{"teguh", "teguh"}, {"sukarno", "teguh"}},
			Subject: "College visits this month",
			Body: "Dear Mr Sukarno, dear Teguh,\n\nfour colleges visit us this month. The engineering program from State is here on " +
				"the 18th, and Teguh asked me about it in September.\n\nThe list is at https://example.org/college-visits. Please tell " +
				"me by Friday which ones you would like to hear; I write the passes.\n\nJames Whitfield\nCounseling",
			Replies: []Reply{
				{"teguh", "The 18th, please. And is it all right if I bring my sketchbook?", 11 * day},
				{"james-whitfield", "Bring it. I have put you down for 10:15 in the library.", 11*day - 3*time.Hour},
			},
			ReadBy: []string{"teguh", "sukarno", "james-whitfield"},
		},
		{
			From: "wei-chen", Side: roster.AsWorker, Ago: 6 * day, Mode: roster.Together,
			To: []To{
				{"chidi-okafor", "chidi-okafor"}, {"maya-brooks-nair", "maya-brooks-nair"}, {"xiaoming-wang", "xiaoming-wang"},
			},
			Subject: "Algebra 1: study group on Thursdays",
			Body: "Hello all three,\n\nyou asked for a place to work on the harder problems together. Room 214 is ours on Thursdays from " +
				"3:15 to 4:00, starting this week.\n\nBring the problem you are stuck on, not the one you have solved.\n\nMr Chen",
			Replies: []Reply{
				{"maya-brooks-nair", "I’ll be there. Can we do number 9 from chapter 4 first?", 5 * day},
				{"xiaoming-wang", "Me too. 谢谢老师!", 5*day - time.Hour},
				{"wei-chen", "Number 9 it is.", 4 * day},
			},
			ReadBy: []string{"wei-chen", "xiaoming-wang"},
		},
		{
			From: "wei-chen", Side: roster.AsWorker, Ago: 3 * day, Mode: roster.PerGuardian,
			To:      []To{{"priya-nair", "maya-brooks-nair"}, {"daniel-brooks", "maya-brooks-nair"}},
			Subject: "Maya's last two quizzes",
			Body: "Good afternoon,\n\nMaya has missed the last two quizzes. She can take both on Monday or Tuesday during lunch, and nothing " +
				"is lost.\n\nShe is doing well otherwise, and helps others without being asked.\n\nWei Chen",
			Replies: []Reply{
				{"priya-nair", "Thank you for telling me. Monday suits her. She was at the orthodontist both times; I will send a note next time.",
					3*day - 2*time.Hour},
				{"wei-chen", "No note needed. Monday it is.", 2 * day},
				{"daniel-brooks", "I did not know about this. Is there anything we should practice at the weekend?", day},
			},
			ReadBy: []string{"priya-nair"},
		},
		{
			From: "grace-okafor", Side: roster.AsWorker, Ago: 2 * day, Mode: roster.PerFamily,
			To: []To{
				{"ana-ruiz", "leo-ruiz"}, {"marco-ruiz", "leo-ruiz"}, {"fatima-alkhatib", "yusuf-alkhatib"},
			},
			Subject: "Water cycle models are due on Friday",
			Body: "Dear families,\n\nthe water cycle models are due on Friday. A shoebox is big enough. Please use what you have at home; " +
				"nobody needs to buy anything.\n\nIf Friday is difficult, write to me here and we find another day.\n\nMs Okafor",
			Replies: []Reply{
				{"ana-ruiz", "Leo has built a volcano. He says that volcanoes have water too. Is that all right?", 2*day - 5*time.Hour},
				{"grace-okafor", "They do! Ask him where the steam goes and let him add a cloud.", 20 * time.Hour},
			},
		},
		{
			From: "carmen-ortiz", Side: roster.AsWorker, Ago: 9 * time.Hour, Mode: roster.PerFamily,
			To:      []To{{"grace-okafor", "chidi-okafor"}},
			Subject: "Chidi in the regional science fair",
			Body: "Dear Ms Okafor,\n\nChidi's bridge has been chosen for the regional fair on the 12th. The bus leaves at 7:30 and is back by " +
				"four. I need a yes or no from you by Wednesday.\n\nCongratulations to you both.\n\nCarmen Ortiz\nPrincipal",
		},
	}
}
