package installation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Root is the folder of the program's module: the one that holds this one's.
func Root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if exists(filepath.Join(folder, "cmd", "homeline", "main.go")) {
			return folder, nil
		}
	}
	return "", errors.New("run it inside the project's folder")
}

// Build builds the program from the tree.
func Build(ctx context.Context, root, to, tags string) error {
	build := exec.CommandContext(ctx, "go", "build", "-tags", tags, "-o", to, "./cmd/homeline")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("the program does not build: %w\n%s", err, out)
	}
	return nil
}
