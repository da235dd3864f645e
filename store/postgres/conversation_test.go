package postgres

import (
	"testing"

	"github.com/homeline/homeline/store/storetest"
)

func TestConversations(t *testing.T) {
	storetest.Conversations(t, func(t *testing.T) storetest.Store { return openTemp(t) })
}
