package hub_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/homeline/homeline/"

// TestImportsPointInwards holds the layout: cmd → transport, store → hub.
func TestImportsPointInwards(t *testing.T) {
	allowed := map[string][]string{ // what the files of a folder may import of ours
		"hub":       {"hub"},
		"store":     {"hub", "store"},
		"transport": {"hub", "transport", "static"},
		"static":    {"hub", "static"},
	}
	seen := 0
	for folder, may := range allowed {
		for file, imports := range importsOf(t, filepath.Join("..", folder)) {
			seen++
			if strings.HasSuffix(filepath.Dir(file), "test") {
				continue // what only tests use may wire
			}
			for _, path := range imports {
				if !begins(path, may) {
					t.Errorf("%s imports %s; %s may import only %v", file, path, folder, may)
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// TestTheHubKnowsNoDatabaseAndNoNetwork holds what hub may import of others.
func TestTheHubKnowsNoDatabaseAndNoNetwork(t *testing.T) {
	for file, imports := range allImports(t, ".") {
		for _, path := range imports {
			if path == "net" || strings.HasPrefix(path, "net/http") || strings.HasPrefix(path, "database/") ||
				path == "html/template" || strings.Contains(path, "websocket") || strings.Contains(path, "sqlite") {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}

func begins(path string, folders []string) bool {
	for _, f := range folders {
		if rest, ok := strings.CutPrefix(path, module+f); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// importsOf are the imports of our own packages by the files below a folder,
// tests left out.
func importsOf(t *testing.T, folder string) map[string][]string {
	ours := map[string][]string{}
	for file, imports := range allImports(t, folder) {
		ours[file] = nil
		for _, path := range imports {
			if strings.HasPrefix(path, module) {
				ours[file] = append(ours[file], path)
			}
		}
	}
	return ours
}

func allImports(t *testing.T, folder string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[path] = nil
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[path] = append(found[path], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
