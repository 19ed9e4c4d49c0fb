package chart

import (
	"math"
	"math/rand/v2"
)

func bloomFigure() Figure {
	var marks []Mark
	marks = append(marks, VLine{At: 104858, Text: "10 bits per key\nbest k = 7, 0.8 % false positives", Dash: Dashed})
	rate := func(k, n float64) float64 { return math.Pow(1-math.Exp(-k*n/1048576), k) }
	for i, k := range []float64{1, 2, 4, 7, 14} {
		var xs, ys []float64
		for n := 2500.0; n <= 250000; n *= 1.01 {
			xs, ys = append(xs, n), append(ys, rate(k, n))
		}
		name := "k = " + Plain(k)
		if k == 1 {
			name += " hash"
		}
		marks = append(marks, Line{Label: name, X: xs, Y: ys, Color: Palette(i)})
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for i, k := range []float64{1, 2, 4, 7, 14} {
		d := Dots{Color: Palette(i)}
		for _, n := range []float64{3000, 5000, 8000, 12000, 20000, 32000, 50000, 80000, 130000, 200000} {
			p := rate(k, n)
			hits := math.Round(200000*p + math.Sqrt(200000*p)*rng.NormFloat64())
			if hits < 0 || p < 3e-6 {
				hits = 0
			}
			q := hits / 200000
			z := 1.96
			nn := 200000.0
			mid := (q + z*z/2/nn) / (1 + z*z/nn)
			w := z / (1 + z*z/nn) * math.Sqrt(q*(1-q)/nn+z*z/4/nn/nn)
			if p < 1e-6 {
				continue
			}
			d.X, d.Y, d.Low, d.High = append(d.X, n), append(d.Y, q), append(d.Low, mid-w), append(d.High, mid+w)
		}
		marks = append(marks, d)
	}
	return Figure{
		Title:    "More hash functions help, until the filter fills up",
		Subtitle: "False-positive rate of a 1 Mibit (128 KiB) Bloom filter as keys are added.  Lines: theory (1 − e^{−kn/m})^{k}.  Dots: measured, 95 % interval.",
		Caption:  "cloudconcepts/bloom · bits-and-blooms/bloom v3.7.1 · 200,000 lookups per point · Wilson interval",
		Panels: []Panel{{
			Name:  "False-positive rate",
			X:     Axis{Name: "Keys inserted, n", Log: true, Min: 2500, Max: 260000},
			Y:     Axis{Log: true, Min: 1e-5, Max: 1, Format: Percent},
			Marks: marks,
		}},
	}
}

func migrationFigure() Figure {
	sent := []float64{8192, 2860, 2180, 1920, 1780, 1500, 1240, 990, 760, 560, 380}
	var items []Block
	var lx, ly []float64
	t := 0.0
	for i, s := range sent {
		d := s / 1192
		b := Block{X0: t, X1: t + d, Y: s, Label: Plain(float64(i + 1)), Color: Vermillion}
		if i == 0 {
			b.Color, b.Text = Blue, "first pass: every page once"
		}
		items = append(items, b)
		t += d
		next := 236.0
		if i+1 < len(sent) {
			next = sent[i+1]
		}
		lx, ly = append(lx, t), append(ly, next)
	}
	items = append(items, Block{X0: t, X1: t + 0.198, Y: 236, Color: Ink})
	return Figure{
		Title:    "Pre-copy stalls until the vCPUs are throttled",
		Subtitle: "8 GiB VM, 10 Gbit/s link, 1.7 GiB/s dirtied in a 2.6 GiB hot set.  Each bar is one pre-copy round: width = duration, height = data sent.",
		Caption:  "cloudconcepts/livemigration · illustrative run, seed 1",
		ShareX:   true,
		Panels: []Panel{{
			Name: "Sent in the round (MiB)",
			X:    Axis{Name: "Time since migration start (s)", Min: 0, Max: 20},
			Marks: []Mark{
				Blocks{Items: items},
				Note{X: t + 0.1, Y: 236, Text: "stop-and-copy\n198 ms downtime"},
				Note{X: 8, Y: 2860, Text: "resent: pages dirtied while sending", Color: Vermillion},
			},
			Weight: 1.4,
		}, {
			Name: "Still dirty after the round (MiB, log scale)",
			Y:    Axis{Log: true, Min: 100, Max: 10000},
			Marks: []Mark{
				HSpan{From: 100, To: 357, Text: "fits in the 300 ms downtime limit (357 MiB): switch over", Edge: true},
				Line{X: lx, Y: ly, Color: Ink, Dots: true},
				Note{X: lx[3], Y: ly[3], Text: "throttling starts"},
			},
		}},
	}
}

// outage is a queue that stops for a while and later gets twice the load.
func outage() (xs, p50, p95, p99, queue []float64) {
	rng := rand.New(rand.NewPCG(7, 2))
	backlog := 0.0
	for i := range 600 {
		x := float64(i)
		in, out := 150.0, 200.0
		if i >= 120 && i < 165 {
			out = 0
		}
		if i >= 360 && i < 420 {
			in = 300
		}
		backlog = math.Max(0, backlog+in-out)
		base := 0.07 * math.Exp(0.2*rng.NormFloat64())
		wait := backlog / 200
		xs = append(xs, x)
		queue = append(queue, backlog)
		if out == 0 {
			p50, p95, p99 = append(p50, math.NaN()), append(p95, math.NaN()), append(p99, math.NaN())
			continue
		}
		p50 = append(p50, base+wait)
		p95 = append(p95, 0.25*math.Exp(0.1*rng.NormFloat64())+wait)
		p99 = append(p99, 0.4*math.Exp(0.13*rng.NormFloat64())+wait)
	}
	return xs, p50, p95, p99, queue
}

func timelineFigure() Figure {
	xs, p50, p95, p99, queue := outage()
	peak := 0
	for i := range queue {
		if queue[i] > queue[peak] {
			peak = i
		}
	}
	spans := func(text bool) []Mark {
		a, b := Span{From: 120, To: 165, Color: Vermillion}, Span{From: 360, To: 420, Color: Orange}
		if text {
			a.Text, b.Text = "outage", "burst ×2"
		}
		return []Mark{a, b}
	}
	return Figure{
		Title:    "A 45-second outage costs two minutes; the burst costs three",
		Subtitle: "Queue with 20 workers at 75 % load (150 msg/s in, 200 msg/s out).  End-to-end latency of messages finished in each second.",
		Caption:  "cloudconcepts/queue · 1 run, seed 7 · 1 s windows",
		ShareX:   true,
		Panels: []Panel{{
			Name: "Latency (log scale)", Weight: 2.8,
			X: Axis{Name: "Simulated time (min:s)", Min: 0, Max: 600, Format: Clock},
			Y: Axis{Log: true, Min: 0.03, Max: 100, Format: Seconds},
			Marks: append(spans(true),
				Band{Label: "p99", X: xs, Low: p95, High: p99, Alpha: 30.0 / 255},
				Band{Label: "p95", X: xs, Low: p50, High: p95},
				Line{Label: "p50", X: xs, Y: p50},
				Note{X: 299, Y: 0.95, Text: "p99 < 1 s,\n134 s after fix", Dot: true},
				Text{X: 142, Y: 1, Detail: "nothing\nfinishes"}),
		}, {
			Name: "Messages waiting",
			Marks: append(spans(false),
				Area{X: xs, Y: queue, Color: Purple},
				Line{X: xs, Y: queue, Color: Purple},
				Note{X: xs[peak], Y: queue[peak], Text: "peak " + Thousands(queue[peak]), Dot: true}),
		}},
	}
}

func phaseFigure(n int) Figure {
	z := make([][]float64, n)
	for j := range z {
		z[j] = make([]float64, n)
		bw := 100 * math.Pow(100, float64(j)/float64(n-1))
		for i := range z[j] {
			d := 10 * math.Pow(500, float64(i)/float64(n-1))
			r := d / bw
			if r >= 1 {
				z[j][i] = math.NaN()
				continue
			}
			z[j][i] = 8192 / bw * (1 / (1 - r))
		}
	}
	g := Grid{X0: 10, X1: 5000, Y0: 100, Y1: 10000, Z: z}
	return Figure{
		Title:    "Pre-copy ends only when the link outruns the guest",
		Subtitle: "Total time to live-migrate an 8 GiB VM with at most 300 ms of downtime, for each dirty rate and link speed.",
		Caption:  "cloudconcepts/livemigration · 39,600 runs · uniform dirtying, no throttling",
		Bar:      &ColorBar{Name: "Total time", Format: Suffix("s"), Ticks: []float64{1, 3, 10, 30, 100, 300}},
		Panels: []Panel{{
			Name: "Link speed (MiB/s, log scale)",
			X:    Axis{Name: "Dirty rate of the guest (MiB/s, log scale)", Log: true},
			Y:    Axis{Log: true},
			Marks: []Mark{
				HeatMap{Grid: g, Min: 1, Max: 300, LogZ: true, Ramp: ViridisReversed, Missing: "never converges", MissingDetail: "pages are dirtied faster than sent"},
				Contour{Grid: g, Levels: []float64{3, 10, 30, 100}, LogZ: true, Format: Suffix("s")},
				Line{X: []float64{100, 5000}, Y: []float64{100, 5000}, Color: Ink, Dash: Dashed, Width: 1.5},
				Note{X: 1400, Y: 1400, Text: "dirty rate = link speed", Dot: true},
			},
		}},
	}
}

func barsFigure() Figure {
	names := []string{"bits-and-blooms", "cuckoo filter", "counting Bloom filter", "exact hash set"}
	return Figure{
		Title: "A Bloom filter needs a tenth of the memory", Subtitle: "Memory per key at 1 % false positives.", Caption: "cloudconcepts/bloom",
		Columns: 2,
		Panels: []Panel{{
			Name: "Structure", X: Axis{Name: "Bytes per key"}, Y: Axis{Labels: names},
			Marks: []Mark{Bars{Horizontal: true, Values: Thousands, Series: []Series{{Y: []float64{1.2, 1.5, 4.8, 16}, Colors: []Color{Vermillion, Blue, Blue, Blue}}}}},
		}, {
			Name: "Latency (ms)", X: Axis{Labels: []string{"1 worker", "2 workers with a longer name", "4 workers"}},
			Marks: []Mark{Bars{Values: Thousands, Series: []Series{
				{Label: "waiting", Y: []float64{120, 60, 20}, Low: []float64{100, 50, 15}, High: []float64{140, 70, 25}},
				{Label: "service", Y: []float64{30, 31, 29}},
			}}},
		}, {
			Name: "Cost per month ($)", X: Axis{Labels: []string{"A", "B", "C"}},
			Marks: []Mark{Bars{Stacked: true, Values: Thousands, Series: []Series{
				{Label: "compute", Y: []float64{120, 60, 20}}, {Label: "storage", Y: []float64{30, 31, 29}}, {Label: "traffic", Y: []float64{50, 81, 9}},
			}}},
		}, {
			Name: "Errors", X: Axis{Name: "Load"}, Y: Axis{Log: true},
			Marks: []Mark{Dots{X: []float64{0.1, 0.2, 0.3, 0.4}, Y: []float64{0, 0.001, 0.01, 0.1}, Low: []float64{0, 0.0005, 0.008, 0.09}, High: []float64{0.0004, 0.002, 0.013, 0.11}}},
		}},
	}
}
