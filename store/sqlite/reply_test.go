package sqlite

import (
	"testing"

	"github.com/homeline/homeline/store/storetest"
)

func TestReplies(t *testing.T) {
	storetest.Replies(t, func(t *testing.T) storetest.ReplyStore { return openTemp(t) })
}
