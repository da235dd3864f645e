package memory_test

import (
	"testing"

	"github.com/homeline/homeline/store/memory"
	"github.com/homeline/homeline/store/storetest"
)

func TestConversations(t *testing.T) {
	storetest.Conversations(t, func(*testing.T) storetest.Store { return memory.New() })
}

func TestAccess(t *testing.T) {
	storetest.Access(t, func(*testing.T) storetest.AccessStore { return memory.New() })
}

func TestNotices(t *testing.T) {
	storetest.Notices(t, func(*testing.T) storetest.NoticeStore { return memory.New() })
}
