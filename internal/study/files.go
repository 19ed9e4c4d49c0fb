package study

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// A File is a file to be written: its name inside the folder, perhaps with subfolders, and all its bytes.
type File struct {
	Name string
	Data []byte
}

// MakeFolder makes a folder with its parents. The topmost folder that did not exist before gets a .gitignore, so that
// results do not show up as changes of a checkout. undo removes again what was made, if nothing else has come into it.
func MakeFolder(dir string) (undo func(), err error) {
	top := ""
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		top = at
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("cannot make the folder %s: %w; choose another one with --out DIR", dir, reason(err))
	}
	if top == "" {
		return func() {}, nil
	}
	undo = func() { removeFolders(dir, top) }
	return undo, WriteFiles(top, []File{{".gitignore", []byte("*\n")}})
}

// removeFolders removes dir and its parents up to top, as far as nothing but top's .gitignore is in them.
func removeFolders(dir, top string) {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if entries, err := os.ReadDir(at); at == top && err == nil && len(entries) == 1 {
			_ = os.Remove(filepath.Join(at, ".gitignore"))
		}
		if err := os.Remove(at); err != nil || at == top {
			return
		}
	}
}

// WriteFiles writes files into a folder: first all of them under temporary names, then it renames them. A file is
// therefore there as a whole or not at all, an older version is only replaced by a complete new one, and one that
// cannot be written leaves all of them as they were. Files that have the right content already are not touched.
func WriteFiles(dir string, files []File) (err error) {
	temps := make([]string, len(files))
	defer func() {
		for _, temp := range temps {
			if err != nil && temp != "" {
				err = errors.Join(err, ignoreMissing(os.Remove(temp)))
			}
		}
	}()
	for i, f := range files {
		path := filepath.Join(dir, f.Name)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, f.Data) {
			continue
		}
		temps[i] = filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+strconv.Itoa(os.Getpid())+".tmp")
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		if err == nil {
			err = os.WriteFile(temps[i], f.Data, 0o666)
		}
		if err != nil {
			return fmt.Errorf("cannot write %s: %w; choose another folder with --out DIR", path, reason(err))
		}
	}
	for i, f := range files {
		if temps[i] == "" {
			continue
		}
		path := filepath.Join(dir, f.Name)
		if err := os.Rename(temps[i], path); err != nil {
			return fmt.Errorf("cannot write %s: %w", path, reason(err))
		}
		temps[i] = ""
	}
	return nil
}

// reason is the cause of a file error without the names of paths that the user never chose.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
