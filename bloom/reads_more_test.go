package bloom

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A tree that is full to the last key, 15 buffers at ratio 2 (8+4+2 and the buffer
// itself), has three levels; one key more starts the fourth.
func TestReadsTreeLevelsEdge(t *testing.T) {
	full := theory("levels of a tree near full to the last key", "15 buffers fill three levels at ratio 2 and the buffer: 8 + 4 + 2 + 1", "")
	for _, c := range []struct {
		keys float64
		want int
	}{{1, 1}, {1500, 3}, {1501, 4}, {1550, 4}} {
		got := TreeLevels(c.keys, 1, 100, 2)
		full.Within(t, fmt.Sprintf("buffer of 100 keys, keys: %g", c.keys), float64(c.want), float64(got), 0)
	}
}

// A present key reads its own run, whatever that run's filter rate.
func TestReadsLatencyPresent(t *testing.T) {
	l, err := NewLatency(LatencyModel{
		Classes: []KeyClass{{Weight: 1, Rates: []float64{.1, .2, .01}}}, CacheHit: []float64{0, 0, .75}, Present: true,
		Medium: HDD(), CPU: CPU{Block: time.Millisecond},
	})
	require.NoError(t, err)
	theory("mean latency of a present key", "rates times (block + read), and its own run's block and missed read", "s").
		Relative(t, "rates 0.1 and 0.2 before its run, cached to 75 %, read 10 ms, block 1 ms", .3*11e-3+1e-3+.25*10e-3, l.Mean(), 1e-12)
	within := theory("share of lookups of a present key that end within a time", "no earlier run passes and its own block is cached", "")
	within.Relative(t, "time of a block", .9*.8*.75, l.CDF(1e-3), 1e-9)
	within.Within(t, "less than the time of a block", 0, l.CDF(0.9e-3), 1e-12)
}

// A measured hit curve goes through its points and straight between them.
func TestReadsTableHits(t *testing.T) {
	h := TableHits{{.1, .5}, {.5, .8}}
	for share, want := range map[float64]float64{-1: 0, 0: 0, .05: .25, .1: .5, .3: .65, .5: .8, .75: .9, 1: 1, 2: 1} {
		assert.InDelta(t, want, h.Hits(share), 1e-12, "share %g", share)
	}
}
