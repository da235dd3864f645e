//go:build linux || darwin

package sqlite

import (
	"errors"
	"math"
	"syscall"
)

// freeBytes is how much a folder's file system has left; what cannot be known is
// much.
func freeBytes(folder string) uint64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return math.MaxUint64
	}
	return uint64(s.Bavail) * uint64(s.Bsize)
}

// isFull says whether the system refused for want of room.
func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
