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
		claim.Relative(t, fmt.Sprintf("%g s", at), math.Exp(-4*at), r.Above(at), 0.1)
	}
	assert.Equal(t, r.LatencyP99, r.Quantile(0.99))
	assert.Equal(t, r.LatencyMax, r.Quantile(2))
	assert.InDelta(t, 0.01, r.Above(r.Quantile(0.99)), 1e-4)
	assert.Zero(t, Result{}.Above(1)+Result{}.Quantile(0.5))
}
