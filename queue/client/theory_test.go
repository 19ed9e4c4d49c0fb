package client

import (
	"fmt"
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
	mean := formula("mean backoff by law and retry", "min(cap, b 2^n) times 0 (none), 1 (exponential), 1/2 (full), 3/4 (equal jitter); decorrelated m <- (b + 3 m)/2", "ms")
	b := Backoff{Base: 5 * time.Millisecond, Cap: 100 * time.Millisecond}
	for _, x := range []struct {
		retry  int
		window float64
	}{{1, 10}, {2, 20}, {4, 80}, {5, 100}, {50, 100}} {
		for _, y := range []struct {
			law   Jitter
			share float64
		}{{None, 0}, {Exponential, 1}, {FullJitter, 0.5}, {EqualJitter, 0.75}} {
			b.Jitter = y.law
			mean.Within(t, fmt.Sprintf("%v, retry %d, from 5 to 100 ms", y.law, x.retry), y.share*x.window, milliseconds(b.Mean(x.retry)), 0)
		}
	}
	d := Backoff{Jitter: Decorrelated, Base: 5 * time.Millisecond, Cap: time.Hour}
	for i, want := range []float64{10, 17.5, 28.75, 45.625, 70.9375, 108.90625} {
		mean.Within(t, fmt.Sprintf("%v, retry %d, from 5 ms, no cap", d.Jitter, i+1), want, milliseconds(d.Mean(i+1)), 1e-6)
	}
	assert.Zero(t, d.Mean(0))
}

func milliseconds(d time.Duration) float64 { return float64(d) / 1e6 }

// Drawn waits against the means, every law, below and at the cap.
func TestBackoffDraws(t *testing.T) {
	drawn := formula("mean of drawn backoffs", "exported mean of each law, by 200,000 draws", "ms")
	runs := shorter(200_000)
	for law := None; law <= Decorrelated; law++ {
		b := Backoff{Jitter: law, Base: 5 * time.Millisecond, Cap: 60 * time.Millisecond}
		r := rng.New(7, uint64(law))
		var sums [7]stats.Moments
		for range runs {
			w := time.Duration(0)
			for n := 1; n < len(sums); n++ {
				w = b.Wait(n, w, r)
				require.True(t, w >= 0 && w <= b.Cap, "%v: %d", law, w)
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
			drawn.Within(t, fmt.Sprintf("%v, retry %d, from 5 to 60 ms", law, n), mean/1e6, sums[n].Mean()/1e6, tolerance/1e6)
		}
	}
}

// Full jitter reaches down to 0, equal jitter to half, the decorrelated law to
// its base, and each up to its window.
func TestBackoffRanges(t *testing.T) {
	ends := formula("ends of the range of drawn backoffs", "full jitter 0 to w, equal jitter w/2 to w, exponential w, decorrelated b to 3 times the wait before", "ms")
	for _, x := range []struct {
		law       Jitter
		low, high float64
	}{{Exponential, 40, 40}, {FullJitter, 0, 40}, {EqualJitter, 20, 40}, {Decorrelated, 5, 90}} {
		b := Backoff{Jitter: x.law, Base: 5 * time.Millisecond, Cap: time.Second}
		r := rng.New(1)
		low, high := math.Inf(1), 0.0
		for range 20_000 {
			w := float64(b.Wait(3, 30e6, r)) / 1e6
			low, high = min(low, w), max(high, w)
		}
		ends.Within(t, fmt.Sprintf("%v, retry 3, from 5 ms, lowest of 20,000", x.law), x.low, low, 0.1)
		ends.Within(t, fmt.Sprintf("%v, retry 3, from 5 ms, highest of 20,000", x.law), x.high, high, 0.1)
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
	const at = "load 0.7, timeout of 5 services"
	late := formula("share of attempts that time out at an M/M/1 queue", "e^(-(mu - lambda) tau)", "")
	late.Within(t, at, want, float64(r.Attempts.TimedOut)/float64(r.Attempts.Sent), 4*se)
	late.Within(t, at+", as work that is wasted", want, r.WastedFraction, 4*se)
	line := formula("utilization and mean line of an M/M/1 queue behind clients", "rho, rho^2/(1 - rho)", "")
	line.Within(t, at+", utilization", 0.7, r.Utilization, loose(0.01))
	line.Within(t, at+", mean line", 0.7*0.7/0.3, r.QueueMean, loose(0.1))
	assert.Zero(t, r.Retries)
}

// Without timeouts the latency is the sojourn: mean 1/(mu - lambda), p99
// ln(100)/(mu - lambda).
func TestLatencyOfMM1(t *testing.T) {
	c := Default()
	c.Rate, c.Server.Service, c.Timeout = 50, Exp(10*time.Millisecond), 0
	c.Duration = time.Duration(shorter(20_000)) * time.Second
	r := run(t, c)
	latency := formula("latency of an M/M/1 queue behind clients", "exponential with the rate mu - lambda", "s")
	latency.Relative(t, "50/s on 100/s, mean", 0.02, r.Latency.Mean, loose(0.02))
	latency.Relative(t, "50/s on 100/s, median", math.Log(2)/50, r.Latency.P50, loose(0.02))
	latency.Relative(t, "50/s on 100/s, p99", math.Log(100)/50, r.Latency.P99, loose(0.04))
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
	loss := formula("share of attempts that find the line full", "loss of M/M/c/K: birth and death chain", "")
	loss.Relative(t, "4 servers, 6 in line, 5 Erlang", 0.230024325429412, float64(r.Attempts.LineFull)/float64(r.Attempts.Sent), loose(0.01))
	assert.Equal(t, r.Attempts.LineFull, r.Requests.Rejected)
	assert.Equal(t, 6, r.QueueMax)
}

// A bucket of b tokens refilled at rate 1 rejects as an M/D/1/b queue loses.
func TestTokenBucketRejects(t *testing.T) {
	rejected := formula("share of attempts that a token bucket rejects", "loss of M/D/1/b: embedded chain", "")
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
		bucket := fmt.Sprintf("load %v, %v tokens", v.load, v.burst)
		rejected.Relative(t, bucket, v.want, float64(r.Attempts.OverRate)/float64(r.Attempts.Sent), loose(v.tolerance))
		assert.Equal(t, r.Attempts.OverRate, r.Requests.Rejected)
	}
}

// A FIFO line that throws out at its head what has waited longer than D:
// loss (1-rho) rho e^(-(1-rho)D) / (1 - rho^2 e^(-(1-rho)D)).
func TestExpiringLine(t *testing.T) {
	dropped := formula("share of attempts that an expiring line drops", "(1 - rho) rho e^(-(1 - rho) D)/(1 - rho^2 e^(-(1 - rho) D)), D in services", "")
	for _, v := range []struct{ rho, deadline, want float64 }{{1.5, 10, 0.334334545978}, {1.2, 5, 0.223855421877}} {
		c := Default()
		c.Rate, c.Timeout = 1000*v.rho, 0
		c.Server.Service, c.Server.Discipline = Exp(time.Millisecond), Expire
		c.Server.Deadline = time.Duration(v.deadline * float64(time.Millisecond))
		c.Duration = time.Duration(shorter(1000)) * time.Second
		r := run(t, c)
		deadline := fmt.Sprintf("load %v, deadline of %v services", v.rho, v.deadline)
		dropped.Relative(t, deadline, v.want, float64(r.Attempts.Dropped)/float64(r.Attempts.Sent), loose(0.007))
	}
}

// Credits bound the throughput by credits/(round trip + service).
func TestCreditsBoundThroughput(t *testing.T) {
	c := Default()
	c.Rate, c.Timeout, c.Credits, c.RoundTrip = 1000, 0, 10, 100*time.Millisecond
	c.Server.Servers, c.Server.Service = 1000, Const(0)
	c.Duration = 20 * time.Second
	bound := formula("goodput under credits", "credits/(round trip + service)", "/s")
	bound.Within(t, "10 credits, round trip 100 ms, no service", 100, run(t, c).Goodput, 1)
	c.Server.Service = Const(100 * time.Millisecond)
	r := run(t, c)
	bound.Within(t, "10 credits, round trip 100 ms, service 100 ms", 50, r.Goodput, 0.5)
	assert.Zero(t, r.QueueMean, "all that waits is held at the client")
}

// While the server accepts A of L per second and rejects the rest, adaptive
// throttling lets K A through: the server rejects (K-1) A.
func TestThrottleEquilibrium(t *testing.T) {
	through := formula("rate that adaptive throttling lets through", "K times what the server accepts", "/s")
	probability := formula("share that adaptive throttling rejects", "max(0, (requests - K accepts)/(requests + 1))", "")
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
		through.Relative(t, fmt.Sprintf("K = %v, 100/s of 1000/s accepted", k), k*100, reached, loose(0.03))
	}
	probability.Within(t, "K = 2, 999 requests, 249.5 accepts", 0.5, SRE().Probability(999, 249.5), 1e-12)
	assert.Zero(t, SRE().Probability(100, 50))
	assert.Zero(t, Throttle{}.Probability(100, 0))
}

// If everything is refused, a request takes 1 + retries attempts without a
// budget, and with one of ratio b there are b retries for each request.
func TestBudgetsInATotalOutage(t *testing.T) {
	c := Default()
	c.Regular, c.Rate, c.Duration = true, 100, 100*time.Second
	c.Outages = []Outage{{At: 0, For: time.Hour, Kind: Refuse}}
	c.Retries = 3
	assert.Zero(t, run(t, c).Retries, "rejections are not retried unless asked for")
	c.RetryRejected = true
	r := run(t, c)
	formula("attempts for each request in a total outage", "1 + retries", "").Within(t, "3 retries", 4, r.Amplification, 0)
	retries := formula("retries in a total outage", "b for each request and 10; tokens/cost", "")
	assert.Equal(t, r.Attempts.Sent, r.Attempts.Refused)

	c.Budget = RatioBudget(0.1)
	r = run(t, c)
	retries.Within(t, "budget of 0.1 for each request", 0.1*float64(r.Requests.Offered)+10, float64(r.Retries), 1)

	c.Budget = AWSRetryQuota()
	retries.Within(t, "AWS's quota: 500 tokens, 5 for a refusal", 500/5, float64(run(t, c).Retries), 0)
	c.Outages[0].Kind = Stall
	r = run(t, c)
	retries.Within(t, "AWS's quota: 500 tokens, 10 for a timeout", 500/10, float64(r.Retries), 0)
	assert.Positive(t, r.BudgetDenied)
}

func TestStableLoad(t *testing.T) {
	stable := formula("load that recovers from any trigger", "C/(1 + R), C/(1 + b)", "/s")
	stable.Within(t, "300/s, 1 retry", 150, StableLoad(300, 1), 0)
	stable.Within(t, "300/s, 0.1 retries for each request", 272.727, StableLoad(300, 0.1), 1e-3)
	stable.Within(t, "300/s, no retry", 300, StableLoad(300, 0), 0)
}
