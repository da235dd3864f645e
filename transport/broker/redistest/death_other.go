//go:build !linux

package redistest

import "os/exec"

// dieWithParent is for systems that cannot: there the server stays behind a test
// that was killed.
func dieWithParent(*exec.Cmd) {}
