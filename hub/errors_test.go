package hub_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/homeline/homeline/hub"
)

func TestWhatIsNoAnswerByARuleHasFailed(t *testing.T) {
	full := errors.New("database or disk is full")
	for err, want := range map[error]bool{
		nil:                      false,
		full:                     true,
		context.DeadlineExceeded: true,
		fmt.Errorf("%w: %w", &hub.Error{Code: hub.CodeBusy}, full): true,
		fmt.Errorf("reply: %w", hub.ErrNotFound):                   false,
		&hub.Error{Code: hub.CodeSealed}:                           false,
		&hub.Error{Code: hub.CodeRateLimited}:                      false,
	} {
		if hub.Failed(err) != want {
			t.Errorf("%v: failed is not %t", err, want)
		}
	}
}
