package queue

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/stats"
)

// The closed forms that no table has, against the simulation: ten runs each, with fixed seeds. A case fails if the
// mean of the runs is more than 4 standard errors off (percentiles: and 0.2 %, the width of the histogram that they are
// read from), or if these errors are above 2 % of the target.
func TestTheoryAgainstSimulation(t *testing.T) {
	waits := func(s Steady) []measure {
		return []measure{
			{"wait", s.MeanWait, 0, func(r Result) float64 { return r.WaitMean }},
			{"P(wait)", s.WaitProbability, 0, func(r Result) float64 { return r.WaitProbability }},
			{"mean number", s.MeanInSystem, 0, func(r Result) float64 { return r.SystemMean }},
		}
	}
	laws := func(s Steady) []measure {
		return append(waits(s),
			measure{"p99 of the wait", s.WaitQuantile(0.99), 0.002, func(r Result) float64 { return r.WaitP99 }},
			measure{"p99 of the sojourn", s.SojournQuantile(0.99), 0.002, func(r Result) float64 { return r.SojournP99 }})
	}
	c := runOf(Poisson(3.2), Const(time.Second), 4)
	agree(t, "M/D/4", c, laws(solved(t, MDc{3.2, 1, 4})))

	c = runOf(Poisson(5), Exp(time.Second), 4)
	c.Capacity = 10
	agree(t, "M/M/4/10", c, laws(solved(t, MMcK{5, 1, 4, 10})))

	c = runOf(Poisson(0.9), Const(time.Second), 1)
	c.Capacity = 10
	agree(t, "M/D/1/10", c, waits(solved(t, MD1K{0.9, 1, 10})))

	agree(t, "M^5/M/1", runOf(Poisson(0.1).InBatches(5), Exp(time.Second), 1), waits(solved(t, BatchArrivals{0.5, 1, 5})))

	over, err := Overload{1.5, 1, 4}.Solve()
	require.NoError(t, err)
	c = runOf(Poisson(1.5), Exp(time.Second), 1)
	c.Deadline, c.Discipline = 4*time.Second, Expire
	agree(t, "expire", c, []measure{{"goodput", over.Expire, 0, func(r Result) float64 { return r.Goodput }}})

	urgent, err := MMcPriority{[]float64{0.8, 1.2}, 1, 3}.Solve()
	require.NoError(t, err)
	c = runOf(Poisson(2), Exp(time.Second), 3)
	c.Discipline, c.Classes = Priority, []Class{{Share: 0.4, Size: 1}, {Share: 0.6, Size: 1}}
	agree(t, "M/M/3 with priorities", c, []measure{
		{"urgent wait", urgent[0].MeanWait, 0, func(r Result) float64 { return r.Classes[0].WaitMean }},
		{"other wait", urgent[1].MeanWait, 0, func(r Result) float64 { return r.Classes[1].WaitMean }},
	})
}

type measure struct {
	name        string
	want, width float64
	of          func(Result) float64
}

func runOf(arrivals Arrivals, service Law, servers int) Config {
	c := Default()
	c.Arrivals, c.Service, c.Servers = arrivals, service, servers
	c.Messages, c.Warmup = 110_000, 10_000
	if testing.Short() {
		c.Messages, c.Warmup = 21_000, 1_000
	}
	return c
}

func agree(t *testing.T, name string, c Config, list []measure) {
	t.Helper()
	sums := make([]stats.Moments, len(list))
	for seed := range uint64(10) {
		c.Seed = 100 + seed
		r, err := Simulate(c)
		require.NoError(t, err, name)
		for i, m := range list {
			sums[i].Add(m.of(r))
		}
	}
	most := 0.02
	if testing.Short() {
		most = 0.05
	}
	for i, m := range list {
		deviation := sums[i].StandardError()
		assert.LessOrEqual(t, deviation, most*m.want, "%s, %s", name, m.name)
		assert.LessOrEqual(t, math.Abs(sums[i].Mean()-m.want), 4*deviation+m.width*m.want,
			"%s, %s: %v, want %v, standard error %v", name, m.name, sums[i].Mean(), m.want, deviation)
	}
}
