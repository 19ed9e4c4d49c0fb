package migrationplot_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/migrationplot"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A timeline can be drawn of every way in which a migration can end.
func TestTimelineOutcomes(t *testing.T) {
	forced, aborted, post := lm.Plain(time.Millisecond), lm.Plain(time.Millisecond), lm.Plain(time.Millisecond)
	forced.Stop = lm.AfterRounds{Rounds: 2, Action: lm.Force}
	aborted.Stop = lm.AfterRounds{Rounds: 2, Action: lm.Abort}
	post.Strategy, post.PostCopy.Feedback, post.PostCopy.Queue = lm.Hybrid, true, lm.MiB
	offline := lm.Plain(0)
	offline.Strategy = lm.Offline
	for want, m := range map[string]lm.Method{
		"Forced": forced, "Given up": aborted, "then waits for": post, "all in one pause": offline,
		"never ends": hypervisor.QEMU(), "slowed to": hypervisor.QEMUAutoConverge(),
	} {
		c := guest(3 * lm.GB)
		c.Method = m
		f := migrationplot.Timeline(run(t, c))
		assert.Contains(t, f.Title, want)
		drawn(t, f)
	}
	untraced := guest(1 * lm.GB)
	untraced.Trace = false
	drawn(t, migrationplot.Timeline(run(t, untraced)))
}

// No valid configuration yields a figure that cannot be drawn.
func TestTimelineOfAnyConfig(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 11))
	valid := 0
	for range 400 {
		c := anyConfig(rng)
		r, err := lm.Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, lm.ErrInvalidConfig)
			continue
		}
		valid++
		f := migrationplot.Timeline(r)
		require.NotEmpty(t, f.Title)
		require.NoError(t, f.Write(io.Discard, "svg", migrationplot.Light()), "%+v", c)
	}
	assert.Greater(t, valid, 150)
}

func TestTimelineIsRepeatable(t *testing.T) {
	f := migrationplot.Timeline(run(t, guest(1.1*lm.GB)))
	var a, b bytes.Buffer
	require.NoError(t, f.Write(&a, "svg", migrationplot.Dark()))
	require.NoError(t, f.Write(&b, "svg", migrationplot.Dark()))
	assert.Equal(t, a.String(), b.String())
}

// anyConfig is a configuration of sizes and rates over many magnitudes.
func anyConfig(rng *rand.Rand) lm.Config {
	magnitude := func(low, high int) int64 { return rng.Int64N(1 << (low + rng.IntN(high-low))) }
	memory := lm.PageBytes + magnitude(12, 40)
	rate := float64(magnitude(0, 42))
	curves := []lm.DirtyCurve{
		lm.Uniform{Rate: rate, WorkingSet: memory / 2}, lm.ConstantRate{Rate: rate, WorkingSet: memory}, lm.Zipf{Rate: rate, WorkingSet: memory, Exponent: 1},
	}
	methods := []lm.Method{
		lm.Plain(300 * time.Millisecond), hypervisor.QEMU(), hypervisor.QEMUAutoConverge(), hypervisor.Xen(), hypervisor.XenAdaptive(), hypervisor.HyperV(), hypervisor.CloudHypervisor(),
		hypervisor.VMotion(), hypervisor.Nova(memory), hypervisor.KubeVirtRamped(memory), hypervisor.Proxmox(),
	}
	vm := lm.Default().VM
	vm.Memory, vm.NonZero, vm.Workload = memory, magnitude(1, 40)%(memory+1), curves[rng.IntN(len(curves))]
	m := methods[rng.IntN(len(methods))]
	m.Strategy = lm.Strategy(rng.IntN(4))
	m.MaxRounds, m.MaxTime = 1+rng.IntN(2000), time.Hour
	m.PostCopy.Feedback, m.PostCopy.Queue = rng.IntN(2) == 0, magnitude(1, 24)
	c := lm.Config{VM: vm, Link: lm.CappedWire(float64(1+magnitude(10, 40)), float64(1+magnitude(10, 40))), Method: m, Trace: rng.IntN(8) > 0, Storage: lm.Storage{Until: time.Second}}
	if rng.IntN(4) == 0 {
		c.Storage.Mode, c.Storage.Disk, c.Storage.WriteRate = lm.Mirror, magnitude(1, 40), float64(magnitude(1, 20))
	}
	return c
}
