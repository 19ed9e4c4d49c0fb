package share

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/stats"
	"cloudconcepts/internal/validation"
)

func simulate(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	checkInvariants(t, r)
	return r
}

// near wants the mean of independent runs within 4 standard errors of a target, and the error to be small.
func near(t *testing.T, claim validation.Claim, cell string, want, precision float64, m stats.Moments) {
	t.Helper()
	claim.Within(t, cell, want, m.Mean(), 4*m.StandardError())
	assert.LessOrEqual(t, m.StandardError(), precision*want)
}

// Always an idle member, lock as long as the mean service, every late acknowledgement fails: deliveries are geometric,
// 1.58198 on average and 1.5032 with three at most, of which e^-3 = 4.979 % are archived.
func TestLateAcknowledgements(t *testing.T) {
	service := law.Exp(100 * time.Millisecond)
	mean := theory("mean deliveries when late acknowledgements fail", "geometric: sum of P(S > V)^n, in 25 digits; exported and simulated", "")
	share := theory("share archived when late acknowledgements fail", "P(S > V)^R, in 25 digits; exported and simulated", "")
	const lock = "exponential processing of mean V"
	mean.Relative(t, lock+", no limit, closed form", 1.58197670686933, Deliveries(service, 100*time.Millisecond, 0), 1e-12)
	share.Relative(t, lock+", 3 deliveries at most, closed form", 0.0497870683678639, ArchivedFraction(service, 100*time.Millisecond, 3), 1e-12)
	c := KIP932()
	c.Members, c.Service, c.Lock, c.Sweep, c.MaxLocks = 0, service, 100*time.Millisecond, 0, 1e9
	c.MaxRecords, c.Rate, c.Duration = 50_000, 1000, 24*time.Hour
	for _, limit := range []int{3, 50} {
		c.DeliveryLimit = limit
		var deliveries, archived stats.Moments
		for c.Seed = range uint64(8) {
			r := simulate(t, c)
			deliveries.Add(r.PerRecord)
			archived.Add(float64(r.Archived) / float64(r.Produced))
			assert.Zero(t, r.SameMember+r.Left)
			assert.Equal(t, r.Expired, r.LateAcks)
		}
		cell := fmt.Sprintf("%s, %d deliveries at most, simulated", lock, limit)
		near(t, mean, cell, Deliveries(service, c.Lock, limit), 0.005, deliveries)
		if limit == 3 {
			near(t, share, cell, ArchivedFraction(service, c.Lock, limit), 0.02, archived)
		}
	}
	assert.True(t, math.IsInf(Deliveries(law.Const(time.Second), time.Millisecond, 0), 1))
	mean.Within(t, "constant processing above V, 7 deliveries at most, closed form", 7, Deliveries(law.Const(time.Second), time.Millisecond, 7), 0)
}

// A release makes a record available at once: (1 - p^R)/(1 - p) deliveries and p^R archived; p = 0.3, R = 3: 1.39 and
// 0.027.
func TestRelease(t *testing.T) {
	c := KIP932()
	c.Release, c.DeliveryLimit, c.MaxRecords, c.Duration = 0.3, 3, 100_000, 24*time.Hour
	c.Rate = 20
	var deliveries, archived stats.Moments
	for c.Seed = range uint64(6) {
		r := simulate(t, c)
		deliveries.Add(r.PerRecord)
		archived.Add(float64(r.Archived) / float64(r.Produced))
	}
	mean := theory("mean deliveries when processing fails", "(1 - p^R)/(1 - p)", "")
	dead := theory("share of records archived when processing fails", "p^R", "")
	rejected := theory("share of records rejected", "p: a rejection is for ever", "")
	const failures = "p = 0.3, R = 3"
	near(t, mean, failures+", released", 1.39, 0.005, deliveries)
	near(t, dead, failures+", released", 0.027, 0.02, archived)
	// A rejection is for ever, a record never acknowledged waits for the end of its lock.
	c.Release, c.Reject = 0, 0.3
	r := simulate(t, c)
	rejected.Within(t, "p = 0.3", 0.3, float64(r.Rejected)/float64(r.Produced), 0.01)
	assert.Equal(t, r.Produced, r.Deliveries)
	c.Reject, c.Silent, c.Rate, c.MaxRecords = 0, 0.3, 5, 5000
	r = simulate(t, c)
	mean.Within(t, failures+", never acknowledged", 1.39, r.PerRecord, 0.05)
	dead.Within(t, failures+", never acknowledged, of 5000", 0.027, float64(r.Archived)/5000, 40./5000)
	// Locks of 30 s end at a multiple of 5 s: 32.5 s on average.
	latency := theory("mean latency when records are never acknowledged", "locks of 30 s end at a multiple of 5 s: 32.5 s for each attempt before the last", "s")
	latency.Within(t, failures, 0.3*0.7*32.5/(1-0.027)+0.09*0.7*65/(1-0.027)+0.1, r.LatencyMean, 1)
}

// Four members and no failures are M/M/4: a wait of 0.745540589734 service times at 80 % load.
func TestMembersAreMM4(t *testing.T) {
	c := KIP932()
	c.MaxRecords, c.Duration = 200_000, 24*time.Hour
	var sojourn stats.Moments
	for c.Seed = range uint64(10) {
		sojourn.Add(simulate(t, c).LatencyMean)
	}
	near(t, theory("mean latency of four members", "M/M/4: one service and the wait of Erlang C", "s"), "load 0.8, services of 100 ms", 0.1*(1+0.745540589734), 0.005, sojourn)
}

// A poison record uses up its deliveries and holds nobody up: with one member its share of the work is 5 deliveries.
func TestPoisonDoesNotBlock(t *testing.T) {
	c := KIP932()
	c.Members, c.Rate, c.Poison, c.Service = 1, 5, 0.01, law.Const(10*time.Millisecond)
	r := simulate(t, c)
	assert.InDelta(t, 100, r.Archived, 40)
	assert.Less(t, r.LatencyMax, 0.2)
	assert.Equal(t, r.Deliveries, r.Accepted+5*r.Archived)
}

// Batches longer than the lock: records come back, some to the member that has them, whose acknowledgement then counts.
func TestSameMember(t *testing.T) {
	c := KIP932()
	c.Members, c.MaxPollRecords, c.Lock, c.Sweep = 1, 100, 2*time.Second, 0
	c.Rate, c.MaxRecords, c.DeliveryLimit = 9, 2000, 50
	r := simulate(t, c)
	assert.Positive(t, r.Expired)
	assert.Positive(t, r.LateAcks+r.SameMember+r.Repeated)
	c.MaxLocks = 1 // one at a time: no lock is shared out ahead of the work
	assert.Zero(t, simulate(t, c).Expired)
}

// Two locks of 7 s that nobody releases, taken in the first second and at 10 s, are found by sweeps at 10 s and 20 s.
func TestSweep(t *testing.T) {
	c := KIP932()
	c.MaxRecords, c.Silent, c.Lock, c.DeliveryLimit, c.Service = 1, 1, 7*time.Second, 2, law.Const(time.Millisecond)
	r := simulate(t, c)
	assert.EqualValues(t, 2, r.Expired)
	end := theory("when two locks that nobody releases have ended", "by hand: locks of 7 s, the first taken within the first second", "s")
	end.Within(t, "swept every 5 s", 20, r.End, 0)
	c.Sweep = 0
	end.Within(t, "at once", 14.5, simulate(t, c).End, 0.5)
}
