package client

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/rng"
	"cloudconcepts/internal/stats"
)

func run(t testing.TB, c Config) Result {
	t.Helper()
	r, err := Simulate(c)
	require.NoError(t, err)
	return r
}

// shorter is n, or a fiftieth of it in a short run.
func shorter(n int) int {
	if testing.Short() {
		return max(1, n/50)
	}
	return n
}

// loose is a tolerance, or one for a fiftieth of the sample in a short run.
func loose(x float64) float64 {
	if testing.Short() {
		return 8 * x
	}
	return x
}

// The means of the laws with b = 5 ms. The decorrelated law's follow from
// m <- (b + 3 m)/2 while the cap is out of reach.
func TestBackoffMeans(t *testing.T) {
	b := Backoff{Base: 5 * time.Millisecond, Cap: 100 * time.Millisecond}
	for n, want := range map[int]float64{1: 10, 2: 20, 4: 80, 5: 100, 50: 100} {
		for law, share := range map[Jitter]float64{None: 0, Exponential: 1, FullJitter: 0.5, EqualJitter: 0.75} {
			b.Jitter = law
			assert.Equal(t, time.Duration(share*want*1e6), b.Mean(n), "%v, retry %d", law, n)
		}
	}
	d := Backoff{Jitter: Decorrelated, Base: 5 * time.Millisecond, Cap: time.Hour}
	for i, want := range []float64{10, 17.5, 28.75, 45.625, 70.9375, 108.90625} {
		assert.InDelta(t, want*1e6, float64(d.Mean(i+1)), 1, "retry %d", i+1)
	}
	assert.Zero(t, d.Mean(0))
}

// Drawn waits against the means, every law, below and at the cap.
func TestBackoffDraws(t *testing.T) {
	runs := shorter(200_000)
	for law := None; law <= Decorrelated; law++ {
		b := Backoff{Jitter: law, Base: 5 * time.Millisecond, Cap: 60 * time.Millisecond}
		r := rng.New(7, uint64(law))
		var sums [7]stats.Moments
		for range runs {
			w := int64(0)
			for n := 1; n < len(sums); n++ {
				w = b.wait(n, w, r)
				require.True(t, w >= 0 && w <= int64(b.Cap), "%v: %d", law, w)
				sums[n].Add(float64(w))
			}
		}
		for n := 1; n < len(sums); n++ {
			mean := float64(b.Mean(n))
			// The grid of the capped law is good to 0.2 %; a wait is cut to whole ns.
			tolerance := 4*sums[n].StandardError() + 1
			if law == Decorrelated {
				tolerance += 0.002 * mean
			}
			assert.InDelta(t, mean, sums[n].Mean(), tolerance, "%v, retry %d", law, n)
		}
	}
}

// Full jitter reaches down to 0, equal jitter to half, the decorrelated law to
// its base, and each up to its window.
func TestBackoffRanges(t *testing.T) {
	for law, want := range map[Jitter][2]float64{FullJitter: {0, 40}, EqualJitter: {20, 40}, Decorrelated: {5, 90}, Exponential: {40, 40}} {
		b := Backoff{Jitter: law, Base: 5 * time.Millisecond, Cap: time.Second}
		r := rng.New(1)
		low, high := math.Inf(1), 0.0
		for range 20_000 {
			w := float64(b.wait(3, 30e6, r)) / 1e6
			low, high = min(low, w), max(high, w)
		}
		assert.InDelta(t, want[0], low, 0.1, "%v", law)
		assert.InDelta(t, want[1], high, 0.1, "%v", law)
	}
}

// An M/M/1 queue's sojourn is exponential with rate mu - lambda. What times
// out is served all the same, so it changes nothing:
// P(timeout) = e^(-(mu - lambda) tau).
func TestTimeoutsOfMM1(t *testing.T) {
	c := Default()
	c.Rate, c.Server.Service, c.Timeout = 70, Exp(10*time.Millisecond), 50*time.Millisecond
	c.Duration = time.Duration(shorter(40_000)) * time.Second
	r := run(t, c)
	want := math.Exp(-30 * 0.05)
	// Timeouts come in bunches: about 2/(1-sqrt(rho))^2 = 75 requests share a busy spell.
	se := math.Sqrt(want * (1 - want) * 75 / float64(r.Attempts.Sent))
	assert.Less(t, se, loose(0.02*want))
	assert.InDelta(t, want, float64(r.Attempts.TimedOut)/float64(r.Attempts.Sent), 4*se)
	assert.InDelta(t, want, r.WastedShare, 4*se)
	assert.InDelta(t, 0.7, r.Utilization, loose(0.01))
	assert.InDelta(t, 0.7*0.7/0.3, r.MeanQueue, loose(0.1))
	assert.Zero(t, r.Retries)
}

// Without timeouts the latency is the sojourn: mean 1/(mu - lambda), p99
// ln(100)/(mu - lambda).
func TestLatencyOfMM1(t *testing.T) {
	c := Default()
	c.Rate, c.Server.Service, c.Timeout = 50, Exp(10*time.Millisecond), 0
	c.Duration = time.Duration(shorter(20_000)) * time.Second
	r := run(t, c)
	assert.InEpsilon(t, 0.02, r.Latency.Mean, loose(0.02))
	assert.InEpsilon(t, math.Log(2)/50, r.Latency.P50, loose(0.02))
	assert.InEpsilon(t, math.Log(100)/50, r.Latency.P99, loose(0.04))
	assert.Zero(t, r.Attempts.TimedOut)
}

// M/M/4/10: Erlang's loss formula with 6 waiting places, lambda = 5 mu:
// loss 0.230024325429412.
func TestLossOfABoundedLine(t *testing.T) {
	c := Default()
	c.Rate, c.Timeout = 500, 0
	c.Server.Servers, c.Server.Service, c.Server.Places = 4, Exp(10*time.Millisecond), 6
	c.Duration = time.Duration(shorter(5000)) * time.Second
	r := run(t, c)
	assert.InEpsilon(t, 0.230024325429412, float64(r.Attempts.LineFull)/float64(r.Attempts.Sent), loose(0.01))
	assert.Equal(t, r.Attempts.LineFull, r.Requests.Rejected)
	assert.Equal(t, 6, r.MaxQueue)
}

// A bucket of b tokens refilled at rate 1 rejects as an M/D/1/b queue loses.
func TestTokenBucketRejects(t *testing.T) {
	for _, v := range []struct{ load, burst, want, tolerance float64 }{
		{1.2, 10, 0.170910768540414, 0.01},
		{0.9, 10, 0.0166317478289464, 0.04},
		{0.8, 5, 0.0352903964361808, 0.04},
	} {
		c := Default()
		c.Rate, c.Timeout = 1000*v.load, 0
		c.Server.Service = Const(0)
		c.Server.Bucket = TokenBucket{Rate: 1000, Burst: v.burst}
		c.Duration = time.Duration(shorter(2000)) * time.Second
		r := run(t, c)
		assert.InEpsilon(t, v.want, float64(r.Attempts.OverRate)/float64(r.Attempts.Sent), loose(v.tolerance), "load %v", v.load)
		assert.Equal(t, r.Attempts.OverRate, r.Requests.Rejected)
	}
}

// A FIFO line that throws out at its head what has waited longer than D:
// loss (1-rho) rho e^(-(1-rho)D) / (1 - rho^2 e^(-(1-rho)D)).
func TestExpiringLine(t *testing.T) {
	for _, v := range []struct{ rho, deadline, want float64 }{{1.5, 10, 0.334334545978}, {1.2, 5, 0.223855421877}} {
		c := Default()
		c.Rate, c.Timeout = 1000*v.rho, 0
		c.Server.Service, c.Server.Discipline = Exp(time.Millisecond), Expire
		c.Server.Deadline = time.Duration(v.deadline * float64(time.Millisecond))
		c.Duration = time.Duration(shorter(1000)) * time.Second
		r := run(t, c)
		assert.InEpsilon(t, v.want, float64(r.Attempts.Dropped)/float64(r.Attempts.Sent), loose(0.007), "rho %v", v.rho)
	}
}

// Credits bound the throughput by credits/(round trip + service).
func TestCreditsBoundThroughput(t *testing.T) {
	c := Default()
	c.Rate, c.Timeout, c.Credits, c.RoundTrip = 1000, 0, 10, 100*time.Millisecond
	c.Server.Servers, c.Server.Service = 1000, Const(0)
	c.Duration = 20 * time.Second
	assert.InDelta(t, 100, run(t, c).Goodput, 1)
	c.Server.Service = Const(100 * time.Millisecond)
	r := run(t, c)
	assert.InDelta(t, 50, r.Goodput, 0.5)
	assert.Zero(t, r.MeanQueue, "all that waits is held at the client")
}

// While the server accepts A of L per second and rejects the rest, adaptive
// throttling lets K A through: the server rejects (K-1) A.
func TestThrottleEquilibrium(t *testing.T) {
	for _, k := range []float64{1.5, 2, 4} {
		c := Default()
		c.Rate, c.Timeout, c.Server.Service = 1000, 0, Const(0)
		c.Server.Bucket = TokenBucket{Rate: 100, Burst: 10}
		c.Throttle = SRE()
		c.Throttle.K = k
		c.Throttle.Window = 10 * time.Second
		c.Duration = time.Duration(10+shorter(490)) * time.Second
		r := run(t, c)
		reached := float64(r.Attempts.Sent-r.Attempts.Throttled) / c.Duration.Seconds()
		assert.InEpsilon(t, k*100, reached, loose(0.03), "K = %v", k)
	}
	assert.InDelta(t, 0.5, SRE().Probability(999, 249.5), 1e-12)
	assert.Zero(t, SRE().Probability(100, 50))
	assert.Zero(t, Throttle{}.Probability(100, 0))
}

// If everything is refused, a request takes 1 + retries attempts without a
// budget, and with one of ratio b there are b retries for each request.
func TestBudgetsInATotalOutage(t *testing.T) {
	c := Default()
	c.Regular, c.Rate, c.Duration = true, 100, 100*time.Second
	c.Outages = []Outage{{Start: 0, Duration: time.Hour, Kind: Refuse}}
	c.Retries = 3
	assert.Zero(t, run(t, c).Retries, "rejections are not retried unless asked for")
	c.RetryRejected = true
	r := run(t, c)
	assert.Equal(t, 4.0, r.Amplification)
	assert.Equal(t, r.Attempts.Sent, r.Attempts.Refused)

	c.Budget = RatioBudget(0.1)
	r = run(t, c)
	assert.InDelta(t, 0.1*float64(r.Requests.Offered)+10, float64(r.Retries), 1)

	c.Budget = AWSRetryQuota()
	assert.EqualValues(t, 500/5, run(t, c).Retries)
	c.Outages[0].Kind = Stall
	r = run(t, c)
	assert.EqualValues(t, 500/10, r.Retries, "a timeout costs 10")
	assert.Positive(t, r.BudgetDenied)
}

func TestStableLoad(t *testing.T) {
	assert.Equal(t, 150.0, StableLoad(300, 1))
	assert.InDelta(t, 272.727, StableLoad(300, 0.1), 1e-3)
	assert.Equal(t, 300.0, StableLoad(300, 0))
}

// Fluid recovery of the example: 33, 54, 118, 246 s.
func TestRecoverySeconds(t *testing.T) {
	for load, want := range map[float64]float64{120: 33, 130: 54.25, 140: 118, 145: 245.5, 150: math.Inf(1), 280: math.Inf(1)} {
		assert.Equal(t, want, RecoverySeconds(300, load, 10, 1), "load %v", load)
	}
	assert.Zero(t, RecoverySeconds(300, 10, 1, 1))
	assert.Equal(t, 7.5, DrainSeconds(160, 96, 5))
	assert.Equal(t, math.Inf(1), DrainSeconds(160, 160, 5))
	assert.Equal(t, 50.0, OutageBacklog(10, 5, 9), "no timeouts within the outage")
}
