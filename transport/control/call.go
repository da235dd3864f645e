package control

import (
	"time"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/identity"
	"github.com/homeline/homeline/hub/roster"
)

// The requests: a POST of JSON to /NAME, answered with JSON, or with a failure
// and another status than 200. State's answer and ApplyRoster's request come in
// pieces (pieces.go).
const (
	callDistricts      = "districts"
	callCreateDistrict = "create-district"
	callSaveDistrict   = "save-district"
	callState          = "state"
	callWouldSeal      = "would-seal"
	callAccounts       = "accounts"
	callApplyRoster    = "apply-roster"
	callPerson         = "person"
	callPeople         = "people"
	callFacts          = "facts"
	callBar            = "bar"
	callUnbar          = "unbar"
	callBars           = "bars"
	callHomeLanguages  = "home-languages"
	callGrant          = "grant"
	callRevoke         = "revoke"
	callGrants         = "grants"
	callEntries        = "entries"
	callConfirmHolder  = "confirm-holder"
	callResetAddress   = "reset-address"
	callIssue          = "issue"
	callMailStatus     = "mail-status"
)

// request holds what the calls ask with; each fills what it needs.
type request struct {
	District  uuid.UUID                     `json:"district,omitzero"`
	New       *roster.District              `json:"new,omitempty"`
	Ended     []roster.SnapshotGuardianship `json:"ended,omitempty"`
	SourcedID string                        `json:"sourced_id,omitempty"`
	People    []uuid.UUID                   `json:"people,omitempty"`
	Now       time.Time                     `json:"now,omitzero"`
	Bar       *roster.Bar                   `json:"bar,omitempty"`
	Languages []identity.HomeLanguage       `json:"languages,omitempty"`
	Grant     *roster.Grant                 `json:"grant,omitempty"`
	By        string                        `json:"by,omitempty"`
	Kind      roster.Kind                   `json:"kind,omitempty"`
	IDs       []uuid.UUID                   `json:"ids,omitempty"`
	Sourced   []string                      `json:"sourced_ids,omitempty"`
	Address   string                        `json:"address,omitempty"`
	Person    uuid.UUID                     `json:"person,omitzero"`
	Lasting   time.Duration                 `json:"lasting,omitempty"`
}

// issued is the answer to callIssue.
type issued struct {
	Token   string
	Session identity.Session
}

// nothing is the answer of calls that only do something.
type nothing struct{}
