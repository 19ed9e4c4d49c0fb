package study

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// A File is a file to be written: its name inside the folder, perhaps with subfolders, and all its bytes.
type File struct {
	Name string
	Data []byte
}

// MakeFolder makes a folder with its parents. The topmost folder that did not exist before gets a .gitignore, so that
// results do not show up as changes of a checkout. undo removes again what was made, if nothing else has come into it;
// after an error that has been done.
func MakeFolder(dir string) (undo func(), err error) {
	top, err := makeFolders(dir)
	undo = func() { removeFolders(dir, top) }
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot make the folder %s: %w; choose another one with --out DIR", dir, reason(err))
	case top == "":
		return func() {}, nil
	}
	if err := WriteFiles(top, []File{{".gitignore", []byte("*\n")}}); err != nil {
		undo()
		return nil, err
	}
	return undo, nil
}

// makeFolders makes a folder with its parents, or nothing at all. top is the topmost one that did not exist before,
// and empty if there was none.
func makeFolders(dir string) (top string, err error) {
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		top = at
	}
	err = os.MkdirAll(dir, 0o777)
	if err != nil {
		removeFolders(dir, top)
	}
	return top, err
}

// removeFolders removes dir and its parents up to top, as far as nothing but top's .gitignore is in them.
func removeFolders(dir, top string) {
	if top == "" {
		return
	}
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if entries, err := os.ReadDir(at); at == top && err == nil && len(entries) == 1 {
			_ = os.Remove(filepath.Join(at, ".gitignore"))
		}
		_ = os.Remove(at) // a folder that holds something stays
		if at == top {
			return
		}
	}
}

// WriteFiles writes files into a folder: first all of them under temporary names, then it renames them. A file is
// therefore there as a whole or not at all, an older version is only replaced by a complete new one, and one that
// cannot be written leaves all of them as they were. Files that have the right content already are not touched.
func WriteFiles(dir string, files []File) (err error) {
	temps := make([]string, len(files))
	var undo []func()
	defer func() {
		for _, temp := range temps {
			if err != nil && temp != "" {
				err = errors.Join(err, ignoreMissing(os.Remove(temp)))
			}
		}
		for _, f := range slices.Backward(undo) {
			if err != nil {
				f()
			}
		}
	}()
	for i, f := range files {
		path := filepath.Join(dir, f.Name)
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, f.Data) {
			continue
		}
		parent := filepath.Dir(path)
		top, err := makeFolders(parent)
		undo = append(undo, func() { removeFolders(parent, top) })
		if err == nil {
			temps[i], err = writeTemp(path, f.Data)
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

// writeTemp writes the bytes to a temporary file beside path. Its name is returned if it may exist, also with an error.
func writeTemp(path string, data []byte) (temp string, err error) {
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		return "", errors.New("there is a folder of that name")
	}
	temp = filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+strconv.Itoa(os.Getpid())+".tmp")
	file, err := os.Create(temp)
	if err != nil {
		return "", err
	}
	_, err = file.Write(data)
	return temp, errors.Join(err, file.Close())
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
