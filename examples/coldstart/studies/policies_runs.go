package studies

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/fleet"
	"cloudconcepts/internal/units"
)

// frontier runs one load under fixed times, the hybrid histogram and two caches.
func frontier(ctx context.Context, c fleet.Config, keeps []time.Duration, caps []int64, quantile float64) (coldstartplot.Frontier, []fleet.Result, error) {
	f := coldstartplot.Frontier{Quantile: quantile, Seed: c.Seed, Load: fmt.Sprintf("%s functions like those of Azure, %s", units.FormatCount(float64(c.Load.Functions)), units.FormatDuration(c.Duration-c.Warmup))}
	if err := checkPolicies(keeps, caps, quantile, c); err != nil {
		return f, nil, err
	}
	functions, err := c.Load.Generate()
	if err != nil {
		return f, nil, err
	}
	c.Sample = 0
	configs, names := fixedConfigs(c, keeps)
	runs, err := fleet.Frontier(ctx, functions, configs...)
	if err != nil {
		return f, nil, err
	}
	if len(caps) == 0 {
		caps = likeFixed(runs)
	}
	configs, more := otherConfigs(c, caps)
	others, err := fleet.Frontier(ctx, functions, configs...)
	if err != nil {
		return f, nil, err
	}
	runs, names = append(runs, others...), append(names, more...)
	for i, r := range runs {
		last := len(f.Policies) - 1
		p := coldstartplot.NewPolicyPoint(names[i][0], names[i][1], r, quantile)
		if last < 0 || f.Policies[last].Name != p.Policy {
			f.Policies = append(f.Policies, coldstartplot.Policy{Name: p.Policy})
			last++
		}
		f.Policies[last].Settings = append(f.Policies[last].Settings, p)
	}
	for _, p := range f.Policies {
		slices.SortFunc(p.Settings, func(a, b coldstartplot.PolicyPoint) int { return cmp.Compare(a.Idle, b.Idle) })
	}
	return f, runs, nil
}

// fixedConfigs are the runs with fixed times, each with the name of its policy and of its setting.
func fixedConfigs(c fleet.Config, keeps []time.Duration) (configs []fleet.Config, names [][2]string) {
	for _, k := range keeps {
		c.KeepAlive = fleet.Fixed(k)
		configs, names = append(configs, c), append(names, [2]string{"fixed time", units.FormatDuration(k)})
	}
	return configs, names
}

// likeFixed are sizes of memory around what fixed times take on average, rounded to two digits.
func likeFixed(runs []fleet.Result) (caps []int64) {
	for _, r := range runs {
		size := 1.1 * r.MemoryMeanMB / 1024
		unit := math.Pow(10, math.Floor(math.Log10(max(size, 1e-3)))-1)
		size = math.Round(size/unit) * unit
		caps = append(caps, max(int64(math.Round(size*(1<<30))), 1<<30))
	}
	slices.Sort(caps)
	return slices.Compact(caps)
}

// otherConfigs are the runs of the hybrid histogram and of the caches.
func otherConfigs(c fleet.Config, caps []int64) (configs []fleet.Config, names [][2]string) {
	c.KeepAlive = fleet.Histogram()
	configs, names = append(configs, c), append(names, [2]string{"hybrid histogram"})
	c.KeepAlive = fleet.Never()
	for i, e := range []fleet.Eviction{fleet.LRU, fleet.GreedyDual} {
		for _, b := range caps {
			c.Eviction, c.MemoryCapMB = e, float64(b)/(1<<20)
			configs, names = append(configs, c), append(names, [2]string{[]string{"LRU cache", "greedy-dual cache"}[i], units.FormatBytes(float64(b))})
		}
	}
	return configs, names
}

func checkPolicies(keeps []time.Duration, caps []int64, quantile float64, c fleet.Config) error {
	switch {
	case len(keeps) < 1 || len(keeps) > 12:
		return fmt.Errorf("%w: --keep-alive has %d times, want 1 to 12", fleet.ErrInvalidConfig, len(keeps))
	case len(caps) > 12:
		return fmt.Errorf("%w: --memory-cap has %d sizes, want 12 at most", fleet.ErrInvalidConfig, len(caps))
	case len(caps) > 0 && slices.Min(caps) < 1<<20:
		return fmt.Errorf("%w: --memory-cap = %s, want at least 1 MiB", fleet.ErrInvalidConfig, units.FormatBytes(float64(slices.Min(caps))))
	case !(quantile > 0 && quantile <= 1):
		return fmt.Errorf("%w: --percentile = %g, want in (0, 1]", fleet.ErrInvalidConfig, quantile)
	case c.Load.Functions > 20_000 || float64(c.Load.Functions)*c.Load.MaxRate > 2e9:
		return fmt.Errorf("%w: --functions = %d, --max-rate-per-day = %g, want at most 20,000, and 2e9 as their product", fleet.ErrInvalidConfig, c.Load.Functions, c.Load.MaxRate)
	}
	return nil
}
