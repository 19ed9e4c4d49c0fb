package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"math/bits"
)

// A Grid is all that fixes the numbers of a sweep, as plain data: two sweeps with the same grid have the same cells, do the
// work in the same order and use the same seeds.
type Grid struct {
	Model    string          `json:"model"`
	Config   json.RawMessage `json:"config"` // of every cell, before the swept fields are set
	Axes     []Axis          `json:"axes"`   // the last one changes fastest
	Runs     int             `json:"runs"`   // of each cell
	Seed     uint64          `json:"seed"`
	Measures []string        `json:"measures"`
}

// An Axis is a swept field, or a variable that stands in texts, with its values.
type Axis struct {
	Name   string            `json:"name"`
	Log    bool              `json:"log,omitempty"` // the values are spread evenly in the logarithm
	Values []json.RawMessage `json:"values"`
}

const (
	mostCells  = 10_000_000
	mostBlocks = 1024 // of the runs of a sweep of few cells
)

// Cells is the number of cells.
func (g *Grid) Cells() int {
	n := 1
	for _, a := range g.Axes {
		n *= len(a.Values)
	}
	return n
}

// Place is the index of a cell's value on each axis.
func (g *Grid) Place(cell int) []int {
	place := make([]int, len(g.Axes))
	for i := len(g.Axes) - 1; i >= 0; i-- {
		n := len(g.Axes[i].Values)
		place[i] = cell % n
		cell /= n
	}
	return place
}

// Hash names the grid; any change of it changes the hash.
func (g *Grid) Hash() (string, error) {
	text, err := json.Marshal(g)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

// parts is into how many blocks the runs of a cell are split: one, unless there are few cells, so that also a sweep of few
// cells and many runs keeps many processors busy and loses little when it is stopped.
func (g *Grid) parts() int {
	cells := g.Cells()
	return min(g.Runs, max(1, (mostBlocks+cells-1)/cells))
}

// A block is the piece of work that is done and kept as one: a cell's runs, or a part of them. Block b belongs to cell
// b / parts.
type block struct {
	index, cell, from, to int // runs from..to-1
}

// Blocks is the number of blocks.
func (g *Grid) Blocks() int { return g.Cells() * g.parts() }

func (g *Grid) block(index int) block {
	parts := g.parts()
	part := index % parts
	return block{index, index / parts, part * g.Runs / parts, (part + 1) * g.Runs / parts}
}

// An order is a permutation of n blocks, k -> k step mod n, in which neighbours are far apart. Cells that take long stand
// side by side in the grid: in this order every shard gets its share of them, and the time that the rest will take can be
// told from that of those done.
type order struct{ n, step, back uint64 }

func (g *Grid) order() order {
	n := uint64(g.Blocks())
	step := max(1, uint64(float64(n)*0.6180339887498949)) // the golden ratio: multiples of it spread evenly
	for gcd(step, n) != 1 {
		step++
	}
	back := new(big.Int).ModInverse(new(big.Int).SetUint64(step), new(big.Int).SetUint64(n))
	return order{n, step, back.Uint64()}
}

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// at is the block at place k, place the reverse.
func (o order) at(k int) int        { return int(product(uint64(k), o.step, o.n)) }
func (o order) place(block int) int { return int(product(uint64(block), o.back, o.n)) }
func product(a, b, n uint64) uint64 { // a b mod n
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, n)
}
