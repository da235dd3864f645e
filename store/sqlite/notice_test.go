package sqlite

import (
	"testing"

	"github.com/homeline/homeline/store/storetest"
)

func TestNotices(t *testing.T) {
	storetest.Notices(t, func(t *testing.T) storetest.NoticeStore { return openTemp(t) })
}
