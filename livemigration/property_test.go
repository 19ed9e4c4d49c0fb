package livemigration_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// randomConfig draws a valid configuration that uses most of the model.
func randomConfig(rng *rand.Rand) Config {
	memory := int64(1) << (20 + rng.IntN(16)) / PageBytes * PageBytes
	c := Config{VM: guestOf(memory, nil), Link: CappedWire(logUniform(rng, MB, 10*GB), logUniform(rng, MB, 10*GB)), Method: randomMethod(rng, memory)}
	c.VM.NonZero = int64(float64(memory) * rng.Float64())
	c.VM.Workload = randomCurve(rng, memory)
	c.VM.DeviceState = rng.Int64N(memory/100 + 1)
	c.Link.RTT = time.Duration(rng.IntN(5)) * time.Millisecond
	c.Link.Share = 1 + rng.IntN(3)
	c.Link.Efficiency = 0.5 + rng.Float64()/2
	if rng.IntN(4) == 0 {
		c.Link.Profile = []Step{{At: 3 * time.Second, Rate: 50 * MB}, {At: 20 * time.Second, Rate: 500 * MB}}
	}
	c.Trace = rng.IntN(2) == 0
	return c
}

func randomMethod(rng *rand.Rand, memory int64) Method {
	methods := []Method{
		Plain(300 * time.Millisecond), hypervisor.QEMU(), hypervisor.QEMUAutoConverge(), hypervisor.QEMULegacy(), hypervisor.Xen(), hypervisor.XenLegacy(), hypervisor.XenAdaptive(), hypervisor.HyperV(),
		hypervisor.CloudHypervisor(), hypervisor.CloudHypervisorEarly(), hypervisor.VMotion(), hypervisor.SimGrid(), hypervisor.Nova(memory), hypervisor.KubeVirt(memory), hypervisor.KubeVirtRamped(memory), hypervisor.Proxmox(),
	}
	m := methods[rng.IntN(len(methods))]
	m.MaxTime = 2 * time.Hour
	m.MaxRounds = 500
	switch rng.IntN(6) {
	case 0:
		m.Strategy = PostCopy
	case 1:
		m.Strategy = Hybrid
	case 2:
		m.Strategy = Offline
	}
	if m.SwitchOver == Drain && rng.IntN(3) == 0 {
		m.Throttle = DirtyLimit{Quota: 50 * MB}
	}
	m.ClearOnSend = !m.SkipRedirtied && rng.IntN(3) == 0
	m.Compression.Ratio = 1 + rng.Float64()
	m.XBZRLE = XBZRLE{HitRate: rng.Float64(), Ratio: rng.Float64()}
	m.PostCopy.Feedback = rng.IntN(2) == 0
	m.PostCopy.Queue = 1 * MiB
	m.Resume = 5 * time.Millisecond
	return m
}

func randomCurve(rng *rand.Rand, memory int64) DirtyCurve {
	set := 1 + rng.Int64N(memory)
	rate := logUniform(rng, 1e3, 20*GB)
	curves := []DirtyCurve{
		ConstantRate{Rate: rate, WorkingSet: set},
		Sequential{Rate: rate, WorkingSet: set},
		Uniform{Rate: rate, WorkingSet: set},
		Mixture{Uniform{Rate: rate, WorkingSet: set / 8}, Uniform{Rate: rate / 10, WorkingSet: set / 2}},
		Zipf{Rate: rate, WorkingSet: max(set, PageBytes), Exponent: rng.Float64() * 1.5},
		Empirical{Limit: set, Points: []CurvePoint{{0.1, float64(set) / 10}, {1, float64(set) / 4}, {10, float64(set) / 2}}},
	}
	c := curves[rng.IntN(len(curves))]
	if rng.IntN(6) == 0 {
		return Phased{Base: c, Phases: []Phase{{Length: time.Second, Intensity: 3}, {Length: 4 * time.Second, Intensity: 0}}}
	}
	return c
}

func logUniform(rng *rand.Rand, low, high float64) float64 {
	return math.Exp(math.Log(low) + rng.Float64()*math.Log(high/low))
}

// checkInvariants holds for every result of a valid configuration.
func checkInvariants(t testing.TB, r Result) {
	t.Helper()
	c := r.Config
	require.Equal(t, r.FirstBytes+r.ResentBytes+r.FinalBytes+r.PostCopyBytes+r.StateBytes, r.SentBytes, "bytes are conserved")
	for name, v := range map[string]float64{
		"total": r.Total, "downtime": r.Downtime, "service downtime": r.ServiceDowntime, "lost CPU": r.LostCPU, "faults": r.NetworkFaults,
		"stall": r.FaultStall, "throttle": r.ThrottleMax, "sent": float64(r.SentBytes), "final": float64(r.FinalBytes), "plateau": float64(r.PlateauBytes),
		"skipped": float64(r.SkippedBytes),
	} {
		require.False(t, math.IsNaN(v) || math.IsInf(v, 0) || v < 0, "%s = %g", name, v)
	}
	require.GreaterOrEqual(t, r.Total*(1+1e-12), r.Downtime)
	require.LessOrEqual(t, r.ThrottleMax, 0.99)
	require.LessOrEqual(t, r.LostCPU, r.Total*(1+1e-9)+1e-9)
	require.LessOrEqual(t, r.PlateauBytes, c.VM.Memory)
	require.InDelta(t, r.Pause.Copy+r.Pause.State+r.Pause.Fixed+r.Pause.Signal, r.Downtime, 1e-9)
	fastest := math.Max(stopped(c.Link), live(c.Link))
	for _, s := range c.Link.Profile {
		fastest = math.Max(fastest, s.Rate)
	}
	if c.Method.Rate != nil {
		fastest = math.Max(fastest, c.Method.Rate.Maximum())
	}
	require.GreaterOrEqual(t, r.Total*fastest*(1+1e-6)+8, float64(r.SentBytes), "no faster than the link")
	switched := r.Outcome == Converged || r.Outcome == Forced || r.Outcome == SwitchedToPost
	if switched && !c.Method.SkipRedirtied {
		once := float64(c.VM.Memory) * leastWire(c)
		require.GreaterOrEqual(t, float64(r.SentBytes)+8, once*(1-1e-9), "all memory goes at least once")
	}
	limit := c.Method.Limit
	if r.Outcome == Converged && c.Method.SwitchOver == RoundBased && limit != nil && c.Method.Strategy == PreCopy && c.Link.SwitchOver >= c.Link.Bandwidth && len(c.Link.Profile) == 0 && c.Method.Rate == nil {
		require.LessOrEqual(t, r.Pause.Copy, limit.Highest().Seconds()*(1+1e-9))
	}
	if c.Trace {
		checkTrace(t, r)
	}
}

// leastWire is the fewest bytes on the wire for a byte of memory, never sent or sent before.
func leastWire(c Config) float64 {
	header := float64(c.Method.PageHeader) / PageBytes
	nonZero := float64(c.VM.NonZero) / float64(c.VM.Memory)
	delta := 1 - c.Method.XBZRLE.HitRate*(1-c.Method.XBZRLE.Ratio)
	return math.Min(nonZero, delta)/c.Method.Compression.Ratio + header
}

func checkTrace(t testing.TB, r Result) {
	t.Helper()
	sent, end := 0.0, 0.0
	for i, row := range r.Rows {
		require.GreaterOrEqual(t, row.Start, end-1e-9, "round %d starts after the one before", i)
		end = row.Start + row.Duration
		sent += row.Sent
		if i+1 < len(r.Rows) {
			next := r.Rows[i+1].Pending
			require.InDelta(t, row.Left+row.Dirtied, next, 1e-6*next+8, "what is left and what is added is what comes next")
		}
		require.LessOrEqual(t, row.Pending, float64(r.Config.VM.Memory)*(1+1e-9))
		require.GreaterOrEqual(t, row.Dirtied, -1e-6*float64(r.Config.VM.Memory))
	}
	require.InDelta(t, float64(r.FirstBytes+r.ResentBytes+r.FinalBytes), sent, 4+1e-9*sent)
}

func TestInvariants(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	outcomes := map[Outcome]int{}
	for range shorter(800) {
		c := randomConfig(rng)
		r, err := Simulate(c)
		require.NoError(t, err)
		checkInvariants(t, r)
		outcomes[r.Outcome]++
	}
	assert.GreaterOrEqual(t, len(outcomes), min(5, 3+shorter(20)/10), "the draw reaches every outcome: %v", outcomes)
}

// Memory, bandwidth and write rate times two leave all times as they are.
func TestScaling(t *testing.T) {
	for _, m := range []Method{Plain(300 * time.Millisecond), bare(hypervisor.QEMU()), bare(hypervisor.QEMUAutoConverge()), bare(hypervisor.XenLegacy())} {
		m.Stop = nil
		if m.Limit == nil {
			m.Limit = FixedLimit(300 * time.Millisecond)
		}
		for _, lambda := range []float64{0.1, 0.5, 0.9} {
			run := func(k int64) Result {
				return simulate(t, Config{
					VM:   guestOf(k*4*GiB, Uniform{Rate: float64(k) * lambda * 125 * MB, WorkingSet: k * GiB}),
					Link: Wire(float64(k) * 125 * MB), Method: m,
				})
			}
			one, two := run(1), run(2)
			assert.InEpsilon(t, one.Total, two.Total, 1e-9)
			assert.InEpsilon(t, one.Downtime, two.Downtime, 1e-9)
			assert.Equal(t, one.Rounds, two.Rounds)
			assert.InDelta(t, 2*one.SentBytes, two.SentBytes, 8)
		}
	}
}

// More bandwidth never makes a round-based migration of this kind slower.
func TestFasterLinkIsFaster(t *testing.T) {
	before := math.Inf(1)
	for mbit := 200.0; mbit < 20_000; mbit *= 1.1 {
		r := simulate(t, Config{VM: guestOf(8*GiB, Uniform{Rate: 100 * MB, WorkingSet: 1 * GiB}), Link: Wire(mbit * Mbps), Method: Plain(300 * time.Millisecond)})
		if r.Outcome == Converged {
			assert.Less(t, r.Total, before)
			before = r.Total
		}
	}
}

// The downtime of round-based pre-copy is no monotone function of the limit:
// a larger limit that saves a round can end in a shorter pause than a smaller
// one... but never above the limit itself.
func TestDowntimeSawtooth(t *testing.T) {
	falls, before := 0, 0.0
	for ms := 50; ms <= 1000; ms += 10 {
		limit := time.Duration(ms) * time.Millisecond
		r := simulate(t, Config{VM: guestOf(8*GiB, ConstantRate{Rate: 100 * MB, WorkingSet: 8 * GiB}), Link: Wire(125 * MB), Method: Plain(limit)})
		assert.LessOrEqual(t, r.Downtime, limit.Seconds())
		assert.Greater(t, r.Downtime, limit.Seconds()*0.8*(1-1e-9), "and above lambda times the limit")
		if r.Downtime < before {
			falls++
		}
		before = r.Downtime
	}
	assert.Zero(t, falls, "for a fixed series the pause is a step function of the limit")
}

// The loop for undisturbed runs and the general one agree to the bit.
func TestSteadyRoundsEqualRounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		memory := int64(1) << (22 + rng.IntN(14))
		m := Plain(time.Duration(logUniform(rng, 1e6, 5e9)))
		m.PageHeader = int64(rng.IntN(2) * 8)
		m.MinRounds = rng.IntN(2)
		m.MaxRounds = 1 + rng.IntN(200)
		m.MaxTime = time.Duration(logUniform(rng, 1e9, 1e14))
		c := Config{VM: guestOf(memory, randomCurve(rng, memory)), Link: Wire(logUniform(rng, MB, 10*GB)), Method: m}
		if c.Validate() != nil {
			continue
		}
		fast, general := simulate(t, c), simulate(t, traced(c))
		general.Config.Trace, general.Rows = false, nil
		require.Equal(t, fast, general)
	}
}

// Jumping over slices that cannot matter changes nothing: a rule that has to
// be asked before every slice, and never has an opinion, gives the same run.
func TestDrainJumpsEqualSlices(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		memory := int64(1) << (26 + rng.IntN(6))
		c := Config{
			VM:   guestOf(memory, Uniform{Rate: logUniform(rng, MB, 200*MB), WorkingSet: memory / 4}),
			Link: CappedWire(100*MB, logUniform(rng, 100*MB, 1*GB)), Method: hypervisor.QEMU(),
		}
		jumps := simulate(t, c)
		c.Method.Stop = DataFactor{Factor: 1000, Action: Force}
		slices := simulate(t, c)
		if jumps.Outcome == Diverged || slices.Outcome == Diverged {
			continue
		}
		require.InEpsilon(t, slices.Total, jumps.Total, 1e-9)
		require.InDelta(t, slices.SentBytes, jumps.SentBytes, 16)
		require.Equal(t, slices.Syncs, jumps.Syncs)
	}
}

// Post-copy sends every page once and ends, whatever the guest does.
func TestPostCopyIsFinite(t *testing.T) {
	total := computed("total time of post-copy, 4 GiB at 125 MB/s", "M/R, since every page goes once", "s")
	for _, rate := range []float64{0, 1 * MB, 1 * GB, 1000 * GB} {
		m := Plain(0)
		m.Strategy = PostCopy
		r := simulate(t, Config{VM: guestOf(4*GiB, Uniform{Rate: rate, WorkingSet: 2 * GiB}), Link: Wire(125 * MB), Method: m})
		assert.EqualValues(t, 4*GiB, r.SentBytes)
		total.Relative(t, fmt.Sprintf("%.0f MB/s written", rate/MB), 4*GiB/(125*MB), r.Total, 1e-12)
		assert.LessOrEqual(t, r.NetworkFaults, 2.0*GiB/PageBytes)
	}
}

func TestSimulateIsPure(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		c := randomConfig(rng)
		assert.Equal(t, simulate(t, c), simulate(t, c))
	}
}

func TestNoAllocations(t *testing.T) {
	c := Config{VM: guestOf(8*GiB, Uniform{Rate: 200 * MB, WorkingSet: 2 * GiB}), Link: Wire(250 * MB), Method: Plain(300 * time.Millisecond)}
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = Simulate(c) }))
}

func TestConfigJSON(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 500 {
		c := randomConfig(rng)
		text, err := json.Marshal(c)
		require.NoError(t, err)
		var back Config
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c, back)
	}
	var c Config
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"vm":{"workload":{"kind":"nonsense","value":{}}}}`), &c), "nonsense")
	assert.ErrorContains(t, json.Unmarshal([]byte(`{"vm":{"workload":{"kind":"fixed","value":1}}}`), &c), "does not fit here")
}
