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
	"cloudconcepts/internal/validation"
)

// The table of closed forms for exponential processing, computed at 25 digits.
func TestClosedFormsOfExponentialService(t *testing.T) {
	deliveries := formula("mean deliveries with exponential processing", "sum over n of P(N > n): q^(n(n+1)/2) if late deletes work, q^n if they fail, q = e^(-V/m); in 25 digits", "")
	twice := formula("share of messages delivered more than once", "q = e^(-V/m), in 25 digits", "")
	dead := formula("share of messages dead-lettered after 3 receives", "q^6 if late deletes work, q^3 if they fail, q = e^(-V/m)", "")
	three := formula("mean deliveries with 3 receives at most", "1 + q + q^3 if late deletes work, 1 + q + q^2 if they fail, q = e^(-V/m)", "")
	wasted := formula("deliveries of a message that are wasted", "all but one", "")
	for _, row := range []struct{ v, works, fails, twice, deadWorks, deadFails float64 }{
		{0.5, 1.88676730297654, 2.5414940825368, 0.606530659712633, 0.0497870683678639, 0.22313016014843},
		{1, 1.420190968307, 1.58197670686933, 0.367879441171442, 0.00247875217666636, 0.0497870683678639},
		{2, 1.13782018168688, 1.15651764274967, 0.135335283236613, 6.14421235332821e-6, 0.00247875217666636},
		{3, 1.04991049340202, 1.05239569649126, 0.0497870683678639, 1.523e-8, 0.00012340980408668},
	} {
		w := Timeout{Service: Exp(time.Second), Visibility: time.Duration(row.v * 1e9)}
		f := w
		f.Late = LateDeleteFails
		works, fails := fmt.Sprintf("V = %v m, late deletes work", row.v), fmt.Sprintf("V = %v m, late deletes fail", row.v)
		deliveries.Relative(t, works, row.works, w.Deliveries(), 1e-12)
		deliveries.Relative(t, fails, row.fails, f.Deliveries(), 1e-12)
		twice.Relative(t, works, row.twice, w.Duplicates(), 1e-12)
		w.MaxReceives, f.MaxReceives = 3, 3
		dead.Relative(t, works, row.deadWorks, w.Dead(), 1e-4)
		dead.Relative(t, fails, row.deadFails, f.Dead(), 1e-12)
		q := math.Exp(-row.v)
		three.Relative(t, works, 1+q+q*q*q, w.Deliveries(), 1e-12)
		three.Relative(t, fails, 1+q+q*q, f.Deliveries(), 1e-12)
		wasted.Relative(t, works+", 3 receives at most", w.Deliveries()-1, w.Wasted(), 1e-12)
	}
}

func TestClosedFormsAtTheirEnds(t *testing.T) {
	deliveries := formula("mean deliveries with constant or failing processing", "ceil(S/V) if late deletes work; no end, or R, if they or all attempts fail", "")
	dead := formula("share and time of dead letters with constant processing above V", "all, after R V", "")
	s := Timeout{Service: Const(3500 * time.Millisecond), Visibility: time.Second}
	deliveries.Within(t, "S = 3.5 V, late deletes work", 4, s.Deliveries(), 0)
	s.Visibility = 3500 * time.Millisecond
	deliveries.Within(t, "S = V: a delete at the very end of the timeout works", 1, s.Deliveries(), 0)
	s.Visibility, s.Late = time.Second, LateDeleteFails
	assert.True(t, math.IsInf(s.Deliveries(), 1))
	s.MaxReceives = 3
	deliveries.Within(t, "S = 3.5 V, late deletes fail, R = 3", 3, s.Deliveries(), 0)
	dead.Within(t, "S = 3.5 V, R = 3, share", 1, s.Dead(), 0)
	dead.Within(t, "S = 3.5 V, R = 3, time in V", 3, s.DeadAfter(), 0)
	assert.True(t, math.IsNaN(Timeout{Late: LateDeleteChance}.Deliveries()))
	assert.True(t, math.IsNaN(Timeout{Late: LateDeleteChance}.MoreThan(1)))
	assert.True(t, math.IsInf(Timeout{}.DeadAfter(), 1))
	assert.Zero(t, Timeout{Service: Exp(1e9), MaxReceives: 1}.Duplicates())
	assert.True(t, math.IsInf(Timeout{Service: Exp(1e9), Failure: 1, Visibility: 1e9}.Deliveries(), 1))
	always := Timeout{Service: Exp(1e9), Failure: 1, Visibility: 1e9, MaxReceives: 7}
	deliveries.Within(t, "every attempt fails, R = 7", 7, always.Deliveries(), 0)
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

// within wants a mean of n independent values of a standard deviation within four standard errors.
func within(t *testing.T, claim validation.Claim, cell string, want, got, sd float64, n int64) {
	t.Helper()
	claim.Within(t, cell, want, got, 4*(sd/math.Sqrt(float64(n))+1e-12))
}

func TestAlwaysIdleWorker(t *testing.T) {
	s := time.Second
	systems := map[string]Timeout{
		"exponential S of mean V":                      {Service: Exp(s), Visibility: s},
		"Erlang S of 4 phases and mean V":              {Service: law.Erlang(4, s), Visibility: s},
		"hyperexponential S of cv2 4 and mean 2V":      {Service: law.Hyper(4, s), Visibility: s / 2},
		"lognormal S of sigma 2 and mean V/2":          {Service: law.Lognormal(s, 2), Visibility: 2 * s},
		"uniform S of mean V/0.7":                      {Service: law.Uniform(0, 2*s), Visibility: 7 * s / 10},
		"Pareto S of index 2.5 and mean V":             {Service: law.Pareto(2.5, s), Visibility: s},
		"constant S of 2.5 V":                          {Service: Const(5 * s / 2), Visibility: s, MaxReceives: 7},
		"exponential S of mean V/2, failures 0.3":      {Service: Exp(s), Visibility: 2 * s, Failure: .3},
		"exponential S of mean V, deletes take 0.3 V":  {Service: Exp(s), Visibility: s, DeleteLatency: 300 * time.Millisecond},
		"exponential S of mean V, claims every 1.3 V":  {Service: Exp(s), Visibility: s, Expiry: Expiry{Scan: 1300 * time.Millisecond}},
		"exponential S of mean V, claims every 0.17 V": {Service: Exp(s), Visibility: s, Expiry: Expiry{Scan: 170 * time.Millisecond}},
		"exponential S of mean 2V, 0.2 V late":         {Service: Exp(s), Visibility: s / 2, Expiry: Expiry{Extra: 100 * time.Millisecond}},
	}
	if testing.Short() { // the laws that differ most, a maximum and none
		maps.DeleteFunc(systems, func(name string, _ Timeout) bool {
			return !slices.Contains([]string{
				"exponential S of mean V", "hyperexponential S of cv2 4 and mean 2V", "constant S of 2.5 V",
				"exponential S of mean V/2, failures 0.3", "exponential S of mean V, claims every 1.3 V",
			}, name)
		})
	}
	seed := uint64(0)
	for _, name := range slices.Sorted(maps.Keys(systems)) {
		base := systems[name]
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
				limit := "no limit"
				if x.MaxReceives > 0 {
					limit = fmt.Sprintf("R = %d", x.MaxReceives)
				}
				cell := fmt.Sprintf("%s, late delete %v, %s", name, late, limit)
				t.Run(cell, func(t *testing.T) { checkIdle(t, cell, x) })
			}
		}
	}
	require.Positive(t, seed)
}

func checkIdle(t *testing.T, cell string, x Timeout) {
	const source = "P(N > n) = P(S > V) P(S > 2V) ... if late deletes work, P(S > V)^n if they fail; simulated with always an idle worker"
	c := idle(x, 7)
	c.Producer.Messages = 40_000
	if testing.Short() {
		c.Producer.Messages = 2_000
	}
	r := run(t, c)
	require.True(t, r.Finished)
	within(t, formula("mean deliveries by law, late delete and limit", source, ""), cell, x.Deliveries(), r.DeliveriesPerMessage, deviation(x), r.Delivered)
	p := x.Duplicates()
	within(t, formula("share delivered more than once by law, late delete and limit", source, ""), cell, p, r.DuplicatesFraction, math.Sqrt(p*(1-p)), r.Delivered)
	p = x.Dead()
	within(t, formula("share dead-lettered by law, late delete and limit", source, ""), cell, p, r.DLQFraction, math.Sqrt(p*(1-p)), r.Sent)
	if r.DeadLettered > 0 {
		_, d, _ := x.gaps()
		after := formula("mean time to the dead-letter queue by law, late delete and limit", "R V; by claims every d: V + U(0, d), then d ceil(V/d) each", "s")
		within(t, after, cell, x.DeadAfter(), r.DeadAfter.Mean, d/2, r.DeadLettered)
	}
	if x.Failure == 0 {
		assert.Equal(t, r.Sent, r.Processed, "every message is completed in the end, dead or not")
		assert.Equal(t, r.DeadLettered, r.DeadAndDone)
	}
}

// A million messages, exponential processing of mean V, always an idle worker, zero latency: the tolerances are four
// standard errors. Failures with p = 0.3 and three attempts likewise.
func TestAMillionMessages(t *testing.T) {
	deliveries := formula("mean deliveries of a million messages", "always an idle worker, exponential processing of mean V, or failures of 0.3 and R = 3", "")
	dead := formula("share of a million messages that is dead-lettered", "q^6 or q^3, q = 1/e; p^3 of failures", "")
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
		cell := fmt.Sprintf("late delete %v", x.late)
		deliveries.Within(t, cell, x.n, run(t, c).DeliveriesPerMessage, x.sd*wide)
		c.Queue.MaxReceives = 3
		dead.Within(t, cell+", R = 3", x.dead, run(t, c).DLQFraction, x.dsd*wide)
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
		cell := fmt.Sprintf("%v failures of 0.3, R = 3, of %d messages", f, c.Producer.Messages)
		deliveries.Within(t, cell, 1.39, r.DeliveriesPerMessage, .003*wide)
		dead.Within(t, cell, .027, r.DLQFraction, .0007*wide)
	}
}

// Services end before their timeout, so that only failures are delivered again: 1/(1 - F) deliveries, or (1 - F^R)/(1 - F).
func TestDeliveriesOfFailuresAlone(t *testing.T) {
	for _, f := range []float64{0, 0.5, 0.99, 0.999999} {
		x := Timeout{Service: Const(time.Second), Visibility: 2 * time.Second, Late: LateDeleteWorks, Failure: f}
		assert.InEpsilon(t, 1/(1-f), x.Deliveries(), 1e-9, "failure %g", f)
		x.MaxReceives = 50
		assert.InEpsilon(t, (1-math.Pow(f, 50))/(1-f), x.Deliveries(), 1e-9, "failure %g, 50 at most", f)
	}
	x := Timeout{Service: Const(time.Second), Visibility: 2 * time.Second, Late: LateDeleteWorks, Failure: 1}
	assert.True(t, math.IsInf(x.Deliveries(), 1))
	x.MaxReceives = 7
	assert.InDelta(t, 7, x.Deliveries(), 1e-12)
	x = Timeout{Service: Exp(time.Second), Late: LateDeleteWorks, Expiry: Expiry{Scan: time.Second}}
	assert.True(t, math.IsInf(x.Deliveries(), 1), "no time to do it in")
	// Timeouts far shorter than the work: about work/timeout deliveries, however long that takes to add up.
	x = Timeout{Service: Exp(time.Second), Visibility: time.Millisecond, Late: LateDeleteWorks}
	first := 0.0
	p := 1.0
	for n := 1; n < 10_000; n++ {
		p *= math.Exp(-float64(n) * 1e-3)
		first += p
	}
	assert.InEpsilon(t, 1+first, x.Deliveries(), 1e-9)
}
