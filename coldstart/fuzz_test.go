package coldstart

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzConfig wants of any numbers an error of Validate or a result that adds up.
func FuzzConfig(f *testing.F) {
	f.Add(0.9, 0.5, 1.0, int64(2e9), int64(6e11), int64(1e6), 128, 10, 3, uint64(1), uint32(0))
	f.Add(20.0, 0.1, 2.0, int64(2e8), int64(1e9), int64(1e9), 1024, 200, 2, uint64(2), uint32(0xffffffff))
	f.Add(1.0, math.NaN(), math.Inf(1), int64(0), int64(0), int64(0), 0, 0, 0, uint64(3), uint32(9))
	f.Add(math.NaN(), 1e300, 0.0, int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64), math.MaxInt, math.MaxInt, math.MaxInt, uint64(math.MaxUint64), uint32(1<<20))
	f.Add(5e-324, math.Copysign(0, -1), -1.0, int64(math.MinInt64), int64(-1), int64(1), -1, -1, -1, uint64(0), uint32(4))
	f.Add(1.0, math.NaN(), math.Inf(1), int64(0), int64(27), int64(0), 158, 0, 111, uint64(3), uint32(47))
	f.Add(100.0, 1.0, 1.0, int64(1), int64(1), int64(1), 10240, 1, 1, uint64(5), uint32(0x5a5a5a5a))
	f.Fuzz(func(t *testing.T, rate, p, factor float64, work, keep, other int64, memory, most, few int, seed uint64, bits uint32) {
		on := func(bit int) bool { return bits>>bit&1 == 1 }
		c := Default()
		c.Seed, c.MemoryMB, c.Limits.Reserved = seed, memory, most
		c.Arrivals, c.Warm, c.Cold.Response, c.KeepAlive = Poisson(rate), Exp(time.Duration(work)), Const(time.Duration(other)), Fixed(time.Duration(keep))
		c.Duration, c.MaxRequests = mostDuration, 3000
		c.Selection = Selection(bits & 3)
		if on(2) {
			c.KeepAlive = Lasting(Exp(time.Duration(keep)))
		}
		if on(3) {
			c.KeepAlive = Halving(time.Duration(keep))
		}
		if on(4) {
			c.Cold.Kind, c.Cold.Runtime, c.Cold.Function, c.Cold.InitLimit = Phases, "go-zip-x86", Exp(time.Duration(other)), time.Duration(other)
			c.Cold.Proactive, c.Cold.Package, c.Cold.Bandwidth, c.Cold.FirstCall = p, rate, factor, Exp(time.Duration(other))
		}
		if on(5) {
			c.Limits.Scaling, c.Limits.Burst, c.Limits.Refill = Scaling(bits>>6&3), few, factor
		}
		if on(8) {
			c.Provisioned = Provisioned{few, most}
		}
		if on(9) {
			c.Retry = Retry{
				Kind: RetryKind(bits >> 10 & 3), First: time.Duration(other), Most: time.Duration(keep), Factor: factor, Jitter: p, Attempts: min(few, 20),
				MaxAge: time.Duration(keep),
			}
		}
		if on(12) {
			c.ErrorProbability = p
		}
		if on(13) {
			c.Timeout = time.Duration(work)
		}
		if on(14) {
			c.Warmer = Warmer{few, time.Duration(other), Const(time.Duration(work))}
		}
		if on(15) {
			c.PerInstance = few
		}
		if on(16) {
			c.Arrivals = Steps(Step{At: 0, Rate: rate}, Step{At: time.Duration(other), Rate: rate * p})
		}
		if on(17) {
			c.Arrivals = Diurnal(rate, p, time.Duration(other))
		}
		if on(18) {
			c.Arrivals = OnOff(rate, p, time.Duration(work), time.Duration(other)).InBatches(few)
		}
		if on(19) {
			c.Warmup = time.Duration(other)
		}
		if on(20) {
			c.Arrivals, c.Trace = FromTrace(), []time.Duration{0, time.Duration(work), time.Duration(other)}
		}
		if on(21) {
			c.CPU.Work = Exp(time.Duration(work))
		}
		if on(22) {
			c.Limits.Requests = factor
		}
		c.Records = few
		err := c.Validate()
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			_, again := Simulate(c)
			require.Equal(t, err.Error(), again.Error())
			return
		}
		if tooLong(c) {
			return
		}
		r, err := Simulate(c)
		require.NoError(t, err)
		checkResult(t, r)
		if !c.stackable() {
			return
		}
		c.Engine = Events
		events := simulate(t, c)
		events.Config.Engine = Auto
		require.Equal(t, r, events)
	})
}

// tooLong tells whether a run would take long for other reasons than its requests: pings, retries for months, many provisioned environments.
func tooLong(c Config) bool {
	end := c.Duration.Seconds()
	if !c.Arrivals.Traced() {
		end = min(end, 1e4*float64(c.MaxRequests)/c.Arrivals.Rate())
	}
	pings := float64(c.Warmer.Concurrent) * end / max(c.Warmer.Every.Seconds(), 1e-3)
	tries := c.Retry.MaxAge.Seconds() / max(c.Retry.First.Seconds(), 1e-6)
	return c.Warmer.Concurrent > 0 && pings > 1e5 || c.Retry.Kind == AsyncRetry && tries > 100 || c.Provisioned.Count > 1000
}

// FuzzText wants of any text an error or something that reads its own text back.
func FuzzText(f *testing.F) {
	for _, text := range []string{"10m", "halving:380s", "never", "exp:10m", "poisson:1/s", "halving:NaN"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := ParseKeepAlive(text); err == nil {
			again, err := ParseKeepAlive(k.String())
			require.NoError(t, err)
			require.Equal(t, k, again)
		}
	})
}
