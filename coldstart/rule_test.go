package coldstart

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"cloudconcepts/internal/stats"
)

// Of two idle environments, of which 2 is younger: who serves two requests at 7 s and one at 13 s.
func TestWhoIsChosen(t *testing.T) {
	s := time.Second
	for selection, want := range map[Selection][]int64{MRU: {2, 1, 1}, Newest: {2, 1, 2}, LRU: {1, 2, 1}} {
		c := calls(0, s, 7*s, 7*s, 13*s)
		c.Warm, c.Selection = Const(5*s), selection
		r := simulate(t, c)
		got := []int64{}
		for _, x := range r.Records[2:] {
			got = append(got, x.Instance)
		}
		assert.Equal(t, want, got, selection)
	}
}

// An environment that ends in the very moment of a request still serves it, whatever the law.
func TestTieOfHalving(t *testing.T) {
	c := Default()
	c.Arrivals, c.Warm, c.Cold.Response, c.KeepAlive = Renewal(Const(380*time.Second)), Const(0), Const(0), Halving(380*time.Second)
	assert.EqualValues(t, 1, simulate(t, c).Cold)
}

// Tokens do not pile up beyond the burst.
func TestTokensStayInTheBucket(t *testing.T) {
	c := calls()
	for range 100 {
		c.Trace = append(c.Trace, 1000*time.Second)
	}
	c.Limits.Scaling, c.Limits.Burst, c.Limits.Refill = AWSScaling, 10, 1
	r := simulate(t, c)
	assert.EqualValues(t, 10, r.Cold)
	assert.EqualValues(t, 90, r.Throttles.Scaling)
}

func TestTimeoutOfAWholeResponse(t *testing.T) {
	c := calls(0, time.Second)
	c.Cold.Kind, c.Cold.Response, c.Timeout = Whole, Const(time.Minute), 500*ms
	r := simulate(t, c)
	assert.EqualValues(t, 2, r.Timeouts)
	assert.EqualValues(t, 2, r.Failed)
	assert.EqualValues(t, 2, r.Cold)
}

func TestJitterShortensDelays(t *testing.T) {
	c := calls(0, 0)
	c.Limits.Reserved = 1
	c.Retry = Retry{Kind: SyncRetry, First: 100 * time.Second, Most: 100 * time.Second, Factor: 1, Attempts: 1000}
	assert.Equal(t, 100*time.Second, simulate(t, c).Records[1].Start)
	c.Retry.Jitter = 1
	assert.Less(t, simulate(t, c).Records[1].Start, 100*time.Second)
}

// After a function error the delays of throttled tries begin anew: the second try comes at 60.1 s, is throttled, and comes again at 61.1 s; the
// third comes 2 min after that.
func TestDelaysAfterAnError(t *testing.T) {
	c := calls(0, 60*time.Second+50*ms)
	c.Limits.Reserved, c.ErrorProbability, c.Retry = 1, 1, RetryPolicy(AsyncRetry)
	r := simulate(t, c)
	assert.Equal(t, 181*time.Second+200*ms, r.Records[0].Start)
}

// The intervals are about as wide as independent runs differ.
func TestIntervals(t *testing.T) {
	var p, n, halfP, halfN stats.Moments
	for i := range 40 {
		c := Default()
		c.Duration, c.Warmup, c.Seed = 2e5*time.Second, 5000*time.Second, uint64(i)
		r := simulate(t, c)
		p.Add(r.ColdProbability)
		n.Add(r.InstancesMean)
		halfP.Add((r.ColdHigh - r.ColdLow) / 2)
		halfN.Add((r.Instances.High - r.Instances.Low) / 2)
		assert.InDelta(t, r.LatencyMean, r.Latency.Mean, 0.01)
	}
	// Batches shorter than the life of an environment, 6,400 s, differ more than runs do: a cold start spares others.
	assert.InDelta(t, 2.4, halfP.Mean()/p.SD(), 0.8)
	assert.InDelta(t, 2, halfN.Mean()/n.SD(), 0.8)
}
