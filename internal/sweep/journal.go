package sweep

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// A journal is the file of a shard while it runs: a header and rows in the order in which they were done. What a process
// that was killed has left at its end, half a line at most, is cut off when it is opened again.
type journal struct {
	mu     sync.Mutex
	file   *os.File
	path   string
	header header
	size   int64
	rows   []place
	synced time.Time
}

// A place is where the row of a block stands.
type place struct {
	block  int
	offset int64
	length int
}

// ShardFolder is where in its folder a sweep keeps its shards.
const ShardFolder = "shards"

func shardFile(dir string, s Shard) string {
	return filepath.Join(dir, ShardFolder, fmt.Sprintf("%05d-of-%05d.jsonl", s.Number, s.Of))
}

// openJournal opens or makes the file of a shard, and takes it for this process.
func openJournal(path string, h header) (*journal, error) {
	file, err := openLocked(path)
	if errors.Is(err, errTaken) {
		return nil, fmt.Errorf("another process is working on shard %d/%d in this folder (it has locked %s)", h.Number, h.Of, path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	j := &journal{file: file, path: path, header: h, synced: time.Now()}
	if err := j.read(); err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	return j, nil
}

// read finds the rows that are whole and cuts off what follows them.
func (j *journal) read() error {
	in := bufio.NewReaderSize(j.file, 1<<16)
	for first := true; ; first = false {
		line, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("cannot read %s: %w", j.path, cause(err))
		}
		text, torn := content(line)
		if torn != nil {
			break
		}
		if first {
			err = j.check(text)
		} else {
			err = j.note(text, len(line))
		}
		if err != nil {
			return err
		}
		j.size += int64(len(line))
	}
	if err := j.file.Truncate(j.size); err != nil {
		return fmt.Errorf("cannot write %s: %w", j.path, cause(err))
	}
	if j.size > 0 {
		return nil
	}
	line, err := newLine(j.header)
	if err != nil {
		return err
	}
	return j.write(line)
}

func (j *journal) check(text []byte) error {
	h, err := readHeader(text)
	if err != nil {
		return fmt.Errorf("%s: %w; remove it to start this shard again", j.path, err)
	}
	if why := h.differs(j.header); why != "" {
		return fmt.Errorf("%s %s; go back to what it was made with, choose another folder with --out DIR, or remove %s",
			j.path, why, filepath.Dir(j.path))
	}
	return nil
}

func (j *journal) note(text []byte, length int) error {
	r, err := readRow(text, j.header.Grid)
	if err != nil {
		return fmt.Errorf("%s: %w; remove it to start this shard again", j.path, err)
	}
	j.rows = append(j.rows, place{r.Block, j.size, length})
	return nil
}

// add keeps a row.
func (j *journal) add(r row) error {
	line, err := newLine(r)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	at := j.size
	if err := j.write(line); err != nil {
		return err
	}
	j.rows = append(j.rows, place{r.Block, at, len(line)})
	return nil
}

// write appends a line, or leaves the file as it was.
func (j *journal) write(line []byte) error {
	if _, err := j.file.WriteAt(line, j.size); err != nil {
		_ = j.file.Truncate(j.size) // if that fails too, the next process cuts the line off
		return fmt.Errorf("cannot write %s: %w; what is done is kept: make room and run the same command again", j.path, cause(err))
	}
	j.size += int64(len(line))
	if now := time.Now(); now.Sub(j.synced) > time.Second {
		j.synced = now
		return j.sync()
	}
	return nil
}

func (j *journal) sync() error {
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("cannot write %s: %w", j.path, cause(err))
	}
	return nil
}

// close gives the file free, for a process that goes on later.
func (j *journal) close() error { return errors.Join(j.sync(), j.file.Close()) }

// finish writes all rows in the order of their blocks, with a footer, under another name, gives that its final one, and
// removes the journal. The file is still locked meanwhile.
func (j *journal) finish(final string) error {
	slices.SortFunc(j.rows, func(a, b place) int { return cmp.Compare(a.block, b.block) })
	err := replaceFile(final, func(w io.Writer) error {
		sum := sha256.New()
		out := io.MultiWriter(w, sum)
		first, err := newLine(j.header)
		if err != nil {
			return err
		}
		if _, err := out.Write(first); err != nil {
			return err
		}
		var line []byte
		for _, r := range j.rows {
			line = slices.Grow(line[:0], r.length)[:r.length]
			if _, err := j.file.ReadAt(line, r.offset); err != nil {
				return err
			}
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
		rows := len(j.rows)
		last, err := newLine(footer{&rows, hex.EncodeToString(sum.Sum(nil))})
		if err != nil {
			return err
		}
		_, err = w.Write(last)
		return err
	})
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(j.path), j.file.Close())
}
