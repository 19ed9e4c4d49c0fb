package bloomplot

import (
	"fmt"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/chart"
)

// Measured is one measurement beside theory.
func Measured(r bloom.Result) Figure {
	return Figure{
		Title:    fmt.Sprintf("%s of the absent keys pass", chart.Percent(r.FPRMeasured)),
		Subtitle: fmt.Sprintf("%d bits, %d keys, %d hashes, %v, %v", r.Config.Bits, r.Config.Keys, r.Config.Hashes, r.Config.Layout, r.Config.Scheme),
		Caption:  caption,
		Panels: []chart.Panel{{
			Name: "False-positive rate", Y: chart.Axis{Format: chart.Percent, Zero: true},
			X: chart.Axis{Labels: []string{"textbook", "exact", "measured"}},
			Marks: []chart.Mark{chart.Dots{
				X: []float64{0, 1, 2}, Y: []float64{r.FPRClassical, r.FPRExact, r.FPRMeasured},
				Low:  []float64{r.FPRClassical, r.FPRExact, r.FPRLow},
				High: []float64{r.FPRClassical, r.FPRExact, r.FPRHigh},
			}},
		}},
	}
}
