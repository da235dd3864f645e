package api

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/homeline/homeline/hub"
)

func TestTheLogSaysWhyAStoreIsBusyAndNothingOfRefusals(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("reply: %w: %w", &hub.Error{Code: hub.CodeBusy}, errors.New("database or disk is full")), "disk is full"},
		{errors.New("broken"), "broken"},
		{&hub.Error{Code: hub.CodeSealed}, ""},
	} {
		var said bytes.Buffer
		a := &api{log: slog.New(slog.NewTextHandler(&said, nil))}
		a.refuse(httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil), test.err)
		if test.want == "" && said.Len() > 0 || !strings.Contains(said.String(), test.want) {
			t.Errorf("%v: the log has %q", test.err, said.String())
		}
	}
}
