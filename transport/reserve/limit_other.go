//go:build !unix

package reserve

import "math"

func limit() int { return math.MaxInt32 }
