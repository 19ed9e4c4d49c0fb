package bloom

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A tree that is full to the last key, 15 buffers at ratio 2 (8+4+2 and the buffer
// itself), has three levels; one key more starts the fourth.
func TestReadsTreeLevelsEdge(t *testing.T) {
	for keys, want := range map[float64]int{1: 1, 1500: 3, 1501: 4, 1550: 4} {
		got, err := TreeLevels(keys, 1, 100, 2)
		require.NoError(t, err)
		assert.Equal(t, want, got, "%g keys", keys)
	}
}

// A present key reads its own run, whatever that run's filter rate.
func TestReadsLatencyPresent(t *testing.T) {
	l, err := NewLatency(LatencyModel{
		Classes: []KeyClass{{Weight: 1, Rates: []float64{.1, .2, .01}}}, CacheHit: []float64{0, 0, .75}, Present: true,
		Medium: HDD(), CPU: CPU{Block: time.Millisecond},
	})
	require.NoError(t, err)
	assert.InEpsilon(t, .3*11e-3+1e-3+.25*10e-3, l.Mean(), 1e-12)
	assert.InEpsilon(t, .9*.8*.75, l.CDF(1e-3), 1e-9)
	assert.InDelta(t, 0, l.CDF(0.9e-3), 1e-12)
}

// A measured hit curve goes through its points and straight between them.
func TestReadsTableHits(t *testing.T) {
	h := TableHits{{.1, .5}, {.5, .8}}
	for share, want := range map[float64]float64{-1: 0, 0: 0, .05: .25, .1: .5, .3: .65, .5: .8, .75: .9, 1: 1, 2: 1} {
		assert.InDelta(t, want, h.Hits(share), 1e-12, "share %g", share)
	}
}
