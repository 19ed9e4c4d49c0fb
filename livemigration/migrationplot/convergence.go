package migrationplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/theory"
)

// Phase is what Convergence draws: pre-copy of one guest with uniform writes,
// over the plane of dirty rate and downtime limit.
type Phase struct {
	Rounds lm.Result `json:"rounds"` // the guest itself, by rounds
	Drain  lm.Result `json:"drain"`  // the same by QEMU's switch-over

	Slice     float64     `json:"-"` // seconds that QEMU sends between two looks
	MaxLambda float64     `json:"-"` // the largest dirty rate over bandwidth; the smallest is 0
	Seconds   [][]float64 `json:"-"` // total time by rounds, cells as Cell says, NaN = never

	Boundary []Border `json:"boundary"`
}

// Border is the smallest downtime limit that ends, for one dirty rate, as a
// share of the time that the working set takes.
type Border struct {
	Lambda          float64 `json:"lambda"`
	RoundsTheory    float64 `json:"rounds_theory_fraction"`
	RoundsSimulated float64 `json:"rounds_simulated_fraction"`
	RoundsLimit     float64 `json:"rounds_limit_s"`
	DrainTheory     float64 `json:"drain_theory_fraction"`
	DrainSimulated  float64 `json:"drain_simulated_fraction"`
	DrainLimit      float64 `json:"drain_limit_s"`
}

// Cell is the middle of a cell of Phase.Seconds, as a share of its axis: with
// the column times MaxLambda the dirty rate over the bandwidth, with the row the
// downtime limit over the time that the working set takes.
func Cell(i, cells int) float64 { return (float64(i) + 0.5) / float64(cells) }

// Guest is the border at the guest's own dirty rate; ok is false if there is
// none, as for rates up to the bandwidth.
func (p Phase) Guest() (b Border, ok bool) {
	u, _ := p.Rounds.Config.VM.Workload.(lm.Uniform)
	for _, b := range p.Boundary {
		if b.Lambda == u.Rate/p.Rounds.Config.Link.Bandwidth {
			return b, true
		}
	}
	return b, false
}

// Convergence draws where pre-copy ends and how long it takes, with the
// boundaries of both switch-over semantics: lines by theory, dots simulated.
func Convergence(p Phase) Figure {
	c := p.Rounds.Config
	u, _ := c.VM.Workload.(lm.Uniform)
	whole := float64(u.WorkingSet) / c.Link.Bandwidth
	rounds := border("rounds", p.MaxLambda, theory.UniformPlateau)
	drain := border("QEMU", p.MaxLambda, func(l float64) float64 { return theory.DrainPlateau(l, p.Slice/whole) })
	drain.Dash = chart.Dashed
	grid := chart.Grid{X0: 0, X1: p.MaxLambda, Y0: 0, Y1: 1, Z: p.Seconds}
	low, high := valueRange(p.Seconds)
	marks := []chart.Mark{
		chart.HeatMap{Grid: grid, Min: low, Max: high, LogZ: true, Ramp: chart.ViridisReversed, Steps: true},
	}
	if at := levels(low, high); len(at) > 0 {
		marks = append(marks, chart.Contour{Grid: grid, Levels: at, LogZ: true, Format: chart.Seconds})
	}
	marks = append(marks, strip(rounds, drain), rounds, drain, simulated(p, true), simulated(p, false))
	marks = append(marks, regionWords(p, whole)...)
	return Figure{
		Title: convergenceTitle(p),
		Subtitle: fmt.Sprintf("Total time of pre-copy by rounds: %s guest, %s link, uniform writes over %s, which takes %s to send (100 %%).  Lines: theory.  Dots: smallest limit that ends when simulated.",
			units.FormatBytes(float64(c.VM.Memory)), chart.BitRate(8*c.Link.Bandwidth), units.FormatBytes(float64(u.WorkingSet)), units.FormatSeconds(whole)),
		Caption: fmt.Sprintf("%s · %s runs", caption, units.FormatCount(float64(len(p.Seconds)*len(p.Seconds)))),
		Bar:     &chart.ColorBar{Name: "Total time", Format: chart.Seconds},
		Panels: []chart.Panel{{
			Name: "Downtime limit as a share of the time that the working set takes to send", NoGrid: true,
			X:     chart.Axis{Name: "Dirty rate as a multiple of the bandwidth, λ", Max: p.MaxLambda, Format: chart.Multiple},
			Y:     chart.Axis{Max: 1, Format: chart.Percent},
			Marks: marks,
		}},
	}
}

func convergenceTitle(p Phase) string {
	b, ok := p.Guest()
	if !ok {
		return "Pre-copy always ends while the link outruns the guest"
	}
	return fmt.Sprintf("At %s the bandwidth, rounds end with a limit of %s, QEMU's drain with %s",
		chart.Multiple(b.Lambda), units.FormatSeconds(b.RoundsLimit), units.FormatSeconds(b.DrainLimit))
}

// border is the plateau over the dirty rate.
func border(label string, most float64, plateau func(lambda float64) float64) chart.Line {
	line := chart.Line{Label: label, Color: chart.Ink, Width: 2.2}
	const steps = 300
	for i := range steps + 1 {
		l := 1 + (most-1)*float64(i)/steps
		line.X, line.Y = append(line.X, l), append(line.Y, plateau(l))
	}
	return line
}

// strip is the region between the two boundaries.
func strip(above, below chart.Line) chart.Polygon {
	area := chart.Polygon{Color: chart.Green, Alpha: 0.25}
	area.X, area.Y = append(area.X, above.X...), append(area.Y, above.Y...)
	for i := len(below.X) - 1; i >= 0; i-- {
		area.X, area.Y = append(area.X, below.X[i]), append(area.Y, below.Y[i])
	}
	return area
}

func simulated(p Phase, rounds bool) chart.Dots {
	d := chart.Dots{Color: chart.Ink, Size: 7, Hollow: !rounds}
	for _, b := range p.Boundary {
		share := b.DrainSimulated
		if rounds {
			share = b.RoundsSimulated
		}
		d.X, d.Y = append(d.X, b.Lambda), append(d.Y, share)
	}
	return d
}

// regionWords names the regions and the guest's own place.
func regionWords(p Phase, whole float64) []chart.Mark {
	c := p.Rounds.Config
	u, _ := c.VM.Workload.(lm.Uniform)
	at := 1 + 0.8*(p.MaxLambda-1)
	above, below := theory.UniformPlateau(at), theory.DrainPlateau(at, p.Slice/whole)
	marks := []chart.Mark{chart.Text{X: at, Y: 0.4 * below, Text: "nothing ends here", Detail: "what stays dirty never fits the limit"}}
	if above-below > 0.15 {
		marks = append(marks, chart.Text{X: at, Y: (above + below) / 2, Text: "rounds never end here", Detail: "QEMU still ends here"})
	}
	lambda, share := u.Rate/c.Link.Bandwidth, p.Rounds.Config.Method.Limit.Highest().Seconds()/whole
	if lambda <= p.MaxLambda && share <= 1 {
		marks = append(marks, chart.Note{
			X: lambda, Y: share, Dot: true, Soft: true, Color: chart.Ink, Bold: true,
			Text: "this guest:\nrounds " + endWords(p.Rounds) + ", QEMU " + endWords(p.Drain),
		})
	}
	return marks
}

func endWords(r lm.Result) string {
	if r.Outcome == lm.Diverged {
		return "never"
	}
	return units.FormatSeconds(r.Total)
}

// valueRange is the range of the colours: from the shortest time to the
// longest, but to no more than three times the shortest.
func valueRange(z [][]float64) (low, high float64) {
	low, high = math.Inf(1), 0
	for _, row := range z {
		for _, v := range row {
			if v == v {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	if high == 0 {
		return 1, 2 // nothing ends anywhere
	}
	return low, math.Max(math.Min(high, 3*low), 1.2*low)
}

// levels are round numbers between two values, not too near them.
func levels(low, high float64) []float64 {
	var out []float64
	for e := math.Floor(math.Log10(low)); e <= math.Log10(high); e++ {
		for _, d := range []float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
			if v := d * math.Pow(10, e); v > 1.04*low && v < 0.97*high {
				out = append(out, v)
			}
		}
	}
	return out
}
