package livemigration_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/validation"
	. "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
)

// sample is a running mean.
type sample struct{ n, sum, squares float64 }

func (s *sample) add(x float64) { s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+x*x }

func (s *sample) mean() float64 { return s.sum / s.n }

// se is the standard error of the mean.
func (s *sample) se() float64 {
	return math.Sqrt(math.Max(0, s.squares-s.sum*s.sum/s.n) / (s.n - 1) / s.n)
}

// near claims that the mean lies within four standard errors and a stated
// allowance of the target.
func (s *sample) near(t *testing.T, claim validation.Claim, cell string, want, allowance float64) {
	t.Helper()
	claim.Within(t, cell, want, s.mean(), 4*s.se()+allowance)
}

// replicas are the means over several seeds.
type replicas struct {
	rounds, total, sent, skipped, faults, stall sample
	dirtied                                     [40]sample
}

func replicate(t *testing.T, cfg Config, n int) *replicas {
	t.Helper()
	var r replicas
	for seed := range uint64(n) {
		cfg.Seed = seed
		got, err := SimulatePages(cfg)
		require.NoError(t, err)
		r.rounds.add(float64(got.Rounds))
		r.total.add(got.Total)
		r.sent.add(float64(got.SentBytes))
		r.skipped.add(float64(got.SkippedBytes))
		r.faults.add(got.NetworkFaults)
		r.stall.add(got.FaultStall)
		for _, row := range got.Rows {
			if row.Live && row.Round < len(r.dirtied) {
				r.dirtied[row.Round].add(row.Dirtied)
			}
		}
	}
	return &r
}

// agreement is a case in which both engines must say the same.
type agreement struct {
	name string
	cfg  Config
	runs int
	// pages is how many pages a round's dirty set may differ beside chance.
	// One is for the rounding of fractional pages, and for the curvature of
	// U: rounds of random length dirty a fraction of a page less than rounds
	// of the mean length.
	pages float64
	// slack is how many seconds the total may differ beside chance.
	slack float64
	// branches says that chance decides the number of the last rounds.
	branches bool
}

// agree is a claim that real pages do what the curve says.
func agree(kind, what, unit string) validation.Claim {
	return computed("real pages against the curve, "+kind+": "+what, "Simulate; real pages are means of SimulatePages over several seeds", unit)
}

func (c agreement) check(t *testing.T, kind string) {
	want, err := Simulate(c.cfg)
	require.NoError(t, err)
	got := replicate(t, c.cfg, c.runs)
	if !c.branches {
		agree(kind, "live rounds", "").Within(t, c.name, float64(want.Rounds), got.rounds.mean(), 1e-9)
	}
	bytes := c.pages * PageBytes * float64(want.Rounds+1)
	bandwidth := live(c.cfg.Link)
	got.total.near(t, agree(kind, "total time", "s"), c.name, want.Total, bytes/bandwidth+c.slack)
	got.sent.near(t, agree(kind, "bytes sent", "bytes"), c.name, float64(want.SentBytes), bytes+c.slack*bandwidth)
	if c.cfg.Method.SkipRedirtied {
		got.skipped.near(t, agree(kind, "bytes skipped", "bytes"), c.name, float64(want.SkippedBytes), bytes)
	} else {
		assert.InDelta(t, want.SkippedBytes, got.skipped.mean(), 4*got.skipped.se()+bytes, "skipped")
	}
	for _, row := range want.Rows {
		if !row.Live || got.dirtied[row.Round].n < float64(c.runs) || c.branches && row.Round == want.Rounds {
			continue
		}
		cell := fmt.Sprintf("%s, round %d", c.name, row.Round)
		got.dirtied[row.Round].near(t, agree(kind, "bytes dirtied in a round", "bytes"), cell, row.Dirtied, c.pages*PageBytes)
	}
}

// changed is a configuration with a change.
func changed(c Config, change func(c *Config)) Config {
	change(&c)
	return c
}

func capped(c *Config) { c.Link = CappedWire(117.5*MB, 1250*MB) }

func limited(limit time.Duration) func(*Config) {
	return func(c *Config) { c.Method = hypervisor.QEMU(); c.Method.Limit = FixedLimit(limit) }
}

func agreeing(workload DirtyCurve) Config {
	c := pageConfig(256*MiB, workload)
	c.Method.Limit = FixedLimit(30 * time.Millisecond)
	return c
}

// The workloads of the agreement tests.
func flat() DirtyCurve   { return Uniform{Rate: 80 * MB, WorkingSet: 64 * MiB} }
func ranked() DirtyCurve { return Zipf{Rate: 80 * MB, WorkingSet: 128 * MiB, Exponent: 0.9} }
func sweep() DirtyCurve  { return Sequential{Rate: 60 * MB, WorkingSet: 64 * MiB} }
func hotCold() DirtyCurve {
	return Mixture{Uniform{Rate: 40 * MB, WorkingSet: 4 * MiB}, Uniform{Rate: 20 * MB, WorkingSet: 100 * MiB}}
}

func checkAll(t *testing.T, kind string, cases []agreement) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.check(t, kind) })
	}
}

// Both engines run the same rounds.
func TestPagesAgreeByRounds(t *testing.T) {
	flat, ranked := agreeing(flat()), agreeing(ranked())
	constant := ConstantRate{Rate: 60 * MB, WorkingSet: 64 * MiB}
	phased := Phased{flat.VM.Workload, []Phase{{time.Second, 1}, {time.Second, 0.2}}}
	large := func(c *Config) {
		c.VM.DirtyPage, c.VM.Memory, c.VM.NonZero = 2*MiB, GiB, GiB
		c.VM.Workload = Uniform{Rate: 0.1 * MB, WorkingSet: 512 * MiB}
		c.Method.Limit = FixedLimit(100 * time.Millisecond)
	}
	zeros := func(c *Config) {
		c.VM.NonZero, c.Method.PageHeader, c.Method.ZeroScan = 100*MiB, 8, 4*GB
	}
	checkAll(t, "by rounds", []agreement{
		{name: "uniform", cfg: flat, runs: 60, pages: 1},
		{name: "hot and cold", cfg: agreeing(hotCold()), runs: 60, pages: 1},
		{name: "zipf", cfg: changed(ranked, func(c *Config) { c.Method.Limit = FixedLimit(40 * time.Millisecond) }), runs: 60, pages: 1},
		{name: "sweep", cfg: agreeing(sweep()), runs: 5, pages: 1},
		{name: "constant", cfg: agreeing(constant), runs: 5, pages: 1},
		{name: "phased", cfg: agreeing(phased), runs: 60, pages: 1},
		{name: "zero pages", cfg: changed(flat, zeros), runs: 60, pages: 1},
		// A large page is 512 small ones.
		{name: "2 MiB pages", cfg: changed(flat, large), runs: 60, pages: 512},
		// A sweep ends in the middle of a large page, of 16 small ones, and
		// each round starts and passes on to the next one (0.51 of its size).
		{name: "sweep of 64 KiB pages", cfg: changed(agreeing(sweep()), func(c *Config) { c.VM.DirtyPage = 64 * KiB }), runs: 20, pages: 16 / (1 - 0.51)},
		// Which of the last rounds has fewer than 50 pages is left to chance.
		{name: "legacy Xen", cfg: changed(flat, func(c *Config) { c.Method = hypervisor.XenLegacy() }), runs: 60, pages: 1, branches: true},
		{name: "Xen", cfg: changed(flat, func(c *Config) { c.Method = hypervisor.Xen() }), runs: 60, pages: 1},
		{name: "8 GiB", cfg: pageConfig(8*GiB, Uniform{Rate: 20_000 * PageBytes, WorkingSet: 256 * MiB}), runs: 10, pages: 1},
	})
}

// Both engines skip pages that are dirty again. The guest writes only between
// two words of 64 pages, so that a page meets what was written half a word's
// time ago.
func TestPagesAgreeOnSkipping(t *testing.T) {
	skipping := func(c *Config) { c.Method = hypervisor.Xen(); c.Method.SkipRedirtied = true }
	halfWord := func(rate, bandwidth float64) float64 { return 32 * rate / bandwidth }
	adaptive := agreeing(Uniform{Rate: 30 * MB, WorkingSet: 64 * MiB})
	adaptive.Method = hypervisor.XenAdaptive()
	checkAll(t, "skipping pages dirty again", []agreement{
		{name: "uniform", cfg: changed(agreeing(flat()), skipping), runs: 60, pages: 1 + halfWord(80, 117.5)},
		{name: "hot and cold", cfg: changed(agreeing(hotCold()), skipping), runs: 60, pages: 1 + halfWord(60, 117.5)},
		{name: "zipf", cfg: changed(agreeing(ranked()), skipping), runs: 20, pages: 1 + halfWord(80, 117.5)},
		{name: "adaptive Xen", cfg: adaptive, runs: 40, pages: 1 + halfWord(30, 12.5), branches: true},
	})
}

// Both engines drain like QEMU. The limits are such that chance does not
// decide how many slices a round takes; where it may, the total differs by no
// more than a slice.
func TestPagesAgreeByDraining(t *testing.T) {
	flat := agreeing(flat())
	throttled := agreeing(Uniform{Rate: 1 * GB, WorkingSet: 128 * MiB})
	throttled.Method = hypervisor.QEMUAutoConverge()
	large := func(c *Config) {
		c.VM.DirtyPage, c.VM.Memory, c.VM.NonZero = 2*MiB, GiB, GiB
		c.VM.Workload = Uniform{Rate: 0.1 * MB, WorkingSet: 512 * MiB}
	}
	uncapped := changed(flat, limited(300*time.Millisecond))
	checkAll(t, "draining like QEMU", []agreement{
		{name: "capped", cfg: changed(uncapped, capped), runs: 60, pages: 1},
		{name: "uncapped", cfg: uncapped, runs: 60, pages: 1},
		{name: "zipf", cfg: changed(agreeing(ranked()), limited(100*time.Millisecond)), runs: 60, pages: 1},
		{name: "zero pages", cfg: changed(uncapped, func(c *Config) { c.VM.NonZero = 100 * MiB }), runs: 60, pages: 1},
		{name: "auto-converge", cfg: throttled, runs: 10, pages: 1, branches: true},
		{name: "2 MiB pages", cfg: changed(uncapped, large), runs: 60, pages: 512, slack: iterateTime, branches: true},
	})
}

// Both engines re-arm the log page by page in the first round.
func TestPagesAgreeOnClearing(t *testing.T) {
	for _, c := range []struct {
		name     string
		workload DirtyCurve
	}{{"uniform", flat()}, {"hot and cold", hotCold()}, {"zipf", ranked()}} {
		cfg := agreeing(c.workload)
		cfg.Method.ClearOnSend = true
		want, err := Simulate(cfg)
		require.NoError(t, err)
		got := replicate(t, cfg, 20)
		// 64 pages are re-armed together, half their time early.
		got.dirtied[1].near(t, agree("clearing on send", "bytes dirtied in round 1", "bytes"), c.name, want.Rows[0].Dirtied, 32*80/117.5*PageBytes)
	}
}

// After the first round only pending pages are re-armed: those not pending
// have been logged since the last sync. With U the unique bytes of a uniform
// set, a the age of a place's dirty pages, g the round's length and f when the
// scan came by, its new dirty bytes are U(a+g) + U(g-f) - U(a+g-f).
func TestPagesClearOnSendInLaterRounds(t *testing.T) {
	const places, bandwidth = 4000, 117.5 * MB
	u := Uniform{Rate: 80 * MB, WorkingSet: 64 * MiB}
	w := float64(u.WorkingSet)
	cfg := agreeing(u)
	cfg.Method.ClearOnSend = true
	got := replicate(t, cfg, 60)
	later := computed("bytes that real pages dirty in later rounds with clear-on-send", "U(a+g) + U(g-f) - U(a+g-f) summed over 4000 places", "bytes")
	dirty, length := make([]float64, places), 256*MiB/bandwidth
	for i := range dirty {
		dirty[i] = u.Unique(length*(1-(float64(i)+0.5)/places)) / places
	}
	for round := 2; round <= 5; round++ {
		sum := 0.0
		for _, d := range dirty {
			sum += d
		}
		g, passed, next := sum/bandwidth, 0.0, 0.0
		for i, d := range dirty {
			f := (passed + d/2) / bandwidth
			a := -w / u.Rate * math.Log1p(-d*places/w)
			passed += d
			dirty[i] = (u.Unique(a+g) + u.Unique(g-f) - u.Unique(a+g-f)) / places
			next += dirty[i]
		}
		got.dirtied[round].near(t, later, fmt.Sprint("round ", round), next, 32*80/117.5*PageBytes)
	}
}

// Page faults of post-copy. The link carries pushed and requested pages alike,
// so at the part s of the way the push has passed all but (1-s)/(1-touched)
// of the addresses.
func TestPagesPostCopyFaults(t *testing.T) {
	faults := computed("pages that a guest waits for in post-copy: real pages",
		"integral of the first touches times the share not arrived, (1-s)/(1-touched) at the part s of the way", "")
	stall := computed("time that faults take in post-copy: real pages", "faults times 4096 bytes over 117.5 MB/s", "s")
	for _, c := range []struct {
		name    string
		uniform Uniform
	}{
		{"64 MiB of 256 MiB written at 80 MB/s", Uniform{Rate: 80 * MB, WorkingSet: 64 * MiB}},
		{"4 MiB of 256 MiB written at 4 MB/s", Uniform{Rate: 4 * MB, WorkingSet: 4 * MiB}},
	} {
		cfg := pageConfig(256*MiB, c.uniform)
		cfg.Method = after(0)
		want, err := Simulate(cfg)
		require.NoError(t, err)
		got := replicate(t, cfg, 60)
		got.total.near(t, agree("post-copy", "total time", "s"), c.name, want.Total, 1e-9)
		got.sent.near(t, agree("post-copy", "bytes sent", "bytes"), c.name, float64(want.SentBytes), 1e-9)
		got.faults.near(t, faults, c.name, sharedLinkFaults(c.uniform, 256*MiB, 117.5*MB), 1)
		stall.Within(t, c.name, got.faults.mean()*PageBytes/(117.5*MB), got.stall.mean(), 1e-6)
	}
}

// sharedLinkFaults integrates the first touches that meet a missing page.
func sharedLinkFaults(u Uniform, memory, bandwidth float64) float64 {
	const steps = 20_000
	w := float64(u.WorkingSet)
	x, sum := u.Rate*memory/bandwidth/w, 0.0
	for i := range steps {
		s := (float64(i) + 0.5) / steps
		touched := w / memory * -math.Expm1(-x*s)
		sum += x * math.Exp(-x*s) * math.Min(1, (1-s)/(1-touched))
	}
	return w / PageBytes * sum / steps
}

// A hybrid agrees in its rounds, its time and its bytes; where faults stall
// the guest, they are too few to hold up the push, and agree as well.
func TestPagesAgreeAfterTheSwitch(t *testing.T) {
	hybrid := agreeing(flat())
	hybrid.Method = after(2)
	stalling := agreeing(flat())
	stalling.Method = after(0)
	stalling.Method.PostCopy.Feedback, stalling.Link.RTT = true, 20*time.Millisecond
	const kind = "after the switch to post-copy"
	checkAll(t, kind, []agreement{
		{name: "hybrid", cfg: hybrid, runs: 60, pages: 1},
		{name: "stalling", cfg: stalling, runs: 60, pages: 1},
	})
	want, err := Simulate(stalling)
	require.NoError(t, err)
	got := replicate(t, stalling, 60)
	got.faults.near(t, agree(kind, "pages that the guest waits for", ""), "stalling", want.NetworkFaults, 1)
	got.stall.near(t, agree(kind, "time that the guest stalls", "s"), "stalling", want.FaultStall, 0.021) // a fault may be under way at the end
}
