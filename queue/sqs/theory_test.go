package sqs

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

// The table of closed forms for exponential processing, computed at 25 digits.
func TestClosedFormsOfExponentialService(t *testing.T) {
	for _, row := range []struct{ v, works, fails, twice, deadWorks, deadFails float64 }{
		{0.5, 1.88676730297654, 2.5414940825368, 0.606530659712633, 0.0497870683678639, 0.22313016014843},
		{1, 1.420190968307, 1.58197670686933, 0.367879441171442, 0.00247875217666636, 0.0497870683678639},
		{2, 1.13782018168688, 1.15651764274967, 0.135335283236613, 6.14421235332821e-6, 0.00247875217666636},
		{3, 1.04991049340202, 1.05239569649126, 0.0497870683678639, 1.523e-8, 0.00012340980408668},
	} {
		w := Timeout{Service: Exp(time.Second), Visibility: time.Duration(row.v * 1e9)}
		f := w
		f.Late = LateDeleteFails
		assert.InEpsilon(t, row.works, w.Deliveries(), 1e-12)
		assert.InEpsilon(t, row.fails, f.Deliveries(), 1e-12)
		assert.InEpsilon(t, row.twice, w.Duplicates(), 1e-12)
		w.MaxReceives, f.MaxReceives = 3, 3
		assert.InEpsilon(t, row.deadWorks, w.Dead(), 1e-4)
		assert.InEpsilon(t, row.deadFails, f.Dead(), 1e-12)
		q := math.Exp(-row.v)
		assert.InEpsilon(t, 1+q+q*q*q, w.Deliveries(), 1e-12)
		assert.InEpsilon(t, 1+q+q*q, f.Deliveries(), 1e-12)
		assert.InEpsilon(t, w.Deliveries()-1, w.Wasted(), 1e-12)
	}
	assert.InEpsilon(t, 1.39, Attempts(.3, 3), 1e-12)
	assert.InEpsilon(t, .027, DeadLetters(.3, 3), 1e-12)
	assert.InEpsilon(t, 6.513215599, Attempts(.9, 10), 1e-9)
	assert.InEpsilon(t, .3486784401, DeadLetters(.9, 10), 1e-9)
}

func TestClosedFormsAtTheirEnds(t *testing.T) {
	s := Timeout{Service: Const(3500 * time.Millisecond), Visibility: time.Second}
	assert.InDelta(t, 4, s.Deliveries(), 0, "ceil(s/V)")
	s.Visibility = 3500 * time.Millisecond
	assert.InDelta(t, 1, s.Deliveries(), 0, "a delete at the very end of the timeout works")
	s.Visibility, s.Late = time.Second, LateDeleteFails
	assert.True(t, math.IsInf(s.Deliveries(), 1))
	s.MaxReceives = 3
	assert.InDelta(t, 3, s.Deliveries(), 0)
	assert.InDelta(t, 1, s.Dead(), 0)
	assert.InDelta(t, 3, s.DeadAfter(), 0)
	assert.True(t, math.IsNaN(Timeout{Late: LateDeleteChance}.Deliveries()))
	assert.True(t, math.IsNaN(Timeout{Late: LateDeleteChance}.MoreThan(1)))
	assert.True(t, math.IsInf(Timeout{}.DeadAfter(), 1))
	assert.Zero(t, Timeout{Service: Exp(1e9), MaxReceives: 1}.Duplicates())
	assert.True(t, math.IsInf(Timeout{Service: Exp(1e9), Failure: 1, Visibility: 1e9}.Deliveries(), 1))
	assert.InDelta(t, 7, Timeout{Service: Exp(1e9), Failure: 1, Visibility: 1e9, MaxReceives: 7}.Deliveries(), 0)
	assert.True(t, math.IsInf(Attempts(1, 0), 1))
	assert.InDelta(t, 5, Attempts(1, 5), 0)
	assert.Zero(t, DeadLetters(.5, 0))
}

// idle is the system of the closed forms: N, P(N > 1) and the dead letters of many messages.
func idle(x Timeout, seed uint64) Config {
	c := SQSStandard()
	c.Queue.Visibility, c.Queue.LateDelete, c.Queue.MaxReceives, c.Queue.Expiry = x.Visibility, x.Late, x.MaxReceives, x.Expiry
	c.Queue.InFlightCap = 120_000
	c.Consumer.Service, c.Consumer.FailureProbability = x.Service, x.Failure
	c.Consumer.DeleteLatency = Const(x.DeleteLatency)
	c.Producer.Messages, c.Producer.Steps = 200_000, []Step{{Rate: 50}}
	c.Duration, c.Seed = year, seed
	return c
}

// deviation is the variance of N under a maximum, from P(N > n).
func deviation(x Timeout) float64 {
	mean, square := 0.0, 0.0
	for n := 0; n < 10_000 && (x.MaxReceives == 0 || n < x.MaxReceives); n++ {
		p := x.MoreThan(n)
		mean += p
		square += float64(2*n+1) * p
		if p < 1e-16 {
			break
		}
	}
	return math.Sqrt(max(square-mean*mean, 0))
}

// within wants |z| <= 4 for a mean of n independent values of a standard deviation.
func within(t *testing.T, want, got, sd float64, n int64, what string) {
	t.Helper()
	z := (got - want) / (sd/math.Sqrt(float64(n)) + 1e-12)
	assert.LessOrEqual(t, math.Abs(z), 4.0, "%s: %g, want %g", what, got, want)
}

func TestAlwaysIdleWorker(t *testing.T) {
	s := time.Second
	systems := map[string]Timeout{
		"exponential": {Service: Exp(s), Visibility: s},
		"erlang":      {Service: law.Erlang(4, s), Visibility: s},
		"hyper":       {Service: law.Hyper(4, s), Visibility: s / 2},
		"lognormal":   {Service: law.Lognormal(s, 2), Visibility: 2 * s},
		"uniform":     {Service: law.Uniform(0, 2*s), Visibility: 7 * s / 10},
		"pareto":      {Service: law.Pareto(2.5, s), Visibility: s},
		"constant":    {Service: Const(5 * s / 2), Visibility: s, MaxReceives: 7},
		"failures":    {Service: Exp(s), Visibility: 2 * s, Failure: .3},
		"slow delete": {Service: Exp(s), Visibility: s, DeleteLatency: 300 * time.Millisecond},
		"claims":      {Service: Exp(s), Visibility: s, Expiry: Expiry{Scan: 1300 * time.Millisecond}},
		"fine claims": {Service: Exp(s), Visibility: s, Expiry: Expiry{Scan: 170 * time.Millisecond}},
		"extra":       {Service: Exp(s), Visibility: s / 2, Expiry: Expiry{Extra: 100 * time.Millisecond}},
	}
	if testing.Short() { // the laws that differ most, a maximum and none
		maps.DeleteFunc(systems, func(name string, _ Timeout) bool {
			return !slices.Contains([]string{"exponential", "hyper", "constant", "failures", "claims"}, name)
		})
	}
	seed := uint64(0)
	for name, base := range systems {
		for _, late := range []LateDelete{LateDeleteWorks, LateDeleteFails, LateDeleteFenced} {
			for _, r := range []int{0, 1, 3} {
				x := base
				x.Late = late
				if r > 0 {
					x.MaxReceives = r
				}
				if testing.Short() && r == 1 || math.IsInf(x.Deliveries(), 1) || x.Expiry.Scan > 0 && late == LateDeleteFails {
					continue // claims find only those that are claimed, which is what fencing sees
				}
				seed++
				t.Run(fmt.Sprintf("%s %v %d", name, late, x.MaxReceives), func(t *testing.T) { checkIdle(t, x) })
			}
		}
	}
	require.Positive(t, seed)
}

func checkIdle(t *testing.T, x Timeout) {
	c := idle(x, 7)
	c.Producer.Messages = 40_000
	if testing.Short() {
		c.Producer.Messages = 2_000
	}
	r := run(t, c)
	require.True(t, r.Finished)
	within(t, x.Deliveries(), r.DeliveriesPerMessage, deviation(x), r.Delivered, "deliveries")
	p := x.Duplicates()
	within(t, p, r.DuplicatesFraction, math.Sqrt(p*(1-p)), r.Delivered, "duplicates")
	p = x.Dead()
	within(t, p, r.DLQFraction, math.Sqrt(p*(1-p)), r.Sent, "dead letters")
	if r.DeadLettered > 0 {
		_, d, _ := x.gaps()
		within(t, x.DeadAfter(), r.DeadAfter.Mean, d/2, r.DeadLettered, "dead after")
	}
	if x.Failure == 0 {
		assert.Equal(t, r.Sent, r.Processed, "every message is completed in the end, dead or not")
		assert.Equal(t, r.DeadLettered, r.DeadAndDone)
	}
}

// A million messages, exponential processing of mean V, always an idle worker, zero latency: the tolerances are four
// standard errors. Failures with p = 0.3 and three attempts likewise.
func TestAMillionMessages(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n = 10_000
	}
	wide := math.Sqrt(1e6 / float64(n))
	for _, x := range []struct {
		late             LateDelete
		n, sd, dead, dsd float64
	}{
		{LateDeleteWorks, 1.420190968, .004, .00247875, .0002},
		{LateDeleteFails, 1.581976707, .004, .0497870684, .0009},
	} {
		c := SQSStandard()
		c.Producer.Messages = n
		c.Queue.Visibility, c.Queue.LateDelete = time.Second, x.late
		c.Producer.Steps = []Step{{Rate: 100}}
		assert.InDelta(t, x.n, run(t, c).DeliveriesPerMessage, x.sd*wide)
		c.Queue.MaxReceives = 3
		assert.InDelta(t, x.dead, run(t, c).DLQFraction, x.dsd*wide)
	}
	for _, f := range []Failure{Silent, Nack} {
		c := SQSStandard()
		c.Producer.Messages = n
		if f == Nack {
			c.Producer.Messages = n / 4
		}
		wide := math.Sqrt(1e6 / float64(c.Producer.Messages))
		c.Producer.Steps = []Step{{Rate: 1000}}
		c.Queue.MaxReceives, c.Consumer.FailureProbability, c.Consumer.Failure = 3, .3, f
		c.Consumer.Service = Const(10 * time.Millisecond)
		r := run(t, c)
		assert.InDelta(t, 1.39, r.DeliveriesPerMessage, .003*wide)
		assert.InDelta(t, .027, r.DLQFraction, .0007*wide)
	}
}
