package livemigration_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
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

// clearing is a method with ClearOnSend.
func clearing(m Method) Method {
	m.ClearOnSend = true
	return m
}

// after is post-copy after so many rounds of pre-copy.
func after(rounds int) Method {
	m := Plain(0)
	m.Strategy, m.PostCopy.AfterRounds = Hybrid, rounds
	if rounds == 0 {
		m.Strategy = PostCopy
	}
	return m
}

func TestPagesDeterministic(t *testing.T) {
	for _, method := range []Method{Plain(20 * time.Millisecond), hypervisor.QEMU(), hypervisor.XenAdaptive(), clearing(hypervisor.QEMU()), after(0), after(2)} {
		for _, workload := range []DirtyCurve{flat(), ranked(), sweep(), hotCold()} {
			cfg := pageConfig(96*MiB, workload)
			cfg.VM.Workload, cfg.Method, cfg.Seed = workload, method, 7
			if z, ok := workload.(Zipf); ok {
				z.WorkingSet = 64 * MiB
				cfg.VM.Workload = z
			}
			if _, ok := workload.(Mixture); ok {
				cfg.VM.Memory, cfg.VM.NonZero = 128*MiB, 128*MiB
			}
			first, err := SimulatePages(cfg)
			require.NoError(t, err)
			second, err := SimulatePages(cfg)
			require.NoError(t, err)
			assert.Equal(t, first, second)
			conserved(t, first)
		}
	}
	cfg := pageConfig(64*MiB, Uniform{Rate: 80 * MB, WorkingSet: 64 * MiB})
	one, err := SimulatePages(cfg)
	require.NoError(t, err)
	cfg.Seed++
	other, err := SimulatePages(cfg)
	require.NoError(t, err)
	assert.NotEqual(t, one.SentBytes, other.SentBytes)
}

// conserved checks that a result adds up, and its bounds.
func conserved(t *testing.T, r Result) {
	t.Helper()
	memory := r.Config.VM.Memory
	assert.Equal(t, r.SentBytes, r.FirstBytes+r.ResentBytes+r.FinalBytes+r.PostCopyBytes+r.StateBytes)
	if r.Outcome != Diverged && r.Outcome != Aborted && r.Config.VM.NonZero == memory {
		assert.GreaterOrEqual(t, r.SentBytes, memory)
	}
	assert.GreaterOrEqual(t, r.Total*stopped(r.Config.Link)*(1+1e-9)+1, float64(r.SentBytes))
	sent := 0.0
	for _, row := range r.Rows {
		assert.LessOrEqual(t, row.Dirtied, float64(memory)+PageBytes)
		sent += row.Sent
	}
	assert.InDelta(t, float64(r.SentBytes-r.PostCopyBytes-r.StateBytes), sent, 1e-6*sent+2)
	assert.LessOrEqual(t, r.NetworkFaults*PageBytes, float64(memory))
	if r.Config.Method.PostCopy.Feedback {
		assert.LessOrEqual(t, r.FaultStall, r.Total)
	}
}

// Pre-paging and stalls make fewer faults; every page still goes once.
func TestPagesPostCopyOptions(t *testing.T) {
	cfg := pageConfig(64*MiB, Sequential{Rate: 40 * MB, WorkingSet: 64 * MiB})
	cfg.Method = after(0)
	plain, err := SimulatePages(cfg)
	require.NoError(t, err)
	cfg.Method.PostCopy.Locality = 2.5
	ahead, err := SimulatePages(cfg)
	require.NoError(t, err)
	cfg.Method.PostCopy.Feedback = true
	stalled, err := SimulatePages(cfg)
	require.NoError(t, err)
	assert.Less(t, ahead.NetworkFaults, 0.9*plain.NetworkFaults)
	assert.LessOrEqual(t, stalled.NetworkFaults, ahead.NetworkFaults)
	total := computed("total time of post-copy with real pages, 64 MiB at 117.5 MB/s", "M/R, since every page goes once", "s")
	for i, r := range []Result{plain, ahead, stalled} {
		conserved(t, r)
		assert.Equal(t, int64(64*MiB), r.SentBytes)
		total.Within(t, []string{"plain", "2.5 pages a fault", "2.5 pages a fault, faults stall the guest"}[i], 64*MiB/(117.5*MB), r.Total, 1e-9)
		assert.InDelta(t, 200, len(r.Faults), 20)
	}
	cfg = pageConfig(64*MiB, Uniform{Rate: 40 * MB, WorkingSet: 64 * MiB})
	cfg.Method, cfg.VM.DirtyPage = after(0), 2*MiB
	large, err := SimulatePages(cfg)
	require.NoError(t, err)
	assert.LessOrEqual(t, large.NetworkFaults, 32.0, "a large page comes in one fault")
}

// A run that chance alone would have to end counts as diverged, and no rate
// is too high to simulate.
func TestPagesDiverge(t *testing.T) {
	qemu := hypervisor.QEMU()
	qemu.Limit = FixedLimit(30 * time.Millisecond)
	rates := []float64{1e15, 300 * MB}
	for _, rate := range rates[:max(shorter(len(rates)), 1)] {
		for _, method := range []Method{Plain(30 * time.Millisecond), qemu, clearing(qemu), after(0)} {
			for _, workload := range []DirtyCurve{
				Uniform{Rate: rate, WorkingSet: 48 * MiB},
				Zipf{Rate: rate, WorkingSet: 48 * MiB, Exponent: 0.5},
				Sequential{Rate: rate, WorkingSet: 48 * MiB},
				ConstantRate{Rate: rate, WorkingSet: 48 * MiB},
			} {
				cfg := pageConfig(64*MiB, workload)
				cfg.Method = method
				r, err := SimulatePages(cfg)
				require.NoError(t, err)
				conserved(t, r)
				if method.Strategy == PreCopy {
					assert.Equal(t, Diverged, r.Outcome, "%v", workload)
					assert.Greater(t, r.PlateauBytes, int64(25*MiB))
				}
			}
		}
	}
}

func TestPagesReject(t *testing.T) {
	good := Uniform{Rate: MB, WorkingSet: MiB}
	for name, change := range map[string]func(c *Config){
		"no pages": func(c *Config) { c.VM.Workload = Replay{MiB} },
		"phased": func(c *Config) {
			c.VM.Workload = Phased{Empirical{Points: []CurvePoint{{1, 1}, {2, 2}}, Limit: 9}, []Phase{{time.Second, 1}}}
		},
		"too large": func(c *Config) { c.VM.Memory = 2 * TiB },
		"invalid":   func(c *Config) { c.Link.Bandwidth = math.NaN() },
	} {
		cfg := pageConfig(64*MiB, good)
		change(&cfg)
		_, err := SimulatePages(cfg)
		assert.ErrorIs(t, err, ErrInvalidConfig, name)
	}
	cfg := pageConfig(64*MiB, Replay{MiB})
	_, err := SimulatePages(cfg)
	assert.ErrorContains(t, err, "want ConstantRate, Sequential, Uniform, Mixture or Zipf")
}

// A guest of one page, of zero pages only, without writes or without working
// set is no special case.
func TestPagesSmallest(t *testing.T) {
	for _, workload := range []DirtyCurve{
		Uniform{},
		Uniform{Rate: MB, WorkingSet: 100},
		Sequential{Rate: MB, WorkingSet: 4096},
		Zipf{Rate: MB, WorkingSet: 4096, Exponent: 1},
		ConstantRate{Rate: 0, WorkingSet: 4096},
		Mixture{{Rate: MB, WorkingSet: 100}, {Rate: 1, WorkingSet: 1}, {}},
	} {
		for _, method := range []Method{Plain(time.Millisecond), hypervisor.QEMU(), hypervisor.Xen(), after(0), after(1)} {
			cfg := pageConfig(4096, workload)
			cfg.Method, cfg.VM.NonZero, cfg.VM.DirtyPage = method, 0, GiB
			r, err := SimulatePages(cfg)
			require.NoError(t, err)
			conserved(t, r)
		}
	}
}

// Random valid configurations keep the invariants that hold for the curve.
func TestPagesInvariants(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	outcomes := map[Outcome]int{}
	for done := 0; done < shorter(100); {
		cfg := randomConfig(rng)
		if cfg.VM.Memory > 128*MiB {
			continue
		}
		r, err := SimulatePages(cfg)
		if err != nil {
			require.ErrorContains(t, err, "does not say what pages it writes")
			continue
		}
		done++
		checkInvariants(t, r)
		outcomes[r.Outcome]++
	}
	assert.GreaterOrEqual(t, len(outcomes), 2+shorter(20)/10, "%v", outcomes)
}
