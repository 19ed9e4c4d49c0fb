package quorum

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"cloudconcepts/internal/law"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A trial of three is the trial of any N.
func TestThreeIsOne(t *testing.T) {
	for r := 1; r <= 3; r++ {
		for w := 1; w <= 3; w++ {
			for _, f := range []FanOut{ToAll, ToQuorum} {
				c := Config{N: 3, R: r, W: w, Latency: LinkedInDisk(), ReadFanOut: f, Trials: 1, Seed: 9}
				fast, slow := newTrials(c), newTrials(c)
				fast.run(0, 300)
				for i := range slow.legs {
					slow.legs[i].seed(c.Seed, 0, uint64(i))
					slow.legs[i].fill(slow.delays[i][:900])
				}
				for i := range 300 {
					slow.one(3 * i)
				}
				assert.True(t, same(slow.threshold, fast.threshold), "R=%d W=%d %v", r, w, f)
				assert.True(t, same(slow.read, fast.read), "R=%d W=%d %v", r, w, f)
				assert.True(t, same(slow.write, fast.write), "R=%d W=%d %v", r, w, f)
			}
		}
	}
}

func same(a, b *spread) bool {
	return a.count == b.count && a.below == b.below && a.low == b.low && a.top == b.top && slices.Equal(a.buckets, b.buckets)
}

// The same result on any number of processors, and another one for another seed.
func TestDeterminism(t *testing.T) {
	c := Default()
	c.Trials = 5*blockTrials + 77
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := simulate(t, c)
	runtime.GOMAXPROCS(3)
	three := simulate(t, c)
	assert.True(t, same(one.threshold(), three.threshold()))
	assert.Equal(t, one.PConsistent0, three.PConsistent0)
	assert.Equal(t, one.TVisibility999, three.TVisibility999)
	c.Seed++
	assert.NotEqual(t, one.PConsistent0, simulate(t, c).PConsistent0)
	assert.Equal(t, uint64(c.Trials), one.threshold().count)
}

// The same delays meet every quorum: more replicas never make a read staler or faster, and overlapping quorums are never stale.
func TestMonotone(t *testing.T) {
	for _, m := range Models() {
		last := map[string]Result{}
		for r := 1; r <= 4; r++ {
			for w := 1; w <= 4; w++ {
				got := simulate(t, Config{N: 4, R: r, W: w, Latency: m, Trials: 1000, Seed: 1})
				for _, before := range []string{fmt.Sprint(r-1, w), fmt.Sprint(r, w-1)} {
					b, ok := last[before]
					assert.False(t, ok && b.PConsistent0 > got.PConsistent0, "%s R=%d W=%d", m.Name, r, w)
					assert.False(t, ok && (b.ReadP99 > got.ReadP99 || b.WriteP99 > got.WriteP99), "%s R=%d W=%d", m.Name, r, w)
				}
				last[fmt.Sprint(r, w)] = got
				if r+w > 4 {
					assert.Equal(t, 1.0, got.PConsistent0)
					assert.Zero(t, got.TVisibility9999)
				}
				before := got.PConsistent0
				for _, p := range got.Curve([]float64{.001, .01, .1, 1, 1e9}).Y {
					assert.GreaterOrEqual(t, p, before)
					before = p
				}
				assert.Equal(t, 1.0, before)
			}
		}
	}
}

// Twice the delays take twice the time, and nothing else changes.
func TestScale(t *testing.T) {
	slow := simulate(t, Config{N: 3, R: 1, W: 1, Latency: Exponentials(.5, .25), Trials: 20_000, Seed: 1})
	fast := simulate(t, Config{N: 3, R: 1, W: 1, Latency: Exponentials(1, .5), Trials: 20_000, Seed: 1})
	assert.Equal(t, slow.PConsistent0, fast.PConsistent0)
	assert.InEpsilon(t, slow.TVisibility999, 2*fast.TVisibility999, 1e-9)
	assert.InEpsilon(t, slow.ReadP50, 2*fast.ReadP50, 1e-9)
}

func TestCurveAndQuantilesAgree(t *testing.T) {
	r := simulate(t, Config{N: 3, R: 1, W: 1, Latency: LinkedInDisk(), Trials: 20_000, Seed: 1})
	for _, p := range []float64{.5, .9, .99, .999} {
		q := r.TVisibility(p)
		assert.InDelta(t, p, r.PConsistent(q.Mean).Mean, 1e-4)
		assert.LessOrEqual(t, q.Low, q.Mean)
		assert.LessOrEqual(t, q.Mean, q.High)
	}
	assert.Equal(t, r.PConsistent0, r.PConsistent(-1).Mean)
	assert.Len(t, r.Warnings, 1)
	assert.Equal(t, Estimate{High: 0, Low: 0}, Result{}.TVisibility(.9))
	x, y := r.Curve([]float64{0, 1}).XY(0)
	assert.Equal(t, []float64{0, r.PConsistent0}, []float64{x, y})
}

func TestJSON(t *testing.T) {
	for _, m := range append(Models(), Exponentials(4, 1), Propagation(.1), Model{Write: Of(law.Lognormal(time.Millisecond, 2))}) {
		c := Config{N: 3, R: 2, W: 1, Latency: m, ReadFanOut: ToQuorum, Trials: 10, Seed: 7}
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, c, back)
		assert.True(t, c == back, "comparable")
	}
	text, err := json.Marshal(simulate(t, Config{N: 3, R: 1, W: 1, Latency: LinkedInSSD(), Trials: 1000}))
	require.NoError(t, err)
	for _, key := range []string{"p_consistent_0", "t_visibility_99_s", "t_visibility_999_s", "read_p999_s", "write_p999_s"} {
		assert.Contains(t, string(text), `"`+key+`"`)
	}
	assert.Equal(t, "0.9122*pareto(0.235ms,10) + 0.0878*exp(1.66/ms)", solid().String())
	for _, bad := range []string{"exp(1)", "exp(x/ms)", "pareto(1,2)", "pareto(1ms)", "gamma(1ms)", "x*exp(1/ms)", "exp(1/ms", "nonsense", "(", "exp(1/ms) + exp(1/ms) + exp(1/ms) + exp(1/ms) + exp(1/ms)"} {
		_, err := ParseLatency(bad)
		assert.Error(t, err, bad)
	}
}

func TestEveryFieldAtOnce(t *testing.T) {
	err := Config{N: 0, R: 2, W: -1, Latency: Model{Write: Mix(Part{Weight: .5, Rate: -1}), Ack: Of(law.Exp(-1)), Remote: -1}, ReadFanOut: 7}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"N = 0", "R = 2", "W = -1", "Latency.Write.Part[0].Rate = -1", "weights add up to 0.5", "Latency.Ack", "Remote", "ReadFanOut = 7", "Trials = 0"} {
		assert.ErrorContains(t, err, "quorum: invalid config: ")
		assert.ErrorContains(t, err, field)
	}
	assert.ErrorContains(t, Config{N: 3, R: 4, W: 1, Trials: 1}.Validate(), "R = 4, want in [1, 3]")
	s := DefaultStore()
	s.Outages = []Outage{{0, 5 * time.Second, 2 * time.Second}, {0, 6 * time.Second, 1}, {1, time.Second, 1}, {9, 7 * time.Second, 0}}
	s.AntiEntropy, s.Timeout, s.ReadRepair, s.WriteRate = 1, 0, 4, -1
	err = s.Validate()
	for _, field := range []string{"Outages[1].At = 6s, want at least 7s", "Outages[2].At = 1s, want at least 6s", "Outages[3].Replica = 9", "Outages[3].For", "AntiEntropy", "Timeout", "ReadRepair", "WriteRate"} {
		assert.ErrorContains(t, err, field)
	}
	assert.NoError(t, DefaultStore().Validate())
	assert.NoError(t, Default().Validate())
}

// invariants hold for every store.
func invariants(t *testing.T, r StoreResult) {
	t.Helper()
	c := r.Config
	assert.Equal(t, r.Writes, r.WritesAcked+r.WritesFailed+r.WritesRefused+r.WritesPending)
	assert.Equal(t, r.Reads, r.ReadsDone+r.ReadsFailed+r.ReadsRefused+r.ReadsPending)
	assert.Equal(t, r.HintsStored, r.HintsReplayed+r.HintsPending+r.HintsLost)
	assert.LessOrEqual(t, r.StaleReads, r.ReadsDone)
	assert.LessOrEqual(t, r.InFlightInversions, r.Inversions)
	assert.LessOrEqual(t, r.Inversions, r.InFlightInversions+r.StaleReads)
	assert.LessOrEqual(t, r.Events, c.MaxEvents)
	if r.Events < c.MaxEvents {
		assert.Zero(t, r.WritesPending+r.ReadsPending)
	}
	if c.R+c.W > c.N && c.Spares == 0 && !c.Wipe {
		assert.Zero(t, r.StaleReads, "overlapping quorums")
		assert.Zero(t, r.LostWrites)
		if c.ReadRepair == BlockingRepair {
			assert.Zero(t, r.Inversions, "atomic")
		}
	}
	if c.HintWindow == 0 {
		assert.Zero(t, r.HintsStored)
	}
	if c.ReadRepair == NoRepair {
		assert.Zero(t, r.RepairsSent)
	}
}

// Conservation and the guarantees of quorums over random histories of failures.
func TestStoreInvariants(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	runs := 300
	if testing.Short() {
		runs = 60
	}
	models := []Model{LinkedInSSD(), LinkedInDisk(), Yammer(), WAN(), Exponentials(.1, .05), Propagation(.1)}
	for range runs {
		c := DefaultStore()
		c.N = 1 + r.IntN(6)
		c.R, c.W = 1+r.IntN(c.N), 1+r.IntN(c.N)
		c.Keys = 1 + r.IntN(3)
		c.Latency = models[r.IntN(len(models))]
		c.ReadFanOut = FanOut(r.IntN(2))
		c.ReadRepair = Repair(r.IntN(3))
		c.HintWindow = time.Duration(r.IntN(2)) * time.Second
		c.Spares = r.IntN(2) * r.IntN(4)
		c.AntiEntropy = time.Duration(r.IntN(2)) * 100 * time.Millisecond
		c.Up, c.Down = law.Exp(time.Duration(r.IntN(3))*200*time.Millisecond), law.Exp(time.Duration(r.IntN(3))*100*time.Millisecond)
		c.Wipe = r.IntN(4) == 0
		c.Timeout = 50 * time.Millisecond
		c.Duration = time.Second
		c.MaxEvents = []int64{100, 5000, 1e9}[r.IntN(3)]
		c.Seed = r.Uint64()
		got := runStore(t, c)
		invariants(t, got)
		if t.Failed() {
			t.Fatalf("%+v", got)
		}
		assert.Equal(t, got, runStore(t, c))
	}
}
