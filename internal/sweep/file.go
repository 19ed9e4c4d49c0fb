package sweep

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

var errTaken = errors.New("another process is writing it")

// openLocked opens or makes a file for this process alone, until it is closed.
func openLocked(path string) (*os.File, error) {
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		taken, err := lock(file)
		if err == nil && taken {
			err = errTaken
		}
		var still bool
		if err == nil {
			still, err = isAt(file, path)
		}
		if err == nil && still {
			return file, nil
		}
		_ = file.Close() // nothing was written
		if err != nil {
			return nil, err
		}
	}
}

// isAt tells whether an open file is the one that has its name now: the process that had it locked before may have removed
// or renamed it.
func isAt(file *os.File, path string) (bool, error) {
	mine, err := file.Stat()
	if err != nil {
		return false, err
	}
	there, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(mine, there), err
}

// replaceFile writes a file under another name, makes sure that it is on the disk, and gives it its name: it is there as
// a whole or not at all.
func replaceFile(path string, write func(io.Writer) error) error {
	temp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	file, err := openLocked(temp)
	if err == nil {
		err = fill(file, write)
		if err == nil {
			err = os.Rename(temp, path)
		} else {
			_ = os.Remove(temp) // the next process would overwrite it
		}
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w; what is done is kept: make room and run the same command again", path, cause(err))
	}
	return nil
}

// fill replaces what is in a file, and makes sure that it is on the disk.
func fill(file *os.File, write func(io.Writer) error) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<16)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Sync()
}

// cause is the reason of a file error without its path, which the message has already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
