package chart

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// testTicker has labels of 6 px per character on an axis of the given length.
func testTicker(a Axis, length float64) ticker {
	const air = 10 * px
	return ticker{
		axis: a, length: vg.Length(length) * px, air: air, minor: true,
		need: func(s string) vg.Length { return vg.Length(len(s))*6*px + air },
	}
}

func majors(t ticker, lo, hi float64) (out []string) {
	for _, k := range t.Ticks(lo, hi) {
		if !k.IsMinor() {
			out = append(out, k.Label)
		}
	}
	return out
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		name   string
		axis   Axis
		lo, hi float64
		length float64
		want   []string
	}{
		{"linear", Axis{}, 0, 10, 100, []string{"0", "2", "4", "6", "8", "10"}},
		{"linear through zero", Axis{}, -1, 1, 200, []string{"−1", "−0.5", "0", "0.5", "1"}},
		{"linear narrow", Axis{}, 0.1, 0.4, 150, []string{"0.1", "0.2", "0.3", "0.4"}},
		{"linear thousands", Axis{}, 0, 8000, 200, []string{"0", "2,000", "4,000", "6,000", "8,000"}},
		{"log narrow low", Axis{Log: true}, 2, 8, 300, []string{"2", "3", "4", "5", "6", "7", "8"}},
		{"log narrow high", Axis{Log: true}, 28, 55, 300, []string{"30", "40", "50"}},
		{"log very narrow", Axis{Log: true}, 31, 38, 100, []string{"32", "34", "36", "38"}},
		{"log two decades", Axis{Log: true}, 1, 100, 400, []string{"1", "2", "5", "10", "20", "50", "100"}},
		{"log three decades", Axis{Log: true}, 1, 1000, 400, []string{"1", "10", "100", "1,000"}},
		{"log many decades", Axis{Log: true, Format: Percent}, 1e-9, 1, 500, []string{"0.000001 %", "0.0001 %", "0.01 %", "1 %", "100 %"}},
		{"log seconds", Axis{Log: true, Format: Seconds}, 0.01, 100, 400, []string{"10 ms", "100 ms", "1 s", "10 s", "100 s"}},
		{"log hours", Axis{Log: true, Format: Seconds}, 0.1, 36000, 500, []string{"100 ms", "1 s", "10 s", "1 min", "10 min", "1 h", "10 h"}},
		{"log bytes", Axis{Log: true, Format: Bytes}, 1 << 20, 1 << 24, 300, []string{"1 MiB", "2 MiB", "4 MiB", "8 MiB", "16 MiB"}},
		{"linear bytes", Axis{Format: Bytes}, 0, 8 << 30, 300, []string{"0 B", "2 GiB", "4 GiB", "6 GiB", "8 GiB"}},
		{"clock", Axis{Format: Clock}, 0, 600, 300, []string{"0:00", "2:00", "4:00", "6:00", "8:00", "10:00"}},
		{"explicit", Axis{Ticks: []float64{1, 3, 99}}, 0, 10, 300, []string{"1", "3"}},
		{"explicit touching", Axis{Ticks: []float64{1, 1.01, 3}}, 0, 10, 300, []string{"1", "3"}},
		{"labels", Axis{Labels: []string{"a", "b", "c"}}, -0.5, 2.5, 300, []string{"a", "b", "c"}},
		{"labels without room", Axis{Labels: []string{"aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd"}}, -0.5, 3.5, 120, []string{"aaaaaaaa", "cccccccc"}},
		{"counts once each", Axis{Format: Count}, 0, 2, 300, []string{"0", "1", "2"}},
		{"log from zero", Axis{Log: true}, 0, 10, 100, []string{"0"}},
		{"empty range", Axis{}, 3, 3, 200, nil},
		{"not a number", Axis{}, math.NaN(), 3, 200, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, majors(testTicker(c.axis, c.length), c.lo, c.hi))
		})
	}
}

// Whatever the range, labels never touch or repeat, and there are at least two
// on a range that is not absurd.
func TestTicksNeverTouch(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	formats := []Format{Thousands, Plain, Percent, Seconds, Clock, Bytes, BitRate, OneIn, Count}
	for range 5000 {
		lo := math.Pow(10, 12*rng.Float64()-6)
		hi := lo * (1.05 + math.Pow(10, 8*rng.Float64()-1))
		k := rng.IntN(len(formats)) // the first two tell all values apart
		a := Axis{Log: rng.IntN(2) == 0, Format: formats[k], Reverse: rng.IntN(4) == 0}
		tk := testTicker(a, 60+600*rng.Float64())
		seen := map[string]bool{}
		end := math.Inf(-1)
		n := 0
		for _, tick := range tk.Ticks(lo, hi) {
			if tick.IsMinor() {
				continue
			}
			at := a.scale().Normalize(lo, hi, tick.Value)
			if a.Reverse {
				at = 1 - at
			}
			half := float64(tk.need(tick.Label)-tk.air) / 2
			at *= float64(tk.length)
			assert.GreaterOrEqual(t, at-half, end-1e-9, "%g to %g: %s touches", lo, hi, tick.Label)
			assert.False(t, seen[tick.Label], "%g to %g: %s twice", lo, hi, tick.Label)
			seen[tick.Label], end = true, at+half
			n++
		}
		if tk.length > 400*px && k < 2 {
			assert.GreaterOrEqual(t, n, 2, "%g to %g", lo, hi)
		}
	}
}

func TestTicksTakeAnyRange(t *testing.T) {
	values := []float64{
		0, -1, 1, 5e-324, 1e-300, 1e300, math.MaxFloat64, -math.MaxFloat64,
		math.Inf(1), math.Inf(-1), math.NaN(), 1e15, 1e15 + 1,
	}
	for _, lo := range values {
		for _, hi := range values {
			for _, a := range []Axis{{}, {Log: true}, {Format: Seconds}, {Log: true, Format: Seconds}, {Log: true, Format: Bytes}, {Format: Bytes}} {
				got := testTicker(a, 300).Ticks(lo, hi)
				assert.LessOrEqual(t, len(got), 3000)
			}
		}
	}
}

func TestLogScaleTakesZero(t *testing.T) {
	for _, v := range []float64{0, -1, math.NaN()} {
		assert.Zero(t, logScale{}.Normalize(1, 100, v))
	}
	assert.InDelta(t, 0.5, logScale{}.Normalize(1, 100, 10), 1e-12)
	assert.InDelta(t, 0.5, logScale{}.Normalize(100, 1, 10), 1e-12)
	assert.Zero(t, logScale{}.Normalize(0, 1, 0.5))
}

func TestYAxisLabelsStayLevel(t *testing.T) {
	// Digits stand about 0.7 sizes high; their middle must lie on the tick.
	w := newWords()
	s := w.style(tickSize, false, hex(0))
	s.YAlign = -0.70
	baseline := s.Height("0")*vg.Length(1+s.YAlign) - w.Extents(s.Font).Ascent + w.Extents(s.Font).Descent
	middle := baseline + 0.345*s.Font.Size
	assert.InDelta(t, 0, float64(middle/px), 0.5)
	assert.Equal(t, draw.XLeft, draw.XAlignment(0))
}
