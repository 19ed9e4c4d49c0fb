package client

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
	"cloudconcepts/internal/rng"
)

// nibbler hands out the bytes of a fuzz input, zeros at its end.
type nibbler []byte

func (n *nibbler) word() uint64 {
	var b [8]byte
	used := copy(b[:], *n)
	*n = (*n)[used:]
	return binary.LittleEndian.Uint64(b[:])
}

func (n *nibbler) byte() int {
	if len(*n) == 0 {
		return 0
	}
	b := (*n)[0]
	*n = (*n)[1:]
	return int(b)
}

// float is a tame number, or with a first byte of 250 and more any at all.
func (n *nibbler) float(tame ...float64) float64 {
	if b := n.byte(); b < 250 {
		return tame[b%len(tame)]
	}
	return math.Float64frombits(n.word())
}

// span likewise.
func (n *nibbler) span(tame ...time.Duration) time.Duration {
	if b := n.byte(); b < 250 {
		return tame[b%len(tame)]
	}
	return time.Duration(n.word())
}

// upTo is in [0, most], or with a byte of 250 and more anything.
func (n *nibbler) upTo(most int) int {
	b := n.byte()
	if b < 250 {
		return b % (most + 1)
	}
	return int(int64(n.word()))
}

func (n *nibbler) yes() bool { return n.byte()&1 == 1 }

const ms = time.Millisecond

func (n *nibbler) law() Law {
	switch n.upTo(4) {
	case 1:
		return law.Const(n.span(0, ms, time.Second))
	case 2:
		return law.Pareto(n.float(1.5, 2.5, 3), n.span(ms, time.Second))
	case 3:
		return law.Hyper(n.float(1, 4), n.span(ms, time.Second))
	}
	return law.Exp(n.span(ms, 10*ms, time.Second))
}

func (n *nibbler) config() Config {
	c := Config{
		Rate: n.float(0, 1, 100, 1000), Regular: n.yes(), Timeout: n.span(0, ms, time.Second), Retries: n.upTo(4), RetryRejected: n.yes(),
		Backoff: Backoff{Jitter(n.upTo(4)), n.span(0, ms, time.Second), n.span(time.Second, time.Minute)},
		Server:  Server{Servers: 1 + n.upTo(4), Service: n.law(), Places: n.upTo(20) - 1, Full: Full(n.upTo(2)), Discipline: Discipline(n.upTo(8)), Policy: DefaultPolicy()},
		Credits: int64(n.upTo(9)), MaxInFlight: int64(n.upTo(9)), RoundTrip: n.span(0, 0, ms, time.Second),
		Duration: n.span(time.Second, time.Minute, 24*time.Hour), MaxAttempts: 1 + int64(n.upTo(2000)), Sample: n.span(0, time.Second), Seed: 1,
	}
	c.Server.Deadline = n.span(0, ms, time.Second)
	c.Server.Bucket = TokenBucket{n.float(0, 10, 1000), n.float(1, 1, 10)}
	c.Budget = Budget{n.float(0, 0, 10, 500), n.float(0, 0.1, 1), n.float(0, 1), n.float(0, 1, 5), n.float(0, 1, 10), n.yes()}
	if n.yes() {
		c.Throttle = Throttle{n.float(1, 2), n.span(time.Second, time.Minute)}
	}
	for range n.upTo(3) & 3 {
		at := n.span(ms, time.Second, time.Minute)
		c.Outages = append(c.Outages, Outage{at, n.span(1, ms, time.Second), OutageKind(n.upTo(1))})
		c.Steps = append(c.Steps, Step{at, n.float(0, 10, 1e9)})
	}
	if n.yes() {
		c.Breaker = Breaker{1 + n.upTo(50), 1 + n.upTo(50), n.float(0.1, 1), n.float(0.1, 1), n.span(ms, time.Second), n.span(ms, time.Second), 1 + n.upTo(5)}
	}
	return c
}

// FuzzSimulate: either Validate refuses a config, or the run ends and all
// invariants hold.
func FuzzSimulate(f *testing.F) {
	random := rng.New(3)
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324, math.Float64frombits(math.MaxInt64)} {
		for i := range 60 {
			input := make([]byte, 120)
			for k := range input {
				input[k] = byte(random.IntN(250))
			}
			input[i] = 250 // this field is the odd number
			binary.LittleEndian.PutUint64(input[i+1:], math.Float64bits(x))
			f.Add(input)
		}
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		n := nibbler(input)
		c := n.config()
		if c.Validate() == nil { // keep the run short, not the config tame
			c.MaxAttempts = min(c.MaxAttempts, 2000)
			if c.Sample > 0 {
				c.Sample = max(c.Sample, c.Duration/1000+1)
			}
			c.Breaker.Window = min(c.Breaker.Window, 1000)
			c.Breaker.Probes = min(c.Breaker.Probes, 1000)
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		checkInvariants(t, r)
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
