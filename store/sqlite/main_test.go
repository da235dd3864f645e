package sqlite

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// childRole says what this binary does as a child of a test, instead of testing.
const childRole = "HOMELINE_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childRole) {
	case "hold":
		holdFile(os.Args[1])
	case "send":
		sendForEver(os.Args[1])
	default:
		// Each history is thousands of statements; -rapid.checks=100 tries more.
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
		goleak.VerifyTestMain(m)
	}
}
