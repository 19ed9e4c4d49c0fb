package sqs

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

// FuzzConfig wants of any numbers an error of Validate or a result that adds up.
func FuzzConfig(f *testing.F) {
	f.Add(100, 3, 2, 10, int64(1e9), int64(1e9), int64(0), 10.0, 0.1, 0.1, uint64(1), uint16(0))
	f.Add(50, 3, 5, 10, int64(3e9), int64(5e8), int64(1e9), 3.0, 0.5, 0.0, uint64(2), uint16(0xffff))
	f.Add(10, 0, 0, 1, int64(0), int64(0), int64(0), 5e-324, 1.0, 1.0, uint64(3), uint16(9))
	f.Add(math.MaxInt, math.MaxInt, math.MaxInt, math.MaxInt, int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MaxInt64), math.NaN(), math.Inf(1), 1e300, uint64(math.MaxUint64), uint16(1))
	f.Add(1, 1, 1, 1, int64(1), int64(1), int64(1), math.Copysign(0, -1), math.Copysign(0, -1), 0.0, uint64(0), uint16(4))
	f.Add(-1, -1, -1, -1, int64(-1), int64(math.MinInt64), int64(-1), -1.0, -1.0, math.Inf(-1), uint64(5), uint16(2))
	f.Fuzz(func(t *testing.T, messages, most, workers, batch int, visibility, service, other int64, rate, p, share float64, seed uint64, bits uint16) {
		c := []Config{SQSStandard(), SQSFIFO(), SQSFair(), JetStream(), RedisStreams()}[int(bits)%5]
		on := func(bit int) bool { return bits>>bit&1 == 1 }
		c.Seed = seed
		c.Producer.Messages, c.Queue.MaxReceives, c.Consumer.Workers, c.Consumer.Batch = messages, most, workers, batch
		c.Queue.Visibility, c.Consumer.Service = time.Duration(visibility), Exp(time.Duration(service))
		c.Producer.Steps = []Step{{Rate: rate}, {At: time.Duration(other), Rate: rate, Hot: share}}
		c.Consumer.FailureProbability, c.Producer.PoisonShare = p, share
		c.Queue.Delay, c.Consumer.NackDelay = time.Duration(other), time.Duration(other)
		if on(4) {
			c.Consumer.Failure, c.Queue.LateDelete = Nack, LateDelete(bits>>8)
		}
		if on(5) {
			c.Consumer.Heartbeat, c.Consumer.Extend = time.Duration(other), time.Duration(visibility)
		}
		if on(6) {
			c.Consumer.Wait, c.Consumer.Pause = 0, time.Duration(other)
		}
		if on(7) {
			c.Consumer.Lambda = LambdaPollers(time.Duration(visibility))
		}
		if on(8) {
			c.Producer.Arrivals, c.Producer.ResendProbability, c.Producer.ResendDelay = AtOnce, p, law.Const(time.Duration(other))
		}
		if on(9) {
			c.Queue.InFlightCap, c.Queue.LookAhead, c.Queue.DuplicateProbability = messages, messages, p
		}
		if on(10) {
			c.Queue.Redrive = Redrive{At: time.Duration(other), Rate: rate}
		}
		c.Consumer.Prefetch = on(11)
		c.Duration, c.MaxCalls = time.Hour, 20_000
		if err := c.Validate(); err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			_, again := Simulate(c)
			require.Equal(t, err.Error(), again.Error())
			return
		}
		if messages > 20_000 || workers > 1000 {
			return
		}
		r, err := Simulate(c)
		require.NoError(t, err)
		checkResult(t, r)
	})
}

// FuzzTimeout wants probabilities of the closed forms, and that a maximum never adds deliveries.
func FuzzTimeout(f *testing.F) {
	f.Add(int64(1e9), int64(1e9), int64(0), int64(0), 0.0, 3, 0)
	f.Add(int64(1e9), int64(0), int64(1e9), int64(1), 1.0, 0, 1)
	f.Add(int64(0), int64(1e9), int64(7), int64(1e8), 0.5, 1, 2)
	f.Add(int64(1), int64(math.MaxInt64/4), int64(1), int64(1e9), 5e-324, 1000, 0)
	f.Add(int64(1e9+37), int64(0), int64(1e9), int64(1), 1.0, 0, 0)
	f.Add(int64(1e9), int64(1e9), int64(1), int64(0), 0.999999, 0, 0)
	f.Fuzz(func(t *testing.T, service, visibility, scan, latency int64, p float64, r, late int) {
		x := Timeout{
			Service: Exp(time.Duration(service)), Visibility: time.Duration(visibility), Late: LateDelete(late), MaxReceives: r,
			Failure: p, DeleteLatency: time.Duration(latency), Expiry: Expiry{Scan: time.Duration(scan)},
		}
		day := int64(24 * time.Hour)
		bad := x.Service.Validate() != nil || min(visibility, scan, latency) < 0 || max(visibility, scan, latency) > day
		if bad || !(p >= 0 && p <= 1) || r < 0 || r > 100 || late < 0 || late > 2 {
			return
		}
		n := x.Deliveries()
		require.True(t, n >= 1, "%g of %+v", n, x)
		for _, share := range []float64{x.Duplicates(), x.Dead(), x.MoreThan(5)} {
			require.True(t, share >= 0 && share <= 1+1e-9, "%g of %+v", share, x)
		}
		if r > 0 {
			require.LessOrEqual(t, n, float64(r)*(1+1e-9))
		}
		require.GreaterOrEqual(t, x.DeadAfter(), 0.0)
	})
}
