package control

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/roster"
)

var errIncomplete = errors.New("the request is incomplete")

func districtCalls(mux *http.ServeMux, s School) {
	call(mux, callDistricts, func(ctx context.Context, _ request) ([]roster.District, error) {
		return s.Districts(ctx)
	})
	call(mux, callCreateDistrict, func(ctx context.Context, r request) (nothing, error) {
		if r.New == nil {
			return nothing{}, errIncomplete
		}
		return nothing{}, s.CreateDistrict(ctx, *r.New)
	})
	call(mux, callSaveDistrict, func(ctx context.Context, r request) (nothing, error) {
		if r.New == nil {
			return nothing{}, errIncomplete
		}
		return nothing{}, s.SaveDistrict(ctx, *r.New)
	})
}

func mailCalls(mux *http.ServeMux, s School) {
	call(mux, callMailStatus, func(ctx context.Context, _ request) (notify.Status, error) {
		return s.MailStatus(ctx)
	})
}

func rosterCalls(mux *http.ServeMux, s School) {
	mux.HandleFunc("POST /"+callState+"/{district}", func(w http.ResponseWriter, r *http.Request) {
		district, err := uuid.Parse(r.PathValue("district"))
		if err != nil {
			fail(w, err)
			return
		}
		state, err := s.State(r.Context(), district)
		if err != nil {
			fail(w, err)
			return
		}
		_ = sendState(w, state) // what was cut off is seen at the other end
	})
	call(mux, callWouldSeal, func(ctx context.Context, r request) ([]roster.Closing, error) {
		return s.WouldSeal(ctx, r.District, r.Ended)
	})
	call(mux, callAccounts, func(ctx context.Context, r request) ([]roster.Account, error) {
		return s.Accounts(ctx, r.District)
	})
	mux.HandleFunc("POST /"+callApplyRoster+"/{district}", func(w http.ResponseWriter, r *http.Request) {
		district, err := uuid.Parse(r.PathValue("district"))
		if err != nil {
			fail(w, err)
			return
		}
		changes, err := receiveChanges(r.Body)
		if err != nil {
			fail(w, err)
			return
		}
		// What has come whole is done, though the command may have gone.
		effects, err := s.ApplyRoster(context.WithoutCancel(r.Context()), district, changes)
		answer(w, effects, err)
	})
	call(mux, callBar, func(ctx context.Context, r request) (roster.Effects, error) {
		if r.Bar == nil {
			return roster.Effects{}, errIncomplete
		}
		return s.Bar(ctx, r.District, *r.Bar)
	})
	call(mux, callUnbar, func(ctx context.Context, r request) (nothing, error) {
		if r.Bar == nil {
			return nothing{}, errIncomplete
		}
		return nothing{}, s.Unbar(ctx, r.District, r.Bar.Guardian, r.Bar.Student, r.By)
	})
	call(mux, callBars, func(ctx context.Context, r request) ([]roster.Bar, error) {
		return s.Bars(ctx, r.District)
	})
}

func accessCalls(mux *http.ServeMux, s School) {
	call(mux, callGrant, func(ctx context.Context, r request) (roster.Grant, error) {
		if r.Grant == nil {
			return roster.Grant{}, errIncomplete
		}
		return s.Grant(ctx, r.District, *r.Grant)
	})
	call(mux, callRevoke, func(ctx context.Context, r request) (nothing, error) {
		if r.Grant == nil {
			return nothing{}, errIncomplete
		}
		return nothing{}, s.Revoke(ctx, r.District, r.Grant.ID, r.By)
	})
	call(mux, callGrants, func(ctx context.Context, r request) ([]roster.Grant, error) {
		return s.Grants(ctx, r.District)
	})
	call(mux, callEntries, func(ctx context.Context, r request) ([]roster.Entry, error) {
		return s.Entries(ctx, r.District, r.Kind, r.IDs, r.Sourced)
	})
}

func peopleCalls(mux *http.ServeMux, s School) {
	call(mux, callPerson, func(ctx context.Context, r request) (roster.Person, error) {
		return s.PersonBySourcedID(ctx, r.District, r.SourcedID)
	})
	call(mux, callPeople, func(ctx context.Context, r request) ([]roster.Person, error) {
		return s.People(ctx, r.District, r.People)
	})
	call(mux, callFacts, func(ctx context.Context, r request) (roster.Facts, error) {
		return s.Facts(ctx, r.District, r.People, r.Now)
	})
	call(mux, callHomeLanguages, func(ctx context.Context, r request) ([]string, error) {
		return s.SaveHomeLanguages(ctx, r.District, r.Languages)
	})
	call(mux, callConfirmHolder, func(ctx context.Context, r request) (nothing, error) {
		return nothing{}, s.ConfirmHolder(ctx, r.District, r.Address, r.Person)
	})
	call(mux, callResetAddress, func(ctx context.Context, r request) (string, error) {
		return s.ResetAddress(ctx, r.District, r.Person)
	})
	call(mux, callIssue, func(ctx context.Context, r request) (issued, error) {
		token, session, err := s.Issue(ctx, r.District, r.Person, r.Lasting)
		return issued{Token: token, Session: session}, err
	})
}
