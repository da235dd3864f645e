//go:build unix

package reserve

import (
	"math"
	"syscall"
)

// limit is how many descriptors this process may have. It may be changed while
// the process runs.
func limit() int {
	var r syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &r); err != nil || uint64(r.Cur) > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(r.Cur)
}
