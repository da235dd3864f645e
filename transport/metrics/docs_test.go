package metrics

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/homeline/homeline/hub/live"
	"github.com/homeline/homeline/hub/notify"
	"github.com/homeline/homeline/hub/replymail"
)

// What is alerted on has to be there, and what is there is worth a word.
func TestTheManualNamesEveryMetricAndNoOther(t *testing.T) {
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(manual), "\n## Metrics\n")
	if !found {
		t.Fatal("docs/operating.md has no section on metrics")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	named := map[string]bool{}
	for _, name := range regexp.MustCompile(`homeline_[a-z_]+[a-z]`).FindAllString(section, -1) {
		named[name] = true
	}
	delete(named, "homeline_commit_seconds_bucket") // a series of a histogram, in an expression

	m := New()
	m.Node(func() live.Stats { return live.Stats{} })
	m.Mail(func() notify.Stats { return notify.Stats{} }, func(context.Context, time.Time) (notify.Status, error) {
		return notify.Status{}, nil
	}, time.Now)
	m.Replies(func(replymail.Outcome) int64 { return 0 })
	all := make(chan *prometheus.Desc)
	go func() {
		m.registry.Describe(all)
		close(all)
	}()
	there := map[string]bool{}
	for d := range all {
		if name := regexp.MustCompile(`homeline_[a-z_]+`).FindString(d.String()); name != "" {
			there[name] = true
		}
	}
	for name := range there {
		if !named[name] {
			t.Errorf("docs/operating.md does not name %s", name)
		}
	}
	for name := range named {
		if !there[name] {
			t.Errorf("docs/operating.md names %s, which is not there", name)
		}
	}
}
