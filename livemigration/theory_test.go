package livemigration_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/theory"
)

// A constant dirty rate: each round is lambda times the one before.
func TestGeometricSeries(t *testing.T) {
	const source = "V_i = M lambda^i, until V_i <= R tau"
	rounds := computed("live rounds at a constant dirty rate", source, "")
	down := computed("downtime at a constant dirty rate", source, "s")
	total := computed("total time at a constant dirty rate", source, "s")
	sent := computed("bytes sent at a constant dirty rate", source, "bytes")
	final := computed("bytes of the last copy at a constant dirty rate", source, "bytes")
	for _, c := range []struct {
		memory             int64
		bandwidth, rate    float64
		rounds             int
		downtime, total    float64
		sentBytes, finalBs int64
	}{
		{8 * GiB, 125 * MB, 62.5 * MB, 8, 0.268435456, 137.170518016, 17_146_314_752, 33_554_432},
		{4 * GiB, 1.25 * GB, 12.5 * MB, 1, 0.03435973837, 3.47033357517, 4_337_916_969, 42_949_673},
		{16 * GiB, 1.25 * GB, 1 * GB, 18, 0.247588008, 67.729124705, 84_661_405_881, 309_485_010},
	} {
		name := fmt.Sprintf("%d GiB at %g MB/s, lambda %g", c.memory/GiB, c.bandwidth/MB, c.rate/c.bandwidth)
		t.Run(name, func(t *testing.T) {
			r := simulate(t, Config{
				VM: guestOf(c.memory, ConstantRate{Rate: c.rate, WorkingSet: c.memory}), Link: Wire(c.bandwidth), Method: Plain(300 * time.Millisecond),
			})
			g, ok := theory.GeometricSeries(float64(c.memory), c.bandwidth, c.rate, 0.3)
			require.True(t, ok)
			rounds.Within(t, name, float64(c.rounds), float64(r.Rounds), 0)
			rounds.Within(t, name+", GeometricSeries itself", float64(c.rounds), float64(g.Rounds), 0)
			down.Relative(t, name, c.downtime, r.Downtime, 1e-8)
			total.Relative(t, name, c.total, r.Total, 1e-8)
			sent.Within(t, name, float64(c.sentBytes), float64(r.SentBytes), 1)
			final.Within(t, name, float64(c.finalBs), float64(r.FinalBytes), 1)
			total.Relative(t, name+", against GeometricSeries", g.Total, r.Total, 1e-12)
			down.Relative(t, name+", against GeometricSeries", g.Downtime, r.Downtime, 1e-12)
		})
	}
}

// Uniform writes: each round follows v' = 1 - e^(-lambda v).
func TestUniformRounds(t *testing.T) {
	const source = "v' = 1 - e^(-lambda v), v the share of the working set; 8 GiB, 256 MiB written at 81.92 MB/s, link 117.5 MB/s, limit 300 ms"
	pending := computed("memory to send in each round under uniform writes", source, "MiB")
	share := computed("each round from the one before under uniform writes", source, "")
	r := simulate(t, traced(Config{
		VM: guestOf(8*GiB, Uniform{Rate: 81.92 * MB, WorkingSet: 256 * MiB}), Link: Wire(117.5 * MB), Method: Plain(300 * time.Millisecond),
	}))
	want := []float64{8192, 256.000, 128.517, 75.600, 47.636, 31.147}
	require.Len(t, r.Rows, len(want))
	for i, row := range r.Rows {
		pending.Within(t, fmt.Sprint("round ", i+1), want[i], row.Pending/MiB, 6e-4)
	}
	computed("downtime under uniform writes", source, "s").Relative(t, "limit 300 ms", 0.277960, r.Downtime, 1e-5)
	computed("total time under uniform writes", source, "s").Relative(t, "limit 300 ms", 77.914998, r.Total, 1e-7)
	computed("memory sent under uniform writes", source, "MiB").Within(t, "limit 300 ms", 8730.90, float64(r.SentBytes)/MiB, 0.005)
	lambda := 81.92 / 117.5
	for i := 2; i < len(r.Rows); i++ {
		v := r.Rows[i-1].Pending / (256 * MiB)
		share.Relative(t, fmt.Sprint("round ", i+1), -math.Expm1(-lambda*v), r.Rows[i].Pending/(256*MiB), 1e-12)
	}
}

// The share that stays dirty for ever where the guest writes faster than the link sends.
func TestUniformPlateau(t *testing.T) {
	const source = "positive root of v = 1 - e^(-lambda v), which is 1 + W0(-lambda e^-lambda)/lambda"
	formula := computed("share that stays dirty under uniform writes: UniformPlateau", source, "")
	plateau := computed("share that stays dirty under uniform writes: simulated rounds", source, "")
	for _, c := range []struct{ lambda, want float64 }{
		{0.5, 0}, {1, 0}, {1.05, 0.0937}, {1.1, 0.1761}, {1.2, 0.3137}, {1.5, 0.58281}, {2, 0.79681}, {3, 0.94048}, {5, 0.99302},
	} {
		lambda, name := c.lambda, fmt.Sprint("lambda ", c.lambda)
		formula.Within(t, name, c.want, theory.UniformPlateau(lambda), 5e-5)
		r := simulate(t, Config{
			VM: guestOf(8*GiB, Uniform{Rate: lambda * 125 * MB, WorkingSet: 1 * GiB}), Link: Wire(125 * MB), Method: Plain(time.Microsecond),
		})
		if lambda > 1 {
			assert.Equal(t, Diverged, r.Outcome)
			plateau.Relative(t, name, theory.UniformPlateau(lambda), float64(r.PlateauBytes)/GiB, 1e-6)
		}
	}
}

// Both boundaries of convergence, from both sides: just above it pre-copy
// ends, just below it never does, in both semantics.
func TestConvergenceBoundaries(t *testing.T) {
	lambdas := []float64{1.1, 1.5, 2.5}
	ends := computed("runs that end on either side of the boundary of convergence",
		"they end if W plateau(lambda) <= R tau, UniformPlateau for rounds and DrainPlateau for drain; lambda 1.1, 1.5 and 2.5", "")
	for _, s := range []SwitchOver{RoundBased, Drain} {
		for _, side := range []struct {
			factor float64
			want   Outcome
			where  string
			ending int
		}{{0.995, Diverged, "0.5 % below", 0}, {1.005, Converged, "0.5 % above", len(lambdas)}} {
			ended := 0
			for _, lambda := range lambdas {
				if atBoundary(t, s, lambda, side.factor, side.want) == Converged {
					ended++
				}
			}
			ends.Within(t, fmt.Sprintf("%v, limit %s the boundary", s, side.where), float64(side.ending), float64(ended), 0)
		}
	}
	plateau := computed("share dirty after each sync of drained pre-copy: DrainPlateau", "1 - s/(e^(lambda s) - 1), s a slice's share of the working set", "")
	plateau.Within(t, "lambda 1.5, a slice that sends everything makes rounds of it", theory.UniformPlateau(1.5), theory.DrainPlateau(1.5, 0.7), 0)
	plateau.Within(t, "lambda 1.5, short slices: 1 - 1/lambda", 1-1/1.5, theory.DrainPlateau(1.5, 1e-12), 1e-9)
	assert.Greater(t, theory.UniformPlateau(1.5), theory.DrainPlateau(1.5, 0), "QEMU converges on the larger region")
}

// atBoundary is how a run ends whose limit is a factor of the boundary's.
func atBoundary(t *testing.T, s SwitchOver, lambda, factor float64, want Outcome) Outcome {
	t.Helper()
	const w, bandwidth = 1.0 * GiB, 125 * MB
	plateau := theory.UniformPlateau(lambda)
	if s == Drain {
		plateau = theory.DrainPlateau(lambda, iterateTime*bandwidth/w)
	}
	limit := factor * plateau * w / bandwidth
	m := Plain(time.Duration(limit * 1e9))
	m.SwitchOver = s
	r := simulate(t, Config{VM: guestOf(8*GiB, Uniform{Rate: lambda * bandwidth, WorkingSet: w}), Link: Wire(bandwidth), Method: m})
	assert.Equal(t, want, r.Outcome, "lambda %g, %v, %g of the boundary", lambda, s, factor)
	converges := theory.UniformConverges(lambda*bandwidth, w, bandwidth, limit)
	if s == Drain {
		converges = theory.DrainConverges(lambda*bandwidth, w, bandwidth, limit, iterateTime)
	}
	assert.Equal(t, want == Converged, converges)
	return r.Outcome
}

func TestUniquePages(t *testing.T) {
	const n = 65_536
	poisson := computed("distinct pages after k uniform writes to 65,536, as a Poisson stream: Uniform", "N (1 - e^(-k/N))", "")
	for _, c := range []struct{ writes, poisson float64 }{{1000, 992.4093}, {65_536, 41_426.6530}, {200_000, 62_437.7365}} {
		u := Uniform{Rate: c.writes * PageBytes, WorkingSet: n * PageBytes}
		poisson.Within(t, fmt.Sprintf("k = %.0f", c.writes), c.poisson, u.Unique(1)/PageBytes, 1e-3)
	}
}

func TestLadderEnd(t *testing.T) {
	ac := hypervisor.AutoConvergeModern()
	end := computed("throttle at which auto-converge comes to rest",
		"first of 0, 0.2, 0.3, ... 0.9, 0.99 at which the guest dirties no more than half of what is sent; link 100 MB/s", "")
	for _, c := range []struct{ rate, want float64 }{{45, 0}, {95, 0.5}, {300, 0.9}, {5000, 0.99}} {
		r := simulate(t, Config{
			VM: guestOf(8*GiB, ConstantRate{Rate: c.rate * MB, WorkingSet: 8 * GiB}), Link: Wire(100 * MB), Method: bare(hypervisor.QEMUAutoConverge()),
		})
		name := fmt.Sprintf("%g MB/s dirtied", c.rate)
		end.Within(t, name+", LadderEnd", c.want, ac.LadderEnd(c.rate*MB, 100*MB), 1e-9)
		end.Within(t, name+", simulated", c.want, r.ThrottleMax, 1e-9)
	}
}
