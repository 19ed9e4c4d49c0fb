package queueplot

import (
	"fmt"
	"time"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/sqs"
)

// Fair draws how long the messages of the noisy tenant (group 0) and of all others wait for their first delivery, on a
// standard queue and on a fair one. The runs need a Trace of all their messages.
func Fair(standard, fair sqs.Result) Figure {
	c := fair.Config
	f := Figure{
		Title: fmt.Sprintf("While one tenant floods the queue, the others wait %s at P95; with fair queues %s",
			units.FormatSeconds(standard.DwellQuiet.P95), units.FormatSeconds(fair.DwellQuiet.P95)),
		Subtitle: fmt.Sprintf("mean time to the first delivery, by the time of sending; %s of %s; %d tenants; noisy: more than %s of those in flight and at least %d",
			workers(c.Consumer.Workers), LawWords(c.Consumer.Service), c.Producer.Groups, units.FormatPercent(c.Queue.Fair.InFlightShare), c.Queue.Fair.InFlight),
		Caption: fmt.Sprintf("%s/sqs · %s messages · seed %d", caption, units.FormatCount(float64(fair.Sent)), c.Seed),
		ShareX:  true, ShareY: true, Height: 560,
	}
	for _, r := range []sqs.Result{standard, fair} {
		end := lastSent(r)
		marks := []chart.Mark{flood(c)}
		qx, qy := dwell(r, false, end)
		nx, ny := dwell(r, true, end)
		marks = append(marks,
			chart.Line{Label: "noisy tenant", X: nx, Y: ny, Color: chart.Vermillion},
			chart.Line{Label: "all others", X: qx, Y: qy, Color: chart.Blue, Dash: chart.Dashed})
		f.Panels = append(f.Panels, chart.Panel{Name: r.Config.Queue.Name, X: chart.Axis{Name: "sent at", Format: chart.Seconds, Max: end}, Y: chart.Axis{Zero: true, Format: chart.Seconds}, Marks: marks})
	}
	return f
}

func lastSent(r sqs.Result) float64 {
	var last time.Duration
	for _, m := range r.Trace {
		last = max(last, m.Sent)
	}
	return last.Seconds()
}

// flood is the time in which a tenant is hot.
func flood(c sqs.Config) chart.Mark {
	steps := c.Producer.Steps
	for i, s := range steps {
		if s.Hot > 0 && i+1 < len(steps) {
			return chart.Span{From: s.At.Seconds(), To: steps[i+1].At.Seconds(), Text: "flood"}
		}
	}
	return chart.Span{}
}

// dwell is the mean time to the first delivery over a hundred stretches of time.
func dwell(r sqs.Result, noisy bool, end float64) (x, y []float64) {
	const bins = 100
	var sum, n [bins]float64
	for _, m := range r.Trace {
		if (m.Group == 0) != noisy || m.First == 0 {
			continue
		}
		i := min(int(m.Sent.Seconds()/end*bins), bins-1)
		sum[i] += (m.First - m.Sent).Seconds()
		n[i]++
	}
	for i := range bins {
		if n[i] > 0 {
			x, y = append(x, (float64(i)+0.5)*end/bins), append(y, sum[i]/n[i])
		}
	}
	return x, y
}
