// Command generate writes the demo's roster, the same every time: the cast by
// hand (cast.go), everybody else around them by a seed (fill.go).
//
//	go run ./cmd/homeline/sample/generate [folder]
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	folder := filepath.FromSlash("cmd/homeline/sample/roster")
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	if err := lincoln().write(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// lincoln is the whole district.
func lincoln() *district {
	d := newDistrict()
	d.schools()
	d.cast()
	d.fill()
	d.timetable()
	return d
}
