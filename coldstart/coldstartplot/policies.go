package coldstartplot

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"cloudconcepts/coldstart/fleet"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// Policy is a kind of policy with one or more settings, by rising memory.
type Policy struct {
	Name     string
	Settings []PolicyPoint
}

// PolicyPoint is what a setting of a policy gave.
type PolicyPoint struct {
	Policy   string  `json:"policy"`
	Setting  string  `json:"setting"`
	Idle     float64 `json:"idle_memory_bytes"` // on average
	Cold     float64 `json:"cold_fraction"`     // of the requests
	App      float64 `json:"app_cold_fraction"` // of an application's requests: the quantile over applications
	Always   float64 `json:"always_cold_fraction"`
	Dropped  int64   `json:"dropped"`
	Requests int64   `json:"requests"`
}

// NewPolicyPoint reads a run; quantile is that over applications.
func NewPolicyPoint(policy, setting string, r fleet.Result, quantile float64) PolicyPoint {
	window := (r.Config.Duration - r.Config.Warmup).Seconds()
	return PolicyPoint{
		Policy: policy, Setting: setting, Idle: r.WastedGBSeconds / window * (1 << 30), Cold: r.ColdProbability(), App: r.AppColdQuantile(quantile),
		Always: r.AlwaysColdFraction, Dropped: r.Dropped, Requests: r.Requests,
	}
}

// Frontier is the cold starts of several policies against the memory that they keep idle.
type Frontier struct {
	Policies []Policy
	Quantile float64 // over applications
	Load     string  // in words
	Seed     uint64
}

// At are the shares of cold requests that a policy has with so much idle memory, between the settings around it: of all requests, and
// of the application at the quantile. NaN outside of them.
func (p Policy) At(idle float64) (cold, app float64) {
	for i, b := range p.Settings {
		if b.Idle == idle {
			return b.Cold, b.App
		}
		if i == 0 || idle > b.Idle || idle < p.Settings[i-1].Idle {
			continue
		}
		a := p.Settings[i-1]
		share := math.Log(idle/a.Idle) / math.Log(b.Idle/a.Idle)
		return a.Cold + share*(b.Cold-a.Cold), a.App + share*(b.App-a.App)
	}
	return math.NaN(), math.NaN()
}

// Application is the application at the quantile, in words.
func (f Frontier) Application() string {
	if f.Quantile == 0.5 {
		return "median application"
	}
	return "application at " + QuantileName(f.Quantile)
}

// Policies draws cold starts against idle memory, for all requests and for the application at a quantile.
func Policies(f Frontier) Figure {
	x := chart.Axis{Name: "idle memory on average", Log: true, Format: chart.Bytes}
	requests := chart.Panel{Name: "share of all requests that are cold", X: x, Y: chart.Axis{Log: true, Format: chart.Percent}}
	apps := chart.Panel{Name: "share of the requests of the " + f.Application() + " that are cold", X: x, Y: chart.Axis{Max: 1, Format: chart.Percent, Zero: true}}
	for i, p := range f.Policies {
		color := chart.Palette(i)
		var idle, cold, app []float64
		for _, s := range p.Settings {
			idle, cold, app = append(idle, s.Idle), append(cold, s.Cold), append(app, s.App)
		}
		width := 1.4
		if len(idle) == 1 {
			requests.Marks = append(requests.Marks, chart.Dots{Label: p.Name, X: idle, Y: cold, Color: color, Size: 11})
			apps.Marks = append(apps.Marks, chart.Dots{Label: p.Name, X: idle, Y: app, Color: color, Size: 11})
			continue
		}
		requests.Marks = append(requests.Marks, chart.Line{Label: p.Name, X: idle, Y: cold, Color: color, Width: width, Dots: true})
		apps.Marks = append(apps.Marks, chart.Line{Label: p.Name, X: idle, Y: app, Color: color, Width: width, Dots: true})
	}
	named := map[string]bool{} // caches of one size lie above one another
	for i, p := range f.Policies {
		for _, s := range p.Settings {
			if s.Setting == "" || named[s.Setting] {
				continue
			}
			named[s.Setting] = true
			requests.Marks = append(requests.Marks, chart.Note{X: s.Idle, Y: s.Cold, Text: s.Setting, Color: chart.Palette(i), Soft: true})
			apps.Marks = append(apps.Marks, chart.Note{X: s.Idle, Y: s.App, Text: s.Setting, Color: chart.Palette(i), Soft: true})
		}
	}
	return Figure{
		Title:    f.title(),
		Subtitle: "cold starts against the memory of idle environments; " + f.Load + "; a fixed time is named by its length, a cache by the memory that all environments share",
		Caption:  fmt.Sprintf("%s/fleet · %s requests a point · seed %d", caption, units.FormatCount(float64(f.Policies[0].Settings[0].Requests)), f.Seed),
		ShareX:   true, Height: 760, Panels: []chart.Panel{requests, apps},
	}
}

// title compares the policy with one setting with the first at the same memory.
func (f Frontier) title() string {
	first := f.Policies[0]
	for _, p := range f.Policies[1:] {
		if len(p.Settings) != 1 {
			continue
		}
		one := p.Settings[0]
		cold, app := first.At(one.Idle)
		switch {
		case math.IsNaN(app):
			continue
		case one.App < app && one.Cold > cold:
			return fmt.Sprintf("For the same memory the %s spares the %s, but leaves more of all requests cold", p.Name, f.Application())
		case one.App < app:
			return fmt.Sprintf("For the same memory the %s leaves fewer cold starts than a %s", p.Name, first.Name)
		}
		return fmt.Sprintf("For the same memory the %s does no better than a %s", p.Name, first.Name)
	}
	least := slices.MinFunc(first.Settings, func(a, b PolicyPoint) int { return cmp.Compare(a.Cold, b.Cold) })
	return fmt.Sprintf("Fewer cold starts take more idle memory: %s of the requests are cold with %s", units.FormatPercent(digits(least.Cold)), units.FormatBytes(digits(least.Idle)))
}
