package chart

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/plot/vg"
)

func TestRelax(t *testing.T) {
	even := []float64{10, 10, 10}
	assert.Equal(t, []float64{20, 40, 60}, relax([]float64{20, 40, 60}, even, 0, 100))
	assert.Equal(t, []float64{40, 50, 60}, relax([]float64{50, 50, 50}, even, 0, 100))
	assert.Equal(t, []float64{5, 15, 25}, relax([]float64{0, 0, 0}, even, 0, 100))
	assert.Equal(t, []float64{75, 85, 95}, relax([]float64{99, 99, 99}, even, 0, 100))
	assert.Empty(t, relax(nil, nil, 0, 100))
}

// However the labels wish to stand, they keep their order and their distance,
// stay inside, do not move when they need not, and no single pile could move
// closer to its wishes.
func TestRelaxHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		n := 1 + rng.IntN(12)
		want, height := make([]float64, n), make([]float64, n)
		total := 0.0
		for i := range want {
			want[i], height[i] = 140*rng.Float64()-20, 1+8*rng.Float64()
			total += height[i]
		}
		sort.Float64s(want)
		got := relax(want, height, 0, 100)
		squeeze := math.Min(1, 100/total)
		free := true
		for i, y := range got {
			h := height[i] * squeeze / 2
			assert.GreaterOrEqual(t, y-h, -1e-6)
			assert.LessOrEqual(t, y+h, 100+1e-6)
			free = free && want[i]-h >= 0 && want[i]+h <= 100
			if i > 0 {
				gap := (height[i-1] + height[i]) * squeeze / 2
				assert.GreaterOrEqual(t, y-got[i-1], gap-1e-6)
				free = free && want[i]-want[i-1] >= gap
			}
		}
		if free {
			assert.InDeltaSlice(t, want, got, 1e-9)
		}
	}
}

func TestLeave(t *testing.T) {
	x, y := leave(0.5, 0.5, 0.7, 1.5)
	assert.InDelta(t, 0.6, x, 1e-12)
	assert.InDelta(t, 1, y, 1e-12)
	x, y = leave(0.5, 0.5, 0.6, 0.6)
	assert.InDelta(t, 0.6, x, 1e-12)
	assert.InDelta(t, 0.6, y, 1e-12)
}

func TestRoom(t *testing.T) {
	r := newRoom(rectAt(0, 0, 100, 100))
	r.block(rectAt(10, 10, 20, 20))
	r.line([]vg.Point{{X: 0, Y: 50}, {X: 100, Y: 50}})
	assert.False(t, r.clear(rectAt(15, 15, 5, 5)))
	assert.True(t, r.clear(rectAt(40, 10, 5, 5)))
	assert.Positive(t, r.crossed(rectAt(40, 45, 10, 10)))
	assert.Zero(t, r.crossed(rectAt(40, 60, 10, 10)))
	assert.False(t, r.within(rectAt(95, 0, 10, 10)))
	best := r.best([]vg.Rectangle{rectAt(95, 0, 10, 10), rectAt(15, 15, 5, 5), rectAt(40, 45, 10, 10), rectAt(40, 60, 10, 10)}, 1)
	assert.Equal(t, 3, best)
	assert.Equal(t, -1, r.best([]vg.Rectangle{rectAt(15, 15, 5, 5)}, 1))
	assert.Equal(t, -1, r.best([]vg.Rectangle{rectAt(40, 49, 10, 2)}, 0.1))
}

func TestParts(t *testing.T) {
	assert.Equal(t, []part{{text: "plain {text}"}}, parts("plain {text}"))
	assert.Equal(t, []part{{text: "e"}, {text: "−kn", level: 1}, {text: ")"}, {text: "k", level: 1}}, parts("e^{−kn})^{k}"))
	assert.Equal(t, []part{{text: "x"}, {text: "i", level: -1}}, parts("x_{i}"))
	assert.Equal(t, []part{{text: "10"}, {text: "−9", level: 1}, {text: " s"}}, parts("10⁻⁹ s"))
	assert.Equal(t, []part{{text: "open ^{"}}, parts("open ^{"))
	assert.Equal(t, []part{{text: "up", level: 1}}, parts("^{up}"))
	assert.Empty(t, parts(""))
}

func TestWrap(t *testing.T) {
	s := newWords().style(12, false, hex(0))
	assert.Equal(t, "one two", wrap(s, "one two", 1000))
	assert.Equal(t, "one\ntwo", wrap(s, "one two", 1))
	assert.Equal(t, "one\ntwo", wrap(s, "one\ntwo", 1000))
}
