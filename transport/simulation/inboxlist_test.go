package simulation_test

// What follows is static/js/inbox.js, of which a row here is its number of
// unread; all in ms.
const (
	pause     = 500
	loadAgain = 5000
)

type inboxList struct {
	rows    map[string]int64
	refresh refresh
}

func (l *inboxList) happened(f frame) {
	var conversation string
	switch {
	case f.Letter != nil:
		conversation = f.Letter.Conversation.String()
	case f.Read != nil:
		conversation = f.Read.Conversation.String()
	}
	if _, there := l.rows[conversation]; !there || len(f.Sealed) > 0 {
		l.refresh.ask()
		return
	}
	if f.Letter != nil {
		l.rows[conversation] = f.Letter.Unread
	} else {
		l.rows[conversation] = f.Read.Unread
	}
	if f.Unread == 0 {
		l.refresh.ask()
	}
}

type refresh struct {
	*turns
	load    func(done func(*loaded)) // nil where it failed
	behind  func(*loaded) bool
	running bool
	wanted  bool
}

func (r *refresh) ask() {
	r.wanted = true
	if r.running {
		return
	}
	r.running, r.wanted = true, false
	r.load(func(l *loaded) {
		wait := float64(pause)
		if l == nil {
			r.wanted = true
			wait = loadAgain
		} else if r.behind(l) {
			r.wanted = true
		}
		r.after(wait, func() {
			r.running = false
			if r.wanted {
				r.ask()
			}
		})
	})
}
