package livemigration_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// FuzzSimulate turns raw numbers into a configuration: either Validate refuses
// it, or the run ends and all invariants hold.
func FuzzSimulate(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 125e6, 1e15, 1e300, math.NaN(), math.Inf(1), math.Inf(-1), 5e-324} {
		for kind := range byte(16) {
			f.Add(int64(1<<30), int64(1<<29), x, 125e6, x, int64(1<<28), int64(300e6), kind, kind)
			f.Add(int64(math.MaxInt64), int64(-1), 1e9, x, 1e8, int64(1<<20), int64(x), kind, kind+7)
		}
	}
	f.Fuzz(func(t *testing.T, memory, nonZero int64, bandwidth, wire, rate float64, set, limit int64, kind, method byte) {
		c := Config{VM: guestOf(memory, fuzzCurve(kind, rate, set)), Link: CappedWire(bandwidth, wire), Method: fuzzMethod(method, memory, limit)}
		c.VM.NonZero = nonZero
		c.Trace = kind&1 == 0
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		checkInvariants(t, r)
	})
}

func fuzzCurve(kind byte, rate float64, set int64) DirtyCurve {
	switch kind % 8 {
	case 0:
		return ConstantRate{Rate: rate, WorkingSet: set}
	case 1:
		return Sequential{Rate: rate, WorkingSet: set}
	case 2:
		return Mixture{Uniform{Rate: rate, WorkingSet: set / 2}, Uniform{Rate: rate / 2, WorkingSet: set / 2}}
	case 3:
		return Zipf{Rate: rate, WorkingSet: set, Exponent: float64(kind) / 64}
	case 4:
		return Empirical{Points: []CurvePoint{{0.5, float64(set) / 2}, {rate, float64(set)}}, Limit: set}
	case 5:
		return Phased{Base: Uniform{Rate: rate, WorkingSet: set}, Phases: []Phase{{Length: time.Duration(set), Intensity: rate}}}
	case 6:
		return nil
	}
	return Uniform{Rate: rate, WorkingSet: set}
}

func fuzzMethod(kind byte, memory, limit int64) Method {
	methods := []Method{
		Plain(time.Duration(limit)), hypervisor.QEMU(), hypervisor.QEMUAutoConverge(), hypervisor.QEMULegacy(), hypervisor.Xen(), hypervisor.XenLegacy(), hypervisor.XenAdaptive(), hypervisor.HyperV(),
		hypervisor.CloudHypervisor(), hypervisor.VMotion(), hypervisor.Nova(memory), hypervisor.KubeVirtRamped(memory), hypervisor.Proxmox(),
	}
	m := methods[int(kind)%len(methods)]
	m.Strategy = Strategy(kind / 64)
	m.MaxRounds = 300
	m.MaxTime = time.Hour
	if m.SwitchOver == Drain && kind&1 == 0 {
		m.Limit = FixedLimit(limit)
	}
	m.ClearOnSend = kind&2 == 0 && !m.SkipRedirtied
	m.PostCopy.Feedback = kind&4 == 0
	return m
}

// FuzzReadCurve: a curve that is read can be used, and nothing else is read.
func FuzzReadCurve(f *testing.F) {
	for _, s := range []string{
		"seconds,bytes\n0.1,100\n1,200\n", "0.1,100\n1,200", "", "a,b\n", "1,2\n1,3\n", "1,5\n2,4\n", "1\n2\n", "NaN,1\n2,3\n", "# c\n1,1e300\n2,Inf",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		curve, err := ReadCurve(strings.NewReader(text), 1*GiB)
		if err != nil {
			return
		}
		vm := guestOf(1*GiB, curve)
		m := Plain(300 * time.Millisecond)
		m.MaxRounds = 100
		r, err := Simulate(Config{VM: vm, Link: Wire(100 * MB), Method: m})
		require.NoError(t, err)
		checkInvariants(t, r)
	})
}

func TestValidateReportsEveryField(t *testing.T) {
	c := Config{VM: Default().VM, Link: Wire(math.NaN()), Method: Plain(-1)}
	c.VM.NonZero = -5
	c.VM.Workload = Uniform{Rate: math.Inf(1), WorkingSet: 1 << 50}
	err := c.Validate()
	require.True(t, errors.Is(err, ErrInvalidConfig))
	for _, field := range []string{"Link.Bandwidth = NaN", "Link.SwitchOver = NaN", "Method.Limit = -1ns", "VM.NonZero = -5", "VM.Workload.Rate = +Inf", "VM.Workload.WorkingSet"} {
		require.ErrorContains(t, err, field)
	}
	require.ErrorContains(t, err, "want in (0, 1e+15] bytes/s")
}

func TestValidateCombinations(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"downtime limit or a stop rule":   func(c *Config) { c.Method.Limit = nil },
		"drain semantics needs one":       func(c *Config) { c.Method.Limit, c.Method.SwitchOver = nil, Drain },
		"a stop rule that bounds":         func(c *Config) { c.Method.Limit = FixedLimit(0) },
		"power of two":                    func(c *Config) { c.VM.DirtyPage = 5000 },
		"rising times":                    func(c *Config) { c.VM.Workload = Empirical{Points: []CurvePoint{{2, 1}, {1, 2}}, Limit: 10} },
		"bytes that never fall":           func(c *Config) { c.VM.Workload = Empirical{Points: []CurvePoint{{1, 2}, {2, 1}}, Limit: 10} },
		"at least 2":                      func(c *Config) { c.VM.Workload = Empirical{} },
		"want a dirty curve":              func(c *Config) { c.VM.Workload = nil },
		"at most a year":                  func(c *Config) { c.Link = Wire(1) },
		"memory over Method.ZeroScan":     func(c *Config) { c.Method.ZeroScan = math.SmallestNonzeroFloat64 },
		"over Method.Compression.Through": func(c *Config) { c.Method.Compression.Throughput = 1e-9 },
		"replay of rounds":                func(c *Config) { c.VM.Workload, c.Method.SwitchOver = Replay{1}, Drain },
		"one of them":                     func(c *Config) { c.Method.SkipRedirtied, c.Method.ClearOnSend = true, true },
		"Method.Throttle.Initial":         func(c *Config) { c.Method.Throttle = AutoConverge{} },
		"later than":                      func(c *Config) { c.Link.Profile = []Step{{time.Second, 1e6}, {time.Second, 1e6}} },
		"Method.Stop: Timeout.Action":     func(c *Config) { c.Method.Stop = Timeout{After: time.Second} },
		"Storage.WriteRate":               func(c *Config) { c.Storage = Storage{Mode: Mirror, Disk: GiB, WriteRate: 1e12} },
		"sum of VM.Workload working sets": func(c *Config) { c.VM.Workload = Mixture{{1, 8 * GiB}, {1, 1}} },
		"VM.Workload has no parts":        func(c *Config) { c.VM.Workload = Mixture{} },
		"Method.PostCopy.Touches = 0":     func(c *Config) { c.Method.PostCopy.Touches = 0 },
		"Method.Compression.Ratio = 0":    func(c *Config) { c.Method.Compression.Ratio = 0 },
		"Method.MaxRounds = 0":            func(c *Config) { c.Method.MaxRounds = 0 },
	} {
		c := Config{VM: Default().VM, Link: Wire(125e6), Method: Plain(time.Second)}
		change(&c)
		require.ErrorContains(t, c.Validate(), want)
	}
}
