package sweep

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Merged are all shards of a sweep together.
type Merged struct {
	Grid
	Version string // of the program that made them

	files []shard // by number
	chunk int     // cells that are held at a time
	order order
}

// A shard is its file, and how far it has been read.
type shard struct {
	Shard
	path   string
	part   bool // it is not finished
	offset int64
}

// Merge opens the shards in a folder. All must be there, whole, of one sweep and of one version of the program; else the
// error names those that are not.
func Merge(dir string) (*Merged, error) {
	files, err := shardFiles(dir)
	if err != nil {
		return nil, err
	}
	m := &Merged{chunk: 20_000}
	var lost []string
	done := map[Shard]bool{}
	for _, f := range files {
		done[f.Shard] = done[f.Shard] || !f.part
		if f.Of != files[0].Of {
			return nil, fmt.Errorf("%s: shards of %d and of %d: these are two sweeps; remove one of them",
				filepath.Join(dir, ShardFolder), files[0].Of, f.Of)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: there are no shards", filepath.Join(dir, ShardFolder))
	}
	if missing := missing(files[0].Of, done); missing != "" {
		lost = append(lost, missing)
	}
	var first header
	for _, f := range files {
		if f.part {
			continue
		}
		h, err := verify(f.path)
		if err == nil && first.Grid == nil {
			first = h
		}
		h.Number = first.Number
		if err != nil {
			lost = append(lost, fmt.Sprintf("shard %v: %v", f.Shard, err))
		} else if why := h.differs(first); why != "" {
			lost = append(lost, fmt.Sprintf("shard %v %s (compared with shard %d)", f.Shard, why, first.Number))
		}
		m.files = append(m.files, f)
	}
	if len(lost) > 0 {
		return nil, fmt.Errorf("%s cannot be merged:\n%s", filepath.Join(dir, ShardFolder), strings.Join(shortList(lost), "\n"))
	}
	m.Grid, m.Version, m.order = *first.Grid, first.Version, first.Grid.order()
	return m, nil
}

func shortList(lines []string) []string {
	const most = 20
	if len(lines) > most {
		return append(slices.Clone(lines[:most]), fmt.Sprintf("and %d more", len(lines)-most))
	}
	return lines
}

// missing names the shards that are not done: 4, 7-9 of 200.
func missing(of int, done map[Shard]bool) string {
	var spans []string
	for n := 1; n <= of; n++ {
		from := n
		for n <= of && !done[Shard{n, of}] {
			n++
		}
		if n-from == 1 {
			spans = append(spans, fmt.Sprint(from))
		} else if n > from {
			spans = append(spans, fmt.Sprintf("%d-%d", from, n-1))
		}
	}
	if len(spans) == 0 {
		return ""
	}
	return fmt.Sprintf("missing or not finished: shard %s of %d", strings.Join(shortList(spans), ", "), of)
}

// shardFiles are the files of shards in a folder, by number; other files are left alone.
func shardFiles(dir string) ([]shard, error) {
	folder := filepath.Join(dir, ShardFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot read the folder %s: %w", folder, cause(err))
	}
	var files []shard
	for _, e := range entries {
		name, part := strings.CutSuffix(e.Name(), ".part")
		var s Shard
		if _, err := fmt.Sscanf(name, "%05d-of-%05d.jsonl", &s.Number, &s.Of); err == nil && filepath.Base(shardFile(dir, s)) == name {
			files = append(files, shard{Shard: s, path: filepath.Join(folder, e.Name()), part: part})
		}
	}
	return files, nil
}

func firstHeader(path string) (header, error) {
	file, err := os.Open(path)
	if err != nil {
		return header{}, err
	}
	defer file.Close()
	line, err := bufio.NewReader(file).ReadBytes('\n')
	if err != nil {
		return header{}, err
	}
	text, err := content(line)
	if err != nil {
		return header{}, err
	}
	return readHeader(text)
}

// verify reads a finished file and checks that it is whole: its name, header, checksum and number of rows.
func verify(path string) (header, error) {
	file, err := os.Open(path)
	if err != nil {
		return header{}, err
	}
	defer file.Close()
	sum, in := sha256.New(), bufio.NewReaderSize(file, 1<<16)
	var h header
	var last footer
	lines := 0
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if last.Rows != nil {
			return h, errors.New("something stands behind its end")
		}
		isFooter := bytes.HasPrefix(line[min(lineHead, len(line)):], []byte(`{"rows":`))
		text := []byte(nil)
		if lines == 0 || isFooter {
			if text, err = content(line); err != nil {
				return h, fmt.Errorf("torn in line %d", lines+1)
			}
		}
		switch {
		case lines == 0:
			if h, err = readHeader(text); err != nil {
				return h, err
			}
		case isFooter:
			if err := json.Unmarshal(text, &last); err != nil {
				return h, err
			}
			continue
		}
		lines++
		sum.Write(line)
	}
	return h, checkEnd(path, h, last, lines-1, hex.EncodeToString(sum.Sum(nil)))
}

func checkEnd(path string, h header, end footer, rows int, sum string) error {
	s := Shard{h.Number, h.Of}
	switch {
	case h.Grid == nil:
		return errors.New("torn: it is empty")
	case end.Rows == nil:
		return fmt.Errorf("torn: it has no end after %d rows", rows)
	case end.SHA256 != sum || *end.Rows != rows:
		return fmt.Errorf("torn or changed: its checksum is wrong (%d rows)", rows)
	case filepath.Base(shardFile("", s)) != filepath.Base(path):
		return fmt.Errorf("it holds shard %v", s)
	}
	if from, to := s.blocks(h.Grid); rows != to-from {
		return fmt.Errorf("it has %d rows of %d", rows, to-from)
	}
	return nil
}
