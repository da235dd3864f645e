// Package static holds what the browser is given: templates, styles, icons and
// the browser client, embedded in the program. There is no build step: styles
// are the files of css/ in a fixed order, scripts are ES modules as they are, but
// for their comments.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed css icons js templates
var files embed.FS

// Stylesheet is the path under which all styles are served as one file.
const Stylesheet = "css/homeline.css"

// styles are the files of css/ in the order of the cascade.
var styles = []string{
	"tokens", "base", "layout", "controls", "messages", "inbox", "conversation", "compose", "print",
}

// Templates is the folder of the pages' templates.
func Templates() fs.FS {
	sub, err := fs.Sub(files, "templates")
	if err != nil {
		panic(fmt.Sprintf("static: the embedded folder is missing: %v", err))
	}
	return sub
}

// Assets are the files that browsers may ask for, by their path, and one
// version for all of them: a hash that changes with any of them.
func Assets() (assets map[string][]byte, version string, err error) {
	assets = map[string][]byte{}
	for _, folder := range []string{"icons", "js"} {
		if err := read(assets, folder); err != nil {
			return nil, "", err
		}
	}
	var sheet bytes.Buffer
	for _, name := range styles {
		b, err := files.ReadFile("css/" + name + ".css")
		if err != nil {
			return nil, "", fmt.Errorf("styles: %w", err)
		}
		sheet.Write(b)
	}
	assets[Stylesheet] = sheet.Bytes()
	return assets, hash(assets), nil
}

func read(assets map[string][]byte, folder string) error {
	return fs.WalkDir(files, folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := files.ReadFile(path)
		if err != nil {
			return fmt.Errorf("static files: %w", err)
		}
		if strings.HasSuffix(path, ".js") {
			b = lean(b)
		}
		assets[path] = b
		return nil
	})
}

func hash(assets map[string][]byte) string {
	paths := make([]string, 0, len(assets))
	for p := range assets {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	h := sha256.New()
	for _, p := range paths {
		fmt.Fprintf(h, "%s %d\n", p, len(assets[p]))
		h.Write(assets[p])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
