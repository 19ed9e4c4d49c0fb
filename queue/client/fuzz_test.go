package client

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

// nibbler hands out the bytes of a fuzz input, zeros at its end.
type nibbler []byte

func (n *nibbler) word() uint64 {
	var b [8]byte
	used := copy(b[:], *n)
	*n = (*n)[used:]
	return binary.LittleEndian.Uint64(b[:])
}

func (n *nibbler) float() float64      { return math.Float64frombits(n.word()) }
func (n *nibbler) span() time.Duration { return time.Duration(n.word()) }

func (n *nibbler) small() int {
	if len(*n) == 0 {
		return 0
	}
	b := (*n)[0]
	*n = (*n)[1:]
	return int(int8(b))
}

func (n *nibbler) law() Law {
	switch n.small() {
	case 1:
		return law.Const(n.span())
	case 2:
		return law.Pareto(n.float(), n.span())
	case 3:
		return law.Hyper(n.float(), n.span())
	}
	return law.Exp(n.span())
}

func (n *nibbler) config() Config {
	c := Config{
		Rate: n.float(), Regular: n.small()&1 == 1, Timeout: n.span(), Retries: n.small(), RetryRejected: n.small()&1 == 1,
		Backoff: Backoff{Jitter(n.small()), n.span(), n.span()},
		Server:  Server{Servers: n.small(), Service: n.law(), Places: n.small(), Full: Full(n.small()), Discipline: Discipline(n.small()), Policy: DefaultPolicy()},
		Credits: int64(n.small()), MaxInFlight: int64(n.small()), RoundTrip: n.span(),
		Duration: n.span(), MaxAttempts: int64(n.word()), Step: n.span(), Seed: 1,
	}
	c.Server.Deadline = n.span()
	c.Server.Bucket = TokenBucket{n.float(), n.float()}
	c.Budget = Budget{n.float(), n.float(), n.float(), n.float(), n.float(), n.small()&1 == 1}
	c.Throttle = Throttle{n.float(), n.span()}
	for range n.small() & 3 {
		c.Outages = append(c.Outages, Outage{n.span(), n.span(), OutageKind(n.small())})
		c.Steps = append(c.Steps, RateStep{n.span(), n.float()})
	}
	if n.small()&1 == 1 {
		c.Breaker = Breaker{n.small(), n.small(), n.float(), n.float(), n.span(), n.span(), n.small()}
	}
	return c
}

func seedBytes(words ...any) (b []byte) {
	for _, w := range words {
		switch w := w.(type) {
		case int:
			b = append(b, byte(w))
		case time.Duration:
			b = binary.LittleEndian.AppendUint64(b, uint64(w))
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(w))
		}
	}
	return b
}

// FuzzSimulate: either Validate refuses a config, or the run ends and all
// invariants hold.
func FuzzSimulate(f *testing.F) {
	odd := []float64{0, math.Copysign(0, -1), 1, 300, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324}
	for i, x := range odd {
		for discipline := range 9 {
			f.Add(seedBytes(x, i, time.Second, 2, 1, i%5, time.Millisecond, time.Second,
				3, i%4, time.Millisecond, 20, i%3, discipline, 0, 0, time.Millisecond, time.Minute, time.Hour, time.Second,
				time.Second, x, 5.0, x, 0.1, 1.0, 1.0, 1.0, 1, 2.0, time.Minute, 1, time.Second, time.Second, i%2, time.Second, x, 0))
		}
		f.Add(seedBytes(100.0, 0, time.Duration(math.MaxInt64), 0, 0, 0, time.Duration(x), time.Duration(math.MinInt64)))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		n := nibbler(input)
		c := n.config()
		if c.Validate() == nil { // keep the run short, not the config tame
			c.MaxAttempts = min(c.MaxAttempts, 2000)
			if c.Step > 0 {
				c.Step = max(c.Step, c.Duration/1000+1)
			}
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		checkInvariants(t, r)
	})
}

// FuzzContend: either refused, or it ends within N^2 calls.
func FuzzContend(f *testing.F) {
	for _, d := range []int64{0, -1, 1, 5e6, math.MaxInt64} {
		for law := range 5 {
			f.Add(10, law, d, d*2, d, d/5)
		}
	}
	f.Fuzz(func(t *testing.T, clients, law int, base, most, mean, sd int64) {
		c := Contention{
			Clients: clients, Backoff: Backoff{Jitter(law), time.Duration(base), time.Duration(most)},
			DelayMean: time.Duration(mean), DelaySD: time.Duration(sd), Runs: 2,
		}
		if c.Clients > 200 {
			c.Clients = 200
		}
		r, err := Contend(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		n := float64(c.Clients)
		require.True(t, r.Calls.Mean >= n && r.Calls.Mean <= n*n)
		require.GreaterOrEqual(t, c.Backoff.Mean(3), time.Duration(0))
	})
}

// FuzzParseBackoff: what is read prints as something that reads the same.
func FuzzParseBackoff(f *testing.F) {
	for _, s := range []string{"none", "full-jitter:50ms,20s", "decorrelated:5ms,2s", "none:1s,2s", "equal-jitter:", ":", "exponential:-1s,NaN"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBackoff(text)
		if err != nil {
			return
		}
		again, err := ParseBackoff(b.String())
		require.NoError(t, err)
		require.Equal(t, b, again)
	})
}
