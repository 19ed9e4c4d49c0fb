package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// write puts a text into the page, between the two comments that have its name.
func write(name, text string) error {
	path := filepath.Join(root, "BENCHMARKS.md")
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
	before, rest, found := strings.Cut(string(page), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s has no %s and %s", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n"+text+"\n"+end+after), 0o644)
}

// machine is what the numbers are of.
func machine() (string, error) {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "", err
	}
	_, model, _ := strings.Cut(string(info), "model name\t: ")
	model, _, _ = strings.Cut(model, "\n")
	return fmt.Sprintf("%d cores of an %s, %s, %s.\n", runtime.NumCPU(), model, runtime.Version(), runtime.GOARCH), nil
}
