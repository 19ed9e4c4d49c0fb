package queueplot

import (
	"fmt"
	"math"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/sqs"
)

// Deliveries draws how often the messages of a run were delivered, beside the closed form if one applies, and what was
// in the queue over time. The run needs a Trace for the first panel and rows for the second.
func Deliveries(r sqs.Result, theory *sqs.Timeout) Figure {
	c := r.Config
	f := Figure{
		Title: deliveriesTitle(r),
		Subtitle: fmt.Sprintf("%s, visibility timeout %s, service %s, late deletes: %v, %s", c.Queue.Name, units.FormatDuration(c.Queue.Visibility),
			LawWords(c.Consumer.Service), c.Queue.LateDelete, workers(c.Consumer.Workers)),
		Caption: fmt.Sprintf("%s/sqs · %s messages · seed %d", caption, units.FormatCount(float64(r.Sent)), c.Seed),
		Panels:  []chart.Panel{deliveryPanel(r, theory)}, Height: 420,
	}
	if len(r.Rows) > 1 {
		f.Panels = append(f.Panels, depthPanel(r))
		f.Height = 600
	}
	return f
}

func workers(n int) string {
	switch n {
	case 0:
		return "always an idle worker"
	case 1:
		return "one worker"
	}
	return fmt.Sprintf("%s workers", units.FormatCount(float64(n)))
}

func deliveriesTitle(r sqs.Result) string {
	text := fmt.Sprintf("A message is delivered %.3g times on average", r.DeliveriesPerMessage)
	switch {
	case r.DLQFraction > 0:
		return fmt.Sprintf("%s, and %s end in the dead-letter queue", text, units.FormatPercent(round(r.DLQFraction)))
	case r.DuplicatesFraction > 0:
		return fmt.Sprintf("%s: %s are delivered again", text, units.FormatPercent(round(r.DuplicatesFraction)))
	}
	return text
}

// deliveryPanel is the share of messages delivered more than n times.
func deliveryPanel(r sqs.Result, theory *sqs.Timeout) chart.Panel {
	counts := map[int]int{}
	most := 1
	for _, m := range r.Trace {
		counts[m.Receives]++
		most = max(most, m.Receives)
	}
	var x, y, low, high, tx, ty []float64
	more := len(r.Trace)
	for n := 0; n <= min(most, 60); n++ {
		more -= counts[n]
		p := float64(more) / float64(max(len(r.Trace), 1))
		if p > 0 {
			half := 1.96 * math.Sqrt(p*(1-p)/float64(len(r.Trace)))
			x, y, low, high = append(x, float64(n)), append(y, p), append(low, max(p-half, p/10)), append(high, p+half)
		}
		if theory == nil || theory.MaxReceives > 0 && n >= theory.MaxReceives {
			continue
		}
		if t := theory.MoreThan(n); t > 1e-5 {
			tx, ty = append(tx, float64(n)), append(ty, t)
		}
	}
	marks := []chart.Mark{chart.Dots{Label: "simulated", X: x, Y: y, Low: low, High: high, Color: chart.Blue}}
	if len(tx) > 1 {
		marks = append([]chart.Mark{chart.Line{Label: "theory", X: tx, Y: ty, Color: chart.Ink, Dash: chart.Dashed, Width: 1.1}}, marks...)
	}
	return chart.Panel{
		Name: "share of messages delivered more than n times", X: chart.Axis{Name: "n", Max: max(float64(len(x)), 3), Ticks: wholes(max(len(x), 3))},
		Y: chart.Axis{Log: true, Format: chart.Percent, Max: 1}, Marks: marks,
	}
}

func depthPanel(run sqs.Result) chart.Panel {
	return chart.Panel{
		Name: "messages in the queue", X: chart.Axis{Name: "time", Format: chart.Seconds}, Y: chart.Axis{Zero: true},
		Marks: []chart.Mark{
			chart.Line{Label: "in flight", XY: run.Series(func(r sqs.Row) float64 { return float64(r.InFlight) }), Color: chart.Vermillion, Width: 1.4},
			chart.Line{Label: "visible", XY: run.Series(func(r sqs.Row) float64 { return float64(r.Visible) }), Color: chart.Blue, Width: 1.4},
		},
	}
}

// wholes are at most a dozen whole numbers from 0 to n.
func wholes(n int) []float64 {
	var ticks []float64
	for i := 0; i <= n; i += n/12 + 1 {
		ticks = append(ticks, float64(i))
	}
	return ticks
}
