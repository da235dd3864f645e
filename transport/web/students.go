package web

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/homeline/homeline/hub/roster"
)

// studentsPage is the Students tab: the way to Parent-Teacher Messaging (R16),
// and the students that one reaches.
type studentsPage struct {
	frame
	Name     string
	Students []studentView
	Found    int
	More     string
	Granted  []string // why there are students beyond the roster's
	Off      bool
}

type studentView struct {
	Name, About string
	Write       string // the address of a letter to their family
}

func (s *Site) students(w http.ResponseWriter, r *http.Request, v *visitor) error {
	if !v.person.Staff() {
		return errNoPage
	}
	scope, err := s.scope(r.Context(), v)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	p := &studentsPage{Name: clip(query.Get("name")), Off: !v.district.Enabled}
	p.Title, p.Section = v.lang.Say("students_title"), "students"
	found, err := s.opts.Roster.FindStudents(r.Context(), v.district.ID, scope,
		roster.StudentQuery{Name: p.Name, After: query.Get("after")})
	if err != nil {
		return fmt.Errorf("students: %w", err)
	}
	p.Found = found.Total
	if p.Granted, err = s.granted(r.Context(), v); err != nil {
		return err
	}
	for _, f := range found.Students {
		p.Students = append(p.Students, studentView{
			Name: f.Name(), About: aboutStudent(v.lang, f),
			Write: "/compose?student=" + f.ID.String(),
		})
	}
	if found.Next != "" {
		p.More = "/students?" + url.Values{"name": {p.Name}, "after": {found.Next}}.Encode()
	}
	return s.show(w, r, v, http.StatusOK, "students", p)
}
