package web

import (
	"net/http"
)

// A page may be older than the sign-in of its browser: in another window somebody
// changed over to another person of their address, or signed out for somebody
// else. What is sent from it would be theirs who are signed in now, and a letter
// cannot be taken back. So forms say whose page they stand on.
const readerField = "reader"

// ofOthers says whether a form stands on a page of somebody else than the
// visitor. One that does not say is the visitor's.
func ofOthers(v *visitor, reader string) bool { return reader != "" && reader != v.person.ID.String() }

// refuseOthers does nothing of what was asked, and shows what was written, since
// it is kept nowhere: the drafts are those of who is signed in now.
func (s *Site) refuseOthers(w http.ResponseWriter, r *http.Request, v *visitor) error {
	p := &errorPage{Home: v.home(), Unsent: r.PostForm.Get("body")}
	p.Heading = v.lang.Say("page_others_heading")
	p.Words = v.lang.Say("page_others_words", "name", v.person.Name())
	p.Title = p.Heading
	if byScript(r) { // which takes what is wrong from the page, and leaves the form as it is
		p.Problems = []problem{{Words: p.Heading + ". " + p.Words}}
	}
	return s.show(w, r, v, http.StatusConflict, "error", p)
}
