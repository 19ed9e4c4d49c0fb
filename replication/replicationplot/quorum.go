package replicationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/quorum"
)

// Quorum draws the probability of a stale read against the time since the write was acknowledged. exact is the closed
// form, or nil if there is none.
func Quorum(r quorum.Result, exact func(t float64) float64) Figure {
	end := max(1.3*r.TVisibility9999, 1.5*r.ReadP50, 1e-6)
	floor := math.Pow(10, math.Ceil(math.Log10(30/float64(r.Config.Trials))))
	var x, y, low, high, theory []float64
	for i := range 201 {
		t := end * float64(i) / 200
		e := r.PConsistent(t)
		if 1-e.Value < floor {
			break
		}
		x, y, low, high = append(x, t), append(y, 1-e.Value), append(low, max(1-e.High, floor/2)), append(high, 1-e.Low)
		if exact != nil {
			theory = append(theory, exact(t))
		}
	}
	p := chart.Panel{
		Name: "probability that a read misses the write", X: chart.Axis{Name: "time from the acknowledgement to the read", Max: end, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Format: chart.Percent, Max: 1, Min: floor},
	}
	if len(x) > 1 {
		p.Marks = append(p.Marks, chart.Band{X: x, Low: low, High: high, Color: chart.Blue}, chart.Line{Label: "simulated", X: x, Y: y, Color: chart.Blue})
	}
	if len(theory) > 1 {
		p.Marks = append(p.Marks, chart.Line{Label: "closed form", X: x, Y: theory, Color: chart.Ink, Dash: chart.Dashed, Width: 1.1})
	}
	for _, q := range []struct {
		share, t float64
		name     string
	}{{0.01, r.TVisibility99, "99 %% fresh from %s on"}, {0.001, r.TVisibility999, "99.9 %% from %s on"}} {
		if q.t > 0 {
			p.Marks = append(p.Marks, chart.Note{X: q.t, Y: q.share, Text: fmt.Sprintf(q.name, units.FormatSeconds(q.t)), Dot: true})
		}
	}
	c := r.Config
	return Figure{
		Title: quorumTitle(r), Subtitle: fmt.Sprintf("%s; N = %d replicas, a write waits for W = %d, a read for R = %d", c.Latency.Name, c.N, c.W, c.R),
		Caption: fmt.Sprintf("%s/quorum · %s trials · seed %d · 95 %% interval", caption, units.FormatCount(float64(c.Trials)), c.Seed),
		Panels:  []chart.Panel{p}, Height: 480,
	}
}

func quorumTitle(r quorum.Result) string {
	c := r.Config
	if c.R+c.W > c.N {
		return fmt.Sprintf("R + W > N: no read misses an acknowledged write; it costs %s at P99.9 to read", units.FormatSeconds(r.ReadP999))
	}
	return fmt.Sprintf("%s of the reads at once are stale; 99.9 %% are fresh after %s", units.FormatPercent(digits(1-r.PConsistent0)), units.FormatSeconds(r.TVisibility999))
}

// digits keeps two digits of a share.
func digits(share float64) float64 {
	if share <= 0 || share >= 1 {
		return share
	}
	unit := math.Pow(10, math.Floor(math.Log10(share))-1)
	return math.Round(share/unit) * unit
}

// FrontierPoint is one choice of R and W.
type FrontierPoint struct {
	R         int     `json:"r"`
	W         int     `json:"w"`
	Read      float64 `json:"read_p999_s"`
	Write     float64 `json:"write_p999_s"`
	Both      float64 `json:"read_and_write_p999_s"`
	Stale     float64 `json:"stale_at_once_fraction"`
	Fresh     float64 `json:"t_visibility_999_s"`
	Published float64 `json:"published_t_visibility_999_s"` // NaN where nothing was published
}

// Frontier draws latency against staleness for every choice of R and W.
func Frontier(model string, n, trials int, seed uint64, points []FrontierPoint) Figure {
	most := 0.0
	for _, p := range points {
		most = max(most, p.Fresh)
	}
	zero := max(most/300, 1e-5) // where the points that are never stale are drawn
	p := chart.Panel{
		Name: "time until 99.9 % of the reads are fresh", X: chart.Axis{Name: "99.9th percentile of a read and a write together", Log: true, Format: chart.Seconds},
		Y: chart.Axis{Log: true, Min: zero, Format: chart.Seconds},
	}
	for _, q := range points {
		color := chart.Blue
		if q.R+q.W > n {
			color = chart.Green
		}
		if q.Published > 0 {
			p.Marks = append(p.Marks, chart.Dots{X: []float64{q.Both}, Y: []float64{q.Published}, Color: chart.Vermillion, Hollow: true, Size: 16})
		}
		p.Marks = append(p.Marks, chart.Dots{X: []float64{q.Both}, Y: []float64{max(q.Fresh, zero)}, Color: color, Size: 8},
			chart.Note{X: q.Both, Y: max(q.Fresh, zero), Text: fmt.Sprintf("R %d, W %d", q.R, q.W), Color: color})
	}
	return Figure{
		Title:    frontierTitle(n, points),
		Subtitle: fmt.Sprintf("%s, N = %d; green, on the axis: R + W > N, fresh at once; red rings: published", model, n),
		Caption:  fmt.Sprintf("%s/quorum · %s trials a point · seed %d", caption, units.FormatCount(float64(trials)), seed),
		Panels:   []chart.Panel{p}, Height: 500,
	}
}

// frontierTitle compares the cheapest choice with the cheapest one that is never stale.
func frontierTitle(n int, points []FrontierPoint) string {
	cheap, strict := points[0], FrontierPoint{Both: math.Inf(1)}
	for _, p := range points {
		if p.Both < cheap.Both {
			cheap = p
		}
		if p.R+p.W > n && p.Both < strict.Both {
			strict = p
		}
	}
	if math.IsInf(strict.Both, 1) {
		return fmt.Sprintf("R %d, W %d answers in %s and is fresh after %s", cheap.R, cheap.W, units.FormatSeconds(cheap.Both), units.FormatSeconds(cheap.Fresh))
	}
	return fmt.Sprintf("Fresh at once costs %s instead of %s, or a wait of %s",
		units.FormatSeconds(strict.Both), units.FormatSeconds(cheap.Both), units.FormatSeconds(cheap.Fresh))
}
