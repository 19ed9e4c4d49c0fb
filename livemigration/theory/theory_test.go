package theory

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/internal/validation"
)

// Sizes in bytes and rates in bytes/s.
const (
	MiB = 1 << 20
	GiB = 1 << 30
	MB  = 1e6
)

func TestMain(m *testing.M) { validation.Main(m) }

// computed is a claim about a closed form or an exact computation.
func computed(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

func TestGeometricSeriesEdges(t *testing.T) {
	g, ok := GeometricSeries(8*GiB, 125*MB, 0, 0.3)
	assert.True(t, ok)
	assert.Equal(t, Geometric{Rounds: 1, Sent: 8 * GiB, Total: 8 * GiB / (125 * MB)}, g)
	_, ok = GeometricSeries(8*GiB, 125*MB, 125*MB, 0.3)
	assert.False(t, ok)
	g, ok = GeometricSeries(MiB, 125*MB, 500*MB, 0.3)
	assert.True(t, ok, "what fits the limit needs no live round")
	assert.Zero(t, g.Rounds)
}

func TestLambertW(t *testing.T) {
	lambert := computed("Lambert's W", "W0(w e^w) = w for w >= -1", "")
	for _, w := range []float64{-0.9999, -0.9, -0.5, -0.1, -1e-9, 0, 1e-9, 0.5, 1, 3, 10} {
		lambert.Within(t, fmt.Sprint("w = ", w), w, lambertW(w*math.Exp(w)), 1e-9*math.Max(1, 1/(1+w)))
	}
	assert.True(t, math.IsNaN(lambertW(-0.5)))
	assert.True(t, math.IsNaN(lambertW(math.NaN())))
	lambert.Within(t, "w = -1, the branch point", -1, lambertW(-1/math.E), 1e-7)
}

func TestMirrorSeconds(t *testing.T) {
	mirror := computed("time to copy a disk of 100 GiB whose writes are mirrored, link 117 MB/s", "-(disk/w) ln(1 - w/R)", "s")
	mirror.Relative(t, "writes 20 MB/s", 1006.434, MirrorSeconds(100*GiB, 117*MB, 20*MB), 1e-6)
	mirror.Relative(t, "no writes: disk/R", 100*GiB/(117*MB), MirrorSeconds(100*GiB, 117*MB, 0), 1e-12)
	assert.True(t, math.IsInf(MirrorSeconds(1, 1, 1), 1))
	steps, x := 0, 0.0 // the differential equation dx/dt = (R - w x)/disk, by steps
	for dt := 0.01; x < 1; steps++ {
		k := (117 - 20*(x+(117-20*x)*dt/2/(102_400*1.048576))) * MB / (100 * GiB)
		x += k * dt
	}
	mirror.Relative(t, "writes 20 MB/s, dx/dt = (R - w x)/disk in steps of 10 ms", 1006.434, float64(steps)*0.01, 1e-4)
}

// The plateau is the fixed point of its map, and the drain's lies at or below it.
func TestPlateaus(t *testing.T) {
	for _, lambda := range []float64{1.001, 1.1, 1.5, 3, 20, 1000} {
		v := UniformPlateau(lambda)
		assert.InDelta(t, -math.Expm1(-lambda*v), v, 1e-12, "lambda %g", lambda)
		before := DrainPlateau(lambda, 0)
		assert.InDelta(t, 1-1/lambda, before, 1e-12, "lambda %g", lambda)
		for slice := 0.01; slice < v; slice += 0.01 {
			p := DrainPlateau(lambda, slice)
			assert.True(t, p >= before-1e-12 && p <= v+1e-12, "lambda %g, slice %g: %g", lambda, slice, p)
			before = p
		}
	}
	assert.Equal(t, 1.0, UniformPlateau(math.Inf(1)))
}

func TestConverges(t *testing.T) {
	assert.True(t, UniformConverges(125*MB, GiB, 125*MB, 0), "the link is as fast as the guest")
	fits := UniformPlateau(1.5) * GiB / (125 * MB)
	assert.True(t, UniformConverges(187.5*MB, GiB, 125*MB, fits*1.001))
	assert.False(t, UniformConverges(187.5*MB, GiB, 125*MB, fits*0.999))
	assert.True(t, DrainConverges(187.5*MB, GiB, 125*MB, fits*0.999, 0.05), "drained pre-copy ends in a larger region")
	assert.False(t, DrainConverges(187.5*MB, GiB, 125*MB, fits*0.5, 0.05))
}

// The mean of 1 - e^-y, by quadrature, and both sides of the switch to the series.
func TestClearOnSendShare(t *testing.T) {
	for _, x := range []float64{1e-6, 0.01, 0.0199999, 0.0200001, 0.5, 3, 50} {
		const n = 20_000
		sum := 0.0
		for i := range n {
			sum -= math.Expm1(-(float64(i) + 0.5) / n * x)
		}
		assert.InEpsilon(t, sum/n, ClearOnSendShare(x), 1e-6, "x = %g", x)
	}
	assert.Zero(t, ClearOnSendShare(0))
	assert.Equal(t, 1.0, ClearOnSendShare(math.Inf(1)))
}

func TestOutsideTheDomain(t *testing.T) {
	nan := math.NaN()
	for name, got := range map[string]float64{
		"UniformPlateau": UniformPlateau(-1), "UniformPlateau of NaN": UniformPlateau(nan),
		"DrainPlateau, lambda": DrainPlateau(-1, 0), "DrainPlateau, slice": DrainPlateau(2, -1),
		"PostCopyFaults": PostCopyFaults(-1, -1, 1), "ClearOnSendShare": ClearOnSendShare(-1), "ClearOnSendShare of NaN": ClearOnSendShare(nan),
		"MirrorSeconds": MirrorSeconds(1, 1, -1), "ExpectedDowntime": ExpectedDowntime(1, -1),
	} {
		assert.True(t, math.IsNaN(got), "%s: %g", name, got)
	}
	for _, c := range [][4]float64{{-1, 1, 1, 1}, {1, nan, 1, 1}, {1, 1, -1, 1}, {1, 1, 1, -1}} {
		_, ok := GeometricSeries(c[0], c[1], c[2], c[3])
		assert.False(t, ok, "%v", c)
	}
}
