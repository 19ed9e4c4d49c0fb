package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// version names what computes the numbers: the module's version, the compiler's and the architecture. A program that was
// built without a version, or from changed files, is known by the checksum of its own file.
func version() (string, error) {
	name := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		name = info.Main.Version
	}
	if name == "" || name == "(devel)" || strings.Contains(name, "dirty") {
		sum, err := checksum()
		if err != nil {
			return "", fmt.Errorf("cannot tell the version of this program: %w", err)
		}
		name = "devel-" + sum
	}
	return name + " " + runtime.Version() + " " + runtime.GOARCH, nil
}

func checksum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), nil
}
