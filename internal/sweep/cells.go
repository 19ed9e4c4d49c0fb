package sweep

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// Cells calls do for each cell in order, with a tally for each measure. The memory that it takes does not depend on the
// number of shards, nor from some size on that of cells: it goes through all files once for every 20,000 cells.
func (m *Merged) Cells(do func(cell int, tallies []*Tally) error) error {
	for i := range m.files {
		m.files[i].offset = 0
	}
	for from := 0; from < m.Grid.Cells(); from += m.chunk {
		to := min(from+m.chunk, m.Grid.Cells())
		tallies := make([][]*Tally, to-from)
		for i := range m.files {
			if err := m.collect(&m.files[i], from, to, tallies); err != nil {
				return fmt.Errorf("shard %v: %w", m.files[i].Shard, err)
			}
		}
		for i, t := range tallies {
			if t == nil {
				return fmt.Errorf("cell %s is in no shard", m.Describe(from+i))
			}
			if err := do(from+i, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// collect adds the rows of the cells from..to-1 that a shard has.
func (m *Merged) collect(s *shard, from, to int, tallies [][]*Tally) error {
	file, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Seek(s.offset, io.SeekStart); err != nil {
		return err
	}
	in := bufio.NewReaderSize(file, 1<<16)
	previous := -1
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil // its end has been seen by verify
		}
		if err != nil {
			return err
		}
		text, err := content(line)
		if err != nil {
			return err
		}
		if !isRow(text) {
			s.offset += int64(len(line))
			continue
		}
		r, err := readRow(text, &m.Grid)
		if err != nil {
			return err
		}
		b := m.block(r.Block)
		if b.cell >= to {
			return nil
		}
		if b.cell < from || r.Block <= previous || !m.owns(s.Shard, r.Block) {
			return fmt.Errorf("block %d does not belong there", r.Block)
		}
		previous = r.Block
		s.offset += int64(len(line))
		merge(&tallies[b.cell-from], r.Tallies)
	}
}

// isRow tells a row from a header or a footer.
func isRow(text []byte) bool {
	const start = `{"block":`
	return len(text) > len(start) && string(text[:len(start)]) == start
}

func (m *Merged) owns(s Shard, block int) bool {
	from, to := s.blocks(&m.Grid)
	k := m.order.place(block)
	return k >= from && k < to
}

func merge(into *[]*Tally, tallies []*Tally) {
	if *into == nil {
		*into = tallies
		return
	}
	for i, t := range tallies {
		(*into)[i].Merge(t)
	}
}
