package container

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/internal/validation"
)

// The law of the latency as a whole: with one task and exponential service it is exponential, of rate 1/service - rate.
func TestLawOfLatency(t *testing.T) {
	r := simulate(t, AlwaysOn(1, 6))
	claim := validation.Claim{Kind: validation.Theory, Name: "share of requests slower than a time in M/M/1, 6/s of 0.1 s", Source: "exp(-(10 - 6) time)"}
	for _, at := range []float64{0.1, 0.25, 0.5, 1} {
		claim.Relative(t, fmt.Sprintf("%g s", at), math.Exp(-4*at), r.LatencyAbove(at), 0.1)
	}
	assert.Equal(t, r.LatencyP99, r.LatencyQuantile(0.99))
	assert.Equal(t, r.LatencyMax, r.LatencyQuantile(2))
	assert.InDelta(t, 0.01, r.LatencyAbove(r.LatencyQuantile(0.99)), 1e-4)
	assert.Zero(t, Result{}.LatencyAbove(1)+Result{}.LatencyQuantile(0.5))
}
