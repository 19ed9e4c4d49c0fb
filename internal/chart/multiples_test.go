package chart

import (
	"math"
	"math/rand/v2"
)

// multiplesFigure has everything too long and too much.
func multiplesFigure() Figure {
	rng := rand.New(rand.NewPCG(5, 6))
	var lines []Mark
	for k := range 8 {
		var xs, ys []float64
		for i := range 200 {
			x := float64(i) / 2
			xs, ys = append(xs, x), append(ys, 50+10*math.Sin(x/9+float64(k)/6)+float64(k)*0.7-x*0.3)
		}
		lines = append(lines, Line{Label: []string{"primary", "replica with a long name", "quorum", "lease", "chain", "gossip", "paxos", "raft"}[k], X: xs, Y: ys})
	}
	var steps []Mark
	for k := range 3 {
		var xs, ys []float64
		v := 0.0
		for i := range 40 {
			v += rng.NormFloat64() * 3
			xs, ys = append(xs, float64(i)), append(ys, v)
		}
		steps = append(steps, Line{Label: "walk " + Plain(float64(k)), X: xs[:40-k*10], Y: ys[:40-k*10], Step: true})
	}
	steps = append(steps, HLine{At: 0, Text: "start", Dash: Dashed})
	var items []Block
	for lane := range 6 {
		x := rng.Float64()
		for range 7 {
			w := 0.5 + 2*rng.Float64()
			items = append(items, Block{X0: x, X1: x + w, Y0: float64(lane) - 0.35, Y: float64(lane) + 0.35, Color: Palette(lane), Text: "cold"})
			x += w + rng.Float64()
		}
	}
	tail := func(a float64) (xs, ys []float64) {
		for x := 0.001; x < 400; x *= 1.05 {
			xs, ys = append(xs, x), append(ys, math.Exp(-a*math.Sqrt(x)))
		}
		return
	}
	ax, ay := tail(1)
	bx, by := tail(3)
	return Figure{
		Title:    "A title that is much longer than it should be, so long that it can not possibly stand on a single line of the figure",
		Subtitle: "A subtitle with far too many fixed parameters: 1,000 runs of each of the 12 configurations, 95 % intervals by the batch-means method, warm-up of 10 minutes, arrivals Poisson at 120 per second, service log-normal with mean 50 ms and a coefficient of variation of 2.",
		Caption:  "cloudconcepts/chart · a caption that is rather long as well, to see what happens with it when it does not fit on one line because it says too much about seeds, runs and intervals",
		Columns:  2, Height: 900,
		Panels: []Panel{
			{Name: "Throughput (k/s)", X: Axis{Name: "Load (%)"}, Marks: lines},
			{Name: "Drift", X: Axis{Name: "Step"}, Marks: steps},
			{Name: "Worker", X: Axis{Name: "Time", Format: Seconds}, Y: Axis{Labels: []string{"w1", "w2", "w3", "w4", "w5", "w6"}}, Marks: []Mark{Blocks{Items: items}}},
			{Name: "Share of requests slower", X: Axis{Name: "Latency", Log: true, Format: Seconds}, Y: Axis{Log: true, Format: OneIn, Min: 1e-6, Max: 1}, Marks: []Mark{
				Line{Label: "pooled", X: ax, Y: ay},
				Line{Label: "single", X: bx, Y: by},
				VLine{At: 1, Text: "limit"},
				Note{X: bx[150], Y: by[150], Text: "the knee"},
			}},
		},
	}
}
