package studies

import (
	"fmt"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/container"
	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// burstOnBoth is a jump of the rate that functions and containers have to follow.
type burstOnBoth struct {
	rate, peak       float64
	at, duration     time.Duration
	service          coldstart.Law
	tracked, knative container.Config
}

// A scaledWay is one of them, with its places and its line over time.
type scaledWay struct {
	scalingRow
	at, places, waiting []float64
	gone                bool // the longest line
}

func (b *burstOnBoth) check() error {
	if !(b.rate > 0) || !(b.peak >= b.rate) || b.peak*b.duration.Seconds() > 2e6 {
		return fmt.Errorf("%w: --rate = %g/s, --peak = %g/s, want above 0, at least the rate, and at most 2 million requests in --duration = %v", coldstart.ErrInvalidConfig, b.rate, b.peak, b.duration)
	}
	if b.at <= 0 || b.at >= b.duration {
		return fmt.Errorf("%w: --burst-at = %v, want above 0s and below --duration = %v", coldstart.ErrInvalidConfig, b.at, b.duration)
	}
	if busy := b.peak * b.service.Mean() / float64(b.tracked.PerTask); busy > float64(b.tracked.Max) {
		return fmt.Errorf("%w: --peak = %g/s needs %.0f tasks, want at most %d; fewer requests or more of them --per-task", coldstart.ErrInvalidConfig, b.peak, busy, b.tracked.Max)
	}
	return nil
}

func (b *burstOnBoth) run(seed uint64) ([]scaledWay, error) {
	lambda, err := b.lambda(seed)
	if err != nil {
		return nil, err
	}
	ways := []scaledWay{lambda}
	for _, c := range []container.Config{b.tracked, b.knative} {
		name := "containers, utilization"
		if c.Scaling == container.Knative {
			name = "containers, Knative"
		}
		way, err := b.containers(name, c, seed)
		if err != nil {
			return nil, err
		}
		ways = append(ways, way)
	}
	return ways, nil
}

// lambda runs the function; nobody waits in line there, but cold starts take their time.
func (b *burstOnBoth) lambda(seed uint64) (scaledWay, error) {
	c := coldstart.AWSLambda("nodejs22-zip-x86")
	c.Warm, c.Seed, c.Duration, c.Warmup, c.Limits = b.service, seed, b.duration, b.at/2, coldstart.AWSLimits()
	c.Limits.Account = 10_000
	c.Sample = b.duration / 240
	c.Arrivals = coldstart.Steps(coldstart.Step{Rate: b.rate}, coldstart.Step{At: b.at, Rate: b.peak})
	r, err := coldstart.Simulate(c)
	if err != nil {
		return scaledWay{}, err
	}
	way := scaledWay{scalingRow: scalingRow{Way: "Lambda", P50: r.LatencyP50, P99: r.LatencyP99, P999: r.LatencyP999, Places: r.InstancesMean, Refused: r.ThrottledFraction}}
	for _, row := range r.Rows {
		way.at, way.places, way.waiting = append(way.at, row.At), append(way.places, float64(row.Busy+row.Idle)), append(way.waiting, 0)
	}
	return way, nil
}

// containers runs a service that has as many tasks at the start as the load needs.
func (b *burstOnBoth) containers(name string, c container.Config, seed uint64) (scaledWay, error) {
	utilization := c.Tracking.Target
	if c.Scaling == container.Knative {
		utilization = c.KPA.Utilization
	}
	c.Load = []container.Step{{Rate: b.rate}, {At: b.at, Rate: b.peak}}
	c.Service, c.Seed, c.Duration, c.Warmup, c.Sample = b.service, seed, b.duration, b.at/2, b.duration/240
	c.Tasks = min(max(container.Desired(b.rate*b.service.Mean(), c.PerTask, utilization), c.Min), c.Max)
	r, err := container.Simulate(c)
	if err != nil {
		return scaledWay{}, err
	}
	way := scaledWay{scalingRow: scalingRow{Way: name, P50: r.LatencyP50, P99: r.LatencyP99, P999: r.LatencyP999, Places: r.TasksMean * float64(c.PerTask)}}
	if r.Requests > 0 {
		way.Refused = float64(r.Rejected) / float64(r.Requests)
	}
	for _, row := range r.Rows {
		way.at = append(way.at, row.At)
		way.places, way.waiting = append(way.places, float64(row.Ready*c.PerTask)), append(way.waiting, float64(row.Waiting))
		way.note(row, b.at)
	}
	return way, nil
}

// note keeps the longest line since the burst, and when it was gone; a line that is still there has lasted until now.
func (w *scaledWay) note(row container.Row, burst time.Duration) {
	since := row.At - burst.Seconds()
	switch {
	case since < 0:
	case row.Waiting > w.Waiting:
		w.Waiting, w.Calm, w.gone = row.Waiting, since, false
	case !w.gone:
		w.Calm, w.gone = since, row.Waiting == 0
	}
}

func (b *burstOnBoth) figure(ways []scaledWay, seed uint64) chart.Figure {
	x := chart.Axis{Name: "time", Format: chart.Seconds, Max: b.duration.Seconds()}
	places := chart.Panel{Name: "requests that can be served at a time", X: x, Y: chart.Axis{Zero: true}}
	waiting := chart.Panel{Name: "requests that wait in line", X: x, Y: chart.Axis{Zero: true}}
	mean := b.service.Mean()
	at := []float64{0, b.at.Seconds(), b.at.Seconds(), b.duration.Seconds()}
	demand := []float64{b.rate * mean, b.rate * mean, b.peak * mean, b.peak * mean}
	places.Marks = append(places.Marks, chart.Area{X: at, Y: demand, Color: chart.Gray})
	for i, w := range ways {
		places.Marks = append(places.Marks, chart.Line{Label: w.Way, X: w.at, Y: w.places, Color: chart.Palette(i)})
		waiting.Marks = append(waiting.Marks, chart.Line{Label: w.Way, X: w.at, Y: w.waiting, Color: chart.Palette(i), Width: 1.5})
	}
	return chart.Figure{
		Title:    "Functions follow a burst within a cold start, containers after their metric and their start",
		Subtitle: fmt.Sprintf("%s, from %s on %s; service %v; tasks start in %v, metric every %s", units.FormatFrequency(b.rate), units.FormatDuration(b.at), units.FormatFrequency(b.peak), b.service, b.tracked.Startup, units.FormatDuration(b.tracked.Tracking.Period)),
		Caption:  fmt.Sprintf("coldstart, coldstart/container · seed %d", seed),
		ShareX:   true, Height: 600, Panels: []chart.Panel{places, waiting},
	}
}
