package storetest

import (
	"testing"

	"github.com/homeline/homeline/hub/roster"
)

// Roster is what every roster.Store must do. open gives an empty one.
func Roster(t *testing.T, open func(*testing.T) roster.Store) {
	for name, test := range map[string]func(*testing.T, roster.Store){
		"districts are kept with their settings":  districtsAreKept,
		"a slug is used once":                     aSlugIsUsedOnce,
		"saving a district raises its version":    savingRaisesTheVersion,
		"what was applied is the state":           whatWasAppliedIsTheState,
		"applying the same again changes nothing": applyingAgainChangesNothing,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}
