package copying

// Progress is how far it has come.
type Progress struct {
	Doing    string // looking through, copying, working out, comparing, verifying
	Table    string
	Rows, Of int64 // of the table; Of is 0 where it is not known
}

// step is after how many rows somebody is told.
const step = 1000

type progress struct {
	tell func(Progress)
	at   Progress
}

func (p *progress) begin(doing, table string, rows int64) {
	p.at = Progress{Doing: doing, Table: table, Of: rows}
	p.say()
}

func (p *progress) row() {
	if p.at.Rows++; p.at.Rows%step == 0 {
		p.say()
	}
}

func (p *progress) say() {
	if p.tell != nil {
		p.tell(p.at)
	}
}
