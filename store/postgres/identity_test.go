package postgres

import (
	"testing"

	"github.com/homeline/homeline/store/storetest"
)

func TestIdentity(t *testing.T) {
	storetest.Identity(t, func(t *testing.T) storetest.IdentityStore { return openTemp(t) })
}
