package memory_test

import (
	"testing"

	"github.com/homeline/homeline/store/memory"
	"github.com/homeline/homeline/store/storetest"
)

func TestConversations(t *testing.T) {
	storetest.Conversations(t, func(*testing.T) storetest.Store { return memory.New() })
}
