package sample

import (
	"time"

	"github.com/homeline/homeline/hub/roster"
)

// familyLetters are begun by families. One is in Spanish.
func familyLetters() []Letter {
	return []Letter{
		{
			From: "hung-nguyen", Side: roster.AsFamily, Ago: 5 * day, Mode: roster.PerFamily,
			To:      []To{{"wei-chen", "linh-nguyen"}},
			Subject: "Linh is away on Monday and Tuesday",
			Body: "Dear Mr Chen,\n\nLinh is away on Monday and Tuesday for her grandfather's anniversary. Could you tell her what she will " +
				"miss in geometry?\n\nThank you\nHùng Nguyễn",
			Replies: []Reply{
				{"wei-chen", "Of course. Pages 112 to 118, and the odd problems on 119. She can hand them in on Thursday.", 5*day - 4*time.Hour},
			},
			ReadBy: []string{"hung-nguyen", "wei-chen"},
		},
		{
			From: "ana-ruiz", Side: roster.AsFamily, Ago: 4 * day, Mode: roster.PerFamily,
			To:      []To{{"ines-moreau", "eva-ruiz"}},
			Subject: "Cita de Eva con el dentista",
			Body: "Buenos días, maestra Moreau:\n\nEva tiene cita con el dentista el jueves a las once y no va a llegar a su clase. ¿Podría " +
				"decirme qué capítulo van a leer, para que no se atrase?\n\nMuchas gracias por su paciencia con ella. En casa habla todo el día " +
				"del libro.\n\nAna Ruiz",
			Replies: []Reply{
				{"ines-moreau", "Buenos días, señora Ruiz. Vamos a leer el capítulo 7; son solo doce páginas. Me alegra mucho que le guste el libro. " +
					"¡Suerte con el dentista!", 4*day - 3*time.Hour},
			},
		},
		{
			From: "fatima-alkhatib", Side: roster.AsFamily, Ago: 30 * time.Hour, Mode: roster.PerFamily,
			To:      []To{{"grace-okafor", "yusuf-alkhatib"}},
			Subject: "Yusuf's inhaler",
			Body: "Good morning Ms Okafor,\n\nYusuf's new inhaler is in the small pocket of his bag. He knows how to use it. The nurse has the " +
				"form.\n\nيوسف يحب صفك كثيرا\n(He loves your class.)\n\nFatima",
		},
		{
			From: "chidi-okafor", Side: roster.AsFamily, Ago: 3 * time.Hour, Mode: roster.PerFamily,
			To:      []To{{"wei-chen", "chidi-okafor"}},
			Subject: "Problem 14",
			Body: "Hi Mr Chen, in problem 14, does “at least” mean that 30 counts too? I get x ≥ 30 but the back of the book has " +
				"x > 29.\n\nChidi",
			Replies: []Reply{
				{"wei-chen", "Good eye. What kind of number is x in that problem? Then look at both answers again.", 2 * time.Hour},
			},
		},
	}
}
