package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/homeline/homeline/transport/control"
)

// dataFolder is where a node keeps what is its own: the socket that commands
// reach it by, mails, and, where there is no other database, everything.
type dataFolder struct {
	Data string `help:"The folder that holds everything, or all but the database." type:"path" default:"homeline-data" env:"HOMELINE_DATA"`
}

func (d dataFolder) database() string { return filepath.Join(d.Data, "homeline.db") }
func (d dataFolder) socket() string   { return filepath.Join(d.Data, "control.sock") }
func (d dataFolder) outbox() string   { return filepath.Join(d.Data, "outbox") }

// absent says whether there is no school in the folder.
func (d dataFolder) absent() bool {
	_, err := os.Stat(d.database())
	return errors.Is(err, os.ErrNotExist)
}

func (d dataFolder) errAbsent() error {
	return fmt.Errorf("there is no school in %s: make one with `homeline district create`, or name another folder with --data", d.Data)
}

// listen opens the socket that commands reach the node by. There is one node in a
// folder.
func (d dataFolder) listen() (net.Listener, error) {
	l, err := control.Listen(d.socket())
	if errors.Is(err, control.ErrTaken) {
		return nil, fmt.Errorf("another node runs on this folder, %s: give each its own --data", d.Data)
	}
	return l, err
}

// prepare makes the folder where there is none, and takes from everybody but its
// owner what a restored copy may have given them.
func (d dataFolder) prepare() error {
	if err := os.MkdirAll(d.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		path := d.database() + suffix
		info, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(path, 0o600)
		}
		if err != nil {
			return fmt.Errorf("keeping the database to its owner: %w", err)
		}
	}
	return nil
}
