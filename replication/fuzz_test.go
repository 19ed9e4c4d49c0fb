package replication

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"cloudconcepts/internal/rng"
)

// FuzzSimulate makes a group of eight random bytes and then spoils some fields with eight more: Validate refuses it, or the
// books balance.
func FuzzSimulate(f *testing.F) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 0, math.Copysign(0, -1), 5e-324, -1, .5} {
		f.Add(uint64(1), math.Float64bits(x), int64(math.MaxInt64), uint8(3))
	}
	for seed := range uint64(20) {
		f.Add(seed, uint64(0x3fe0000000000000), int64(seed)*7-3, uint8(seed*13))
	}
	f.Fuzz(func(t *testing.T, seed, number uint64, whole int64, which uint8) {
		c := anyGroup(rng.New(9, seed))
		spoil(&c, math.Float64frombits(number), whole, which)
		c.Duration, c.MaxWrites = min(c.Duration, 2*time.Second), min(c.MaxWrites, 2000)
		if c.Workload.WriteRate > 1e6 || len(c.Faults) > 100 {
			return
		}
		r, err := Simulate(c)
		if err != nil {
			if !errors.Is(err, ErrInvalidConfig) {
				t.Fatal(err)
			}
			return
		}
		checkBooks(t, c, r)
	})
}

func spoil(c *Config, x float64, n int64, which uint8) {
	small := int(int16(binary.LittleEndian.Uint16(binary.LittleEndian.AppendUint64(nil, uint64(n)))))
	d := time.Duration(n)
	switch which % 24 {
	case 0:
		c.Workload.WriteRate = x
	case 1:
		c.Pipeline.Bandwidth = x
	case 2:
		c.Pipeline.ReadLoad = x
	case 3:
		c.Pipeline.Conflicts = x
	case 4:
		c.Failover.Drift = x
	case 5:
		c.Workload.Near = x
	case 6:
		c.Duration = d
	case 7:
		c.Warmup = d
	case 8:
		c.Replicas = small
	case 9:
		c.Acks = Acks{Rule(small & 3), small, uint32(n)}
	case 10:
		c.Mode = Mode(small)
	case 11:
		c.Reads.Policy = Policy(small)
	case 12:
		c.Pipeline.Apply = Const(d)
	case 13:
		c.Pipeline.Delay = []Law{Exp(d)}
	case 14:
		c.Failover.Interval = d
	case 15:
		c.Pipeline.Workers = small
	case 16:
		c.Faults = append(c.Faults, Fault{At: d, For: d / 2, Kind: FaultKind(small), Nodes: []int{1, small}[n&1:], Factor: x})
	case 17:
		c.Faults = []Fault{{At: d, Kind: Crash, Nodes: []int{0}}, {At: 0, Kind: Clock, Nodes: []int{0}, Factor: x}}
	case 18:
		c.Workload.Keys = small
	case 19:
		c.Reads.Count = small
	case 20:
		c.Workload.Big = []Big{{At: d, Primary: d, Replay: d, Bytes: n}}
	case 21:
		c.Workload.Steps = []Step{{At: d, Rate: x}}
	case 22:
		c.FallBack, c.LagTimeMax, c.Sample = d, d, d
	case 23:
		c.Pipeline.FlushGap, c.Pipeline.FlushIdle, c.Pipeline.StatusInterval = d, Const(d), d
	}
}
