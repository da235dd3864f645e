package main

import (
	"runtime/debug"
)

type version struct{}

// Run prints what the program was built from.
func (version) Run(c console) error {
	c.printf("homeline %s\n", buildVersion())
	return nil
}

// buildVersion is the module's version, or the commit that it was built from.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	said := info.Main.Version + " " + info.GoVersion
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			said += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return said
}
