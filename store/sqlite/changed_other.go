//go:build !linux

package sqlite

import (
	"os"
	"time"
)

func changedAt(info os.FileInfo) time.Time { return info.ModTime() }
