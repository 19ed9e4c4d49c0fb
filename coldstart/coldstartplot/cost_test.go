package coldstartplot

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCosts(t *testing.T) {
	rates := []float64{1, 2, 4, 8}
	line := CostCurve{Name: "Lambda", Rates: rates, USD: []float64{1, 2, 4, 8}}
	steps := CostCurve{Name: "Fargate", Rates: rates, USD: []float64{3, 3, 3, 6}, Step: true}
	late := CostCurve{Name: "EC2", Rates: rates, USD: []float64{9, 9, 9, 9}, Step: true}
	gap := CostCurve{Name: "gap", Rates: rates, USD: []float64{0.5, 3, 3, 6}}
	assert.Equal(t, 3.0, steps.Cheaper(line))
	assert.Equal(t, 3.0, steps.First(line))
	assert.Equal(t, 0.0, gap.First(line))
	assert.Equal(t, 3.0, gap.Cheaper(line))
	assert.True(t, math.IsNaN(late.Cheaper(line)) && math.IsNaN(late.First(line)))
	assert.Equal(t, 0.0, line.Cheaper(late))

	f := Costs([]CostCurve{line, late, late, steps, late}, "what", "prices")
	assert.Equal(t, "Lambda pays below 3 requests/s; at 8/s it costs 1.3 times as much as Fargate", f.Title)
	drawn(t, f)
	assert.Contains(t, Costs([]CostCurve{line, late, late, late}, "", "").Title, "up to 8 requests/s")
	assert.Contains(t, Costs([]CostCurve{late, line, line, line}, "", "").Title, "cheaper than EC2 at every rate")
	drawn(t, Costs([]CostCurve{line, gap, gap, gap}, "", ""))
}
