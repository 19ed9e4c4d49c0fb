package stats

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEstimate(t *testing.T) {
	e := Mean([]int{1, 2, 3, 4}, func(i int) float64 { return float64(i) })
	assert.InDelta(t, 2.5, e.Mean, 1e-15)
	assert.InDelta(t, 0.6454972243679028, e.StandardError, 1e-12)
	assert.InDelta(t, 2.5-3.182446305284263*0.6454972243679028, e.Low, 1e-9)
	assert.InDelta(t, 2.5+3.182446305284263*0.6454972243679028, e.High, 1e-9)
	assert.Equal(t, Estimate{Mean: 3, Low: 3, High: 3}, Mean([]int{3}, func(i int) float64 { return float64(i) }))
}

func TestColumn(t *testing.T) {
	s := Column([]int{2, 3}, func(i int) float64 { return float64(i) }, func(i int) float64 { return float64(i * i) })
	assert.Equal(t, 2, s.Len())
	x, y := s.XY(1)
	assert.Equal(t, []float64{3, 9}, []float64{x, y})
}
