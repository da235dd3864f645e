//go:build !linux && !darwin

package sqlite

import "math"

func freeBytes(string) uint64 { return math.MaxUint64 }

func isFull(error) bool { return false }
