package quorum

import (
	"encoding/json"
	"fmt"
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
	assert.NoError(t, Default().Validate())
}
