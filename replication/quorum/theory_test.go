package quorum

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func simulate(t *testing.T, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// The simulation of instant acknowledgements and reads is the closed form.
func TestStaleAfter(t *testing.T) {
	for _, c := range []struct {
		n, r, w int
		at      []float64 // ms at 1/ms
		stale   []float64
	}{
		{5, 2, 2, []float64{0, .5, 1.5}, []float64{.3, .11036, .01494}},
		{3, 1, 1, []float64{0, .5, 1.5}, []float64{.66667, .40435, .14875}},
		{5, 1, 3, []float64{0, .5}, []float64{.4, .24261}},
	} {
		got := simulate(t, Config{N: c.n, R: c.r, W: c.w, Latency: Propagation(1), ReadFanOut: ToQuorum, Trials: 1_000_000, Seed: 1})
		for i, at := range c.at {
			want := StaleAfter(c.n, c.r, c.w, 1000, at/1000)
			assert.InDelta(t, c.stale[i], want, 1e-5)
			p := got.PConsistent(at / 1000)
			assert.LessOrEqual(t, abs(1-p.Value-want), 4*p.StandardError, "N=%d R=%d W=%d t=%g: %g, want %g", c.n, c.r, c.w, at, 1-p.Value, want)
		}
	}
}

func abs(x float64) float64 { return max(x, -x) }
