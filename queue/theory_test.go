package queue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/validation"
	"cloudconcepts/queue/theory"
)

// The closed forms that no table has, against the simulation: ten runs each, with fixed seeds. A case fails if the
// mean of the runs is more than 4 standard errors off (percentiles: and 0.2 %, the width of the histogram that they are
// read from), or if these errors are above 2 % of the target.
func TestTheoryAgainstSimulation(t *testing.T) {
	const source = "closed forms of package queue/theory: MDc, MMcK, MD1K, BatchArrivals, Overload, MMcPriority"
	wait := formula("mean wait by closed form and by ten simulations", source, "s")
	share := formula("share of messages that wait by closed form and by ten simulations", source, "")
	number := formula("mean number in the system by closed form and by ten simulations", source, "")
	percentile := formula("percentiles by closed form and by ten simulations", source, "s")
	rate := formula("goodput by closed form and by ten simulations", source, "/s")
	waits := func(s theory.Steady) []measure {
		return []measure{
			{wait, "", s.WaitMean, 0, func(r Result) float64 { return r.WaitMean }},
			{share, "", s.WaitProbability, 0, func(r Result) float64 { return r.WaitProbability }},
			{number, "", s.SystemMean, 0, func(r Result) float64 { return r.SystemMean }},
		}
	}
	laws := func(s theory.Steady) []measure {
		return append(waits(s),
			measure{percentile, ", p99 of the wait", s.WaitQuantile(0.99), 0.002, func(r Result) float64 { return r.WaitP99 }},
			measure{percentile, ", p99 of the sojourn", s.SojournQuantile(0.99), 0.002, func(r Result) float64 { return r.SojournP99 }})
	}
	c := runOf(Poisson(3.2), Const(time.Second), 4)
	agree(t, "M/D/4, 3.2 Erlang", c, laws(solved(t, theory.MDc{Arrival: 3.2, Seconds: 1, Servers: 4})))

	c = runOf(Poisson(5), Exp(time.Second), 4)
	c.Capacity = 10
	agree(t, "M/M/4/10, 5 Erlang", c, laws(solved(t, theory.MMcK{Arrival: 5, Service: 1, Servers: 4, Capacity: 10})))

	c = runOf(Poisson(0.9), Const(time.Second), 1)
	c.Capacity = 10
	agree(t, "M/D/1/10, load 0.9", c, waits(solved(t, theory.MD1K{Arrival: 0.9, Seconds: 1, Capacity: 10})))

	agree(t, "M/M/1 with batches of 5, load 0.5", runOf(Poisson(0.1).InBatches(5), Exp(time.Second), 1), waits(solved(t, theory.BatchArrivals{Arrival: 0.5, Service: 1, Batch: 5})))

	over, err := theory.Overload{Arrival: 1.5, Service: 1, Deadline: 4}.Solve()
	require.NoError(t, err)
	c = runOf(Poisson(1.5), Exp(time.Second), 1)
	c.Deadline, c.Discipline = 4*time.Second, Expire
	agree(t, "M/M/1, load 1.5, thrown out after 4 s", c, []measure{{rate, "", over.Expire, 0, func(r Result) float64 { return r.Goodput }}})

	urgent, err := theory.MMcPriority{Arrivals: []float64{0.8, 1.2}, Service: 1, Servers: 3}.Solve()
	require.NoError(t, err)
	c = runOf(Poisson(2), Exp(time.Second), 3)
	c.Discipline, c.Classes = Priority, []Class{{Share: 0.4, Size: 1}, {Share: 0.6, Size: 1}}
	agree(t, "M/M/3 with two classes of 0.8 and 1.2 Erlang", c, []measure{
		{wait, ", urgent class", urgent[0].WaitMean, 0, func(r Result) float64 { return r.Classes[0].WaitMean }},
		{wait, ", other class", urgent[1].WaitMean, 0, func(r Result) float64 { return r.Classes[1].WaitMean }},
	})
}

type measure struct {
	claim       validation.Claim
	of          string
	want, width float64
	get         func(Result) float64
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
			sums[i].Add(m.get(r))
		}
	}
	most := 0.02
	if testing.Short() {
		most = 0.05
	}
	for i, m := range list {
		deviation := sums[i].StandardError()
		assert.LessOrEqual(t, deviation, most*m.want, "%s, %s%s", m.claim.Name, name, m.of)
		m.claim.Within(t, name+m.of, m.want, sums[i].Mean(), 4*deviation+m.width*m.want)
	}
}

func solved(t *testing.T, q interface{ Solve() (theory.Steady, error) }) theory.Steady {
	t.Helper()
	s, err := q.Solve()
	require.NoError(t, err, "%+v", q)
	return s
}
