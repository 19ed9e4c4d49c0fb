package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
)

// The lines of a shard's file are JSON, each with a checksum of what it holds:
//
//	{"crc":"1a2b3c4d","line":{...}}
//
// The first line is a header, the last one of a finished file a footer, and those between are rows.

// A header says which work a file holds.
type header struct {
	Format  int    `json:"sweep"` // of the file
	Hash    string `json:"grid_hash"`
	Version string `json:"version"` // of the program
	Number  int    `json:"shard"`
	Of      int    `json:"of"`
	Grid    *Grid  `json:"grid"`
}

const fileFormat = 1

// A row is a block that is done.
type row struct {
	Block   int      `json:"block"`
	Tallies []*Tally `json:"tallies"` // one for each measure
}

// A footer says that a file is whole.
type footer struct {
	Rows   *int   `json:"rows"`
	SHA256 string `json:"sha256"` // of all lines before
}

const (
	lineStart = `{"crc":"`
	lineSum   = `","line":`
	lineHead  = len(lineStart) + 8 + len(lineSum)
)

func newLine(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	line := make([]byte, 0, lineHead+len(text)+2)
	line = fmt.Appendf(line, "%s%08x%s", lineStart, crc32.ChecksumIEEE(text), lineSum)
	return append(append(line, text...), "}\n"...), nil
}

var errTorn = errors.New("a line is torn or has been changed")

// content is what a line holds, if its checksum is right.
func content(line []byte) ([]byte, error) {
	if len(line) < lineHead+2 || !strings.HasSuffix(string(line[len(line)-2:]), "}\n") {
		return nil, errTorn
	}
	text := line[lineHead : len(line)-2]
	if string(line[:lineHead]) != fmt.Sprintf("%s%08x%s", lineStart, crc32.ChecksumIEEE(text), lineSum) {
		return nil, errTorn
	}
	return text, nil
}

// readRow reads a row; it must have a tally for each measure, of the right number of runs.
func readRow(text []byte, g *Grid) (row, error) {
	var r row
	if err := json.Unmarshal(text, &r); err != nil {
		return r, err
	}
	if r.Block < 0 || r.Block >= g.Blocks() || len(r.Tallies) != len(g.Measures) {
		return r, fmt.Errorf("a row of block %d with %d numbers is not of this grid", r.Block, len(r.Tallies))
	}
	b := g.block(r.Block)
	for _, t := range r.Tallies {
		if t == nil || t.Count+t.Missing != uint64(b.to-b.from) {
			return r, fmt.Errorf("block %d has not the runs of this grid", r.Block)
		}
	}
	return r, nil
}

func newHeader(g *Grid, s Shard, version string) (header, error) {
	hash, err := g.Hash()
	return header{fileFormat, hash, version, s.Number, s.Of, g}, err
}

func readHeader(text []byte) (header, error) {
	var h header
	if err := json.Unmarshal(text, &h); err != nil || h.Grid == nil {
		return h, errors.New("it has no header")
	}
	if h.Format != fileFormat {
		return h, fmt.Errorf("it has format %d, and this program reads %d", h.Format, fileFormat)
	}
	hash, err := h.Grid.Hash()
	if err != nil || hash != h.Hash || h.Grid.Runs < 1 || h.Grid.Cells() < 1 {
		return h, errors.New("its header has been changed")
	}
	return h, nil
}

// differs says what keeps work of a header from being continued by, or merged with, that of another; empty if nothing.
func (h header) differs(want header) string {
	switch {
	case h.Hash != want.Hash:
		return "is of another sweep: " + h.Grid.differs(want.Grid)
	case h.Version != want.Version:
		return fmt.Sprintf("was made by another version of the program, %s; this is %s", h.Version, want.Version)
	case h.Number != want.Number || h.Of != want.Of:
		return fmt.Sprintf("holds shard %d/%d", h.Number, h.Of)
	}
	return ""
}

// differs says in what two grids differ.
func (g *Grid) differs(want *Grid) string {
	say := func(what string, here, there any) string {
		return fmt.Sprintf("%s is %v there, %v here", what, here, there)
	}
	names := func(g *Grid) (list []string) {
		for _, a := range g.Axes {
			list = append(list, a.Name)
		}
		return list
	}
	switch {
	case g.Model != want.Model:
		return say("model", g.Model, want.Model)
	case g.Runs != want.Runs:
		return say("runs", g.Runs, want.Runs)
	case g.Seed != want.Seed:
		return say("seed", g.Seed, want.Seed)
	case !slices.Equal(g.Measures, want.Measures):
		return say("measure", g.Measures, want.Measures)
	case !slices.Equal(names(g), names(want)):
		return say("the list of swept fields", names(g), names(want))
	}
	for i, a := range g.Axes {
		if here, there := fmt.Sprintf("%s", a.Values), fmt.Sprintf("%s", want.Axes[i].Values); here != there {
			return say(a.Name, shortened(here), shortened(there))
		}
	}
	return "config differs"
}

func shortened(text string) string {
	if len(text) > 60 {
		return text[:57] + "..."
	}
	return text
}
