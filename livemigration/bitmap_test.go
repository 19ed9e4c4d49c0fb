package livemigration

import (
	"fmt"
	"math"
	"math/bits"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pageConfig is a guest of non-zero memory on a 117.5 MB/s wire, by rounds
// until 300 ms.
func pageConfig(memory int64, workload DirtyCurve) Config {
	return Config{
		VM:     VM{Memory: memory, NonZero: memory, VCPUs: 1, DirtyPage: PageBytes, Workload: workload},
		Link:   Wire(117.5 * MB),
		Method: Plain(300 * time.Millisecond),
		Trace:  true,
	}
}

func ones(set []uint64) (n int) {
	for _, w := range set {
		n += bits.OnesCount64(w)
	}
	return n
}

// Unique pages after k uniform writes to N: N (1 - (1 - 1/N)^k).
func TestPagesUniqueAfterUniformWrites(t *testing.T) {
	const n, runs = 65_536, 100
	distinct := computed("distinct pages after k uniform writes to 65,536: real pages, mean of 100 runs", "N (1 - (1 - 1/N)^k)", "")
	for _, c := range []struct {
		writes uint64
		want   float64
	}{{1000, 992.4168}, {65_536, 41_426.8369}, {200_000, 62_437.8086}} {
		x := float64(c.writes) / n
		sigma := math.Sqrt(n*(math.Exp(-x)-(1+x)*math.Exp(-2*x))) / math.Sqrt(runs)
		sum := 0.0
		for seed := range uint64(runs) {
			g := newGuest(Uniform{Rate: PageBytes, WorkingSet: n * PageBytes}, PageBytes, n, seed)
			log := make([]uint64, n/64)
			g.markEven(log, &g.sets[0], c.writes)
			sum += float64(ones(log))
		}
		assert.Less(t, sigma, 0.005*c.want)
		distinct.Within(t, fmt.Sprint("k = ", c.writes), c.want, sum/runs, 4*sigma)
	}
}

// Slots of every placement lie on different units, evenly.
func TestPagesPlacement(t *testing.T) {
	for _, units := range []uint64{1, 2, 3, 64, 1000, 4096} {
		for _, slots := range []uint64{1, 2, 3, 7, 64, 610, 1000, 4096} {
			if slots > units {
				continue
			}
			for _, scattered := range []bool{false, true} {
				place := placement{slots: slots, stride: units << 32 / slots}
				if scattered {
					place.scatter()
				}
				seen := make([]uint64, (units+63)/64)
				for slot := range slots {
					unit := place.unit(slot)
					require.Less(t, unit, units)
					seen[unit/64] |= 1 << (unit % 64)
				}
				require.Equal(t, int(slots), ones(seen), "%d slots in %d units", slots, units)
			}
		}
	}
}

// The dirty log of larger pages opens up into all their parts.
func TestPagesLargePages(t *testing.T) {
	for _, size := range []int64{PageBytes, 8 * KiB, 64 * KiB, 256 * KiB, 2 * MiB, GiB} {
		cfg := pageConfig(3*MiB+5*PageBytes, Uniform{Rate: MB, WorkingSet: MiB})
		cfg.VM.DirtyPage = size
		p := newPages(&cfg)
		last := p.count - 1
		p.log[last>>p.shift/64] |= 1 << (last >> p.shift % 64)
		p.take(len(p.toSend)-1, p.valid(len(p.toSend)-1))
		parts := min(uint64(size/PageBytes), p.count)
		if rest := p.count % parts; rest != 0 {
			parts = rest
		}
		words := 0
		for w := range p.toSend {
			words += bits.OnesCount64(p.logged(w))
		}
		assert.Equal(t, int(parts), words, "%d bytes", size)
	}
}

func TestPagesZeroPagesAvoidTheWorkingSet(t *testing.T) {
	cfg := pageConfig(64*MiB, Uniform{Rate: MB, WorkingSet: 16 * MiB})
	for _, nonZero := range []int64{0, 8 * MiB, 16 * MiB, 40 * MiB, 64*MiB - 1} {
		cfg.VM.NonZero = nonZero
		p := newPages(&cfg)
		p.guest.cover(p.log)
		both := 0
		for w := range p.zero {
			both += bits.OnesCount64(p.zero[w] & p.log[w])
		}
		assert.Equal(t, int((64*MiB-nonZero)/PageBytes), ones(p.zero))
		assert.Equal(t, int(max(0, 16*MiB-nonZero)/PageBytes), both)
	}
}

// A budget too small for a page is not lost: the page goes in parts.
func TestPagesSendInParts(t *testing.T) {
	cfg := pageConfig(100*PageBytes, Uniform{})
	p := newPages(&cfg)
	c := newCost(&cfg.VM, &cfg.Method, 1)
	var all batch
	for range 1000 {
		all.add(p.send(0.3*PageBytes, c, 1))
	}
	assert.InDelta(t, 100*PageBytes, all.seconds, 1e-6)
	assert.Equal(t, 100.0*PageBytes, all.wire)
}
