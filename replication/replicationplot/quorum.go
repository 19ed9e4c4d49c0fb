package replicationplot

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/replication/quorum"
)

// Quorum draws the probability of a stale read against the time since the write was acknowledged: of a choice of R and
// W in full, with its interval and its quantiles, and of others beside it. exact is the closed form of the first, or nil
// if there is none.
func Quorum(r quorum.Result, others []quorum.Result, exact func(t float64) float64) Figure {
	c := r.Config
	p := chart.Panel{
		Name: "Probability that a read misses the write (log scale)",
		X:    chart.Axis{Name: "Time from the acknowledgement of the write to the read", Format: chart.Seconds},
		Y:    chart.Axis{Log: true, Format: chart.Percent, Max: 1, Min: tellable(c.Trials)},
	}
	for _, one := range append([]quorum.Result{r}, others...) {
		p.X.Max = max(p.X.Max, 1.03*one.TVisibility(1-p.Y.Min).Mean)
	}
	if !(p.X.Max > 0) {
		p.X.Max = 1e-3
		p.Marks = append(p.Marks, chart.Text{X: p.X.Max / 2, Y: math.Sqrt(p.Y.Min), Text: "no stale read", Detail: fmt.Sprintf("in %s trials", units.FormatCount(float64(c.Trials)))})
	}
	for i, one := range others {
		p.Marks = append(p.Marks, staleMarks(one, p.X.Max, p.Y.Min, chart.Palette(i+1), 1.3)...)
	}
	p.Marks = append(p.Marks, staleMarks(r, p.X.Max, p.Y.Min, chart.Blue, 2.2)...)
	if exact != nil {
		p.Marks = append(p.Marks, exactMark(exact, p.X.Max, p.Y.Min))
	}
	for _, q := range []struct {
		share, t float64
		name     string
	}{{0.01, r.TVisibility99, "99 % fresh from "}, {0.001, r.TVisibility999, "99.9 % fresh from "}} {
		if q.t > 0 && q.t < p.X.Max && q.share > p.Y.Min {
			p.Marks = append(p.Marks, chart.Note{X: q.t, Y: q.share, Text: q.name + units.FormatSeconds(q.t) + " on", Dot: true})
		}
	}
	return Figure{
		Title: quorumTitle(r), Subtitle: quorumSubtitle(r, others, exact != nil),
		Caption: fmt.Sprintf("%s/quorum · %s trials a curve · seed %d · band: 95 %% interval", caption, units.FormatCount(float64(c.Trials)), c.Seed),
		Panels:  []chart.Panel{p}, Height: 500,
	}
}

// tellable is the least probability that so many trials can tell.
func tellable(trials int) float64 {
	return min(math.Pow(10, math.Ceil(math.Log10(30/float64(trials)))), 0.1)
}

// staleMarks are a choice's curve and interval, as far as the trials reach.
func staleMarks(r quorum.Result, end, floor float64, color chart.Color, width float64) []chart.Mark {
	var x, y, low, high []float64
	for i := range 401 {
		t := end * float64(i) / 400
		e := r.PConsistent(t)
		if 1-e.Mean < floor {
			break
		}
		x, y, low, high = append(x, t), append(y, 1-e.Mean), append(low, max(1-e.High, floor/2)), append(high, 1-e.Low)
	}
	if len(x) == 0 {
		return nil
	}
	label := fmt.Sprintf("R %d, W %d", r.Config.R, r.Config.W)
	if len(x) == 1 {
		return []chart.Mark{chart.Dots{Label: label, X: x, Y: y, Low: low, High: high, Color: color}}
	}
	return []chart.Mark{chart.Band{X: x, Low: low, High: high, Color: color, Alpha: 0.2}, chart.Line{Label: label, X: x, Y: y, Color: color, Width: width}}
}

func exactMark(exact func(float64) float64, end, floor float64) chart.Mark {
	line := chart.Line{Color: chart.Ink, Dash: chart.Dashed, Width: 1.2}
	for i := range 201 {
		t := end * float64(i) / 200
		if y := exact(t); y >= floor {
			line.X, line.Y = append(line.X, t), append(line.Y, y)
		}
	}
	return line
}

func quorumTitle(r quorum.Result) string {
	c := r.Config
	switch {
	case c.R+c.W > c.N:
		return fmt.Sprintf("R + W > N: no read misses the write, for %s a read and %s a write at P99.9", units.FormatSeconds(r.ReadP999), units.FormatSeconds(r.WriteP999))
	case r.PConsistent0 >= 0.999:
		return fmt.Sprintf("Only %s of the reads right after a write are stale", units.FormatPercent(digits(1-r.PConsistent0)))
	}
	return fmt.Sprintf("%s of the reads right after a write are stale; 99.9 %% are fresh %s later", units.FormatPercent(digits(1-r.PConsistent0)), units.FormatSeconds(r.TVisibility999))
}

func quorumSubtitle(r quorum.Result, others []quorum.Result, exact bool) string {
	c := r.Config
	text := fmt.Sprintf("Latencies of %s, N = %d replicas; a write waits for W of them, a read for R.", c.Latency.Name, c.N)
	if exact {
		text += " Dashed: closed form."
	}
	var never []string
	for _, o := range append([]quorum.Result{r}, others...) {
		if o.PConsistent0 == 1 {
			never = append(never, fmt.Sprintf("R %d, W %d", o.Config.R, o.Config.W))
		}
	}
	if len(never) > 0 {
		text += " No stale read at all: " + strings.Join(never, "; ") + "."
	}
	return text
}

// digits keeps two digits of a share.
func digits(share float64) float64 {
	if share <= 0 || share >= 1 {
		return share
	}
	unit := math.Pow(10, math.Floor(math.Log10(share))-1)
	return math.Round(share/unit) * unit
}
