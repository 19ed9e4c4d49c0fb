package container

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The law of the latency as a whole: with one task and exponential service it is exponential, of rate 1/service - rate.
func TestLawOfLatency(t *testing.T) {
	r := simulate(t, AlwaysOn(1, 6))
	for _, at := range []float64{0.1, 0.25, 0.5, 1} {
		assert.InEpsilon(t, math.Exp(-4*at), r.Above(at), 0.1, "%g s", at)
	}
	assert.Equal(t, r.LatencyP99, r.Quantile(0.99))
	assert.Equal(t, r.LatencyMax, r.Quantile(2))
	assert.InDelta(t, 0.01, r.Above(r.Quantile(0.99)), 1e-4)
	assert.Zero(t, Result{}.Above(1)+Result{}.Quantile(0.5))
}
