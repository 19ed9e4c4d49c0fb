package bloomplot

import (
	"fmt"
	"math"
	"strings"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/chart"
)

// Claim is a statement about Bloom filters and the truth about it.
type Claim struct {
	Who       string  `json:"who"`
	Statement string  `json:"statement"`
	Said      float64 `json:"says_value"`
	True      float64 `json:"true_value"`
	Unit      string  `json:"unit"` // fraction, times or bits
	Source    string  `json:"source"`

	Shape    bloom.Params  `json:"shape"` // of a filter to measure; no bits = none
	Layout   filter.Layout `json:"layout"`
	Measured float64       `json:"measured_value"` // 0 = not measured
	Low      float64       `json:"measured_low"`
	High     float64       `json:"measured_high"`
}

// Ratio is the truth as a multiple of the claim.
func (c Claim) Ratio() float64 { return c.True / c.Said }

// Off is the factor between claim and truth, at least 1.
func (c Claim) Off() float64 { return math.Exp(math.Abs(math.Log(c.Ratio()))) }

// Holds tells whether the claim is true to two in a thousand.
func (c Claim) Holds() bool { return c.Off() < 1.002 }

// Write writes a value in the unit of the claim; nothing for 0.
func (c Claim) Write(v float64) string {
	switch {
	case v == 0:
		return ""
	case c.Unit == "times":
		return fmt.Sprintf("%.3g×", v)
	case c.Unit == "bits":
		return fmt.Sprintf("%.4g bits", v)
	}
	return fmt.Sprintf("%.4g %%", 100*v)
}

// Claims draws statements against the truth: what is said is 1, and the truth
// and the measurements are multiples of it.
func Claims(claims []Claim, measured bloom.Config) Figure {
	p := chart.Panel{
		X: chart.Axis{Name: "The truth as a multiple of what is said (log scale)", Log: true, Format: chart.Multiple, Ticks: []float64{0.5, 0.6, 0.8, 1, 1.2, 1.5, 2}},
		Y: chart.Axis{Reverse: true, Min: -0.6, Max: float64(len(claims)) - 0.4},
	}
	p.Marks = append(p.Marks, chart.VLine{At: 1, Color: chart.Green, Width: 1.6, Text: "as said"})
	low, high := 0.6, 1.9
	for i, c := range claims {
		y, color := float64(i), chart.Vermillion
		if c.Holds() {
			color = chart.Green
		}
		low, high = math.Min(low, c.Ratio()*0.9), math.Max(high, c.Ratio()*1.3)
		p.Y.Labels = append(p.Y.Labels, c.Who+": "+c.Statement)
		p.Marks = append(p.Marks, chart.Line{X: []float64{1, c.Ratio()}, Y: []float64{y, y}, Color: color, Width: 5},
			chart.Dots{X: []float64{c.Ratio()}, Y: []float64{y}, Color: color, Size: 11})
		if c.Measured > 0 {
			p.Marks = append(p.Marks, chart.Line{X: []float64{c.Low / c.Said, c.High / c.Said}, Y: []float64{y + 0.24, y + 0.24}, Color: chart.Ink, Width: 1.4},
				chart.Dots{X: []float64{c.Measured / c.Said}, Y: []float64{y + 0.24}, Color: chart.Ink, Hollow: true, Size: 7})
		}
		p.Marks = append(p.Marks, chart.Note{X: math.Max(c.Ratio(), 1), Y: y, Bare: true, Color: color, Bold: true, Text: fmt.Sprintf("said %s, true %s", c.Write(c.Said), c.Write(c.True))})
	}
	p.X.Min, p.X.Max = low, high
	return Figure{
		Title:    claimsTitle(claims),
		Subtitle: "What documentation says about Bloom filters, against exact theory. Hollow dots: filters built and measured here, with 95 % bars.",
		Caption: fmt.Sprintf("%s · %s of %s, %s each · seed %d · 95 %% interval", caption,
			counted(uint64(measured.Filters), "filter"), counted(measured.Keys, "key"), counted(uint64(measured.Queries), "lookup"), measured.Seed),
		Panels: []chart.Panel{p}, Height: 160 + 52*float64(len(claims)),
	}
}

func claimsTitle(claims []Claim) string {
	wrong, about := 0, []string{}
	for _, c := range claims {
		if !c.Holds() {
			wrong++
			if c.Off() > 1.3 {
				about = append(about, c.Who)
			}
		}
	}
	if wrong == 0 {
		return fmt.Sprintf("All %d statements hold", len(claims))
	}
	text := fmt.Sprintf("%d of %d statements are off", wrong, len(claims))
	if len(about) > 0 {
		text += fmt.Sprintf(", %d by more than 30 %%: %s", len(about), strings.Join(unique(about), ", "))
	}
	return text
}

func unique(words []string) []string {
	var out []string
	for _, w := range words {
		if len(out) == 0 || out[len(out)-1] != w {
			out = append(out, w)
		}
	}
	return out
}
