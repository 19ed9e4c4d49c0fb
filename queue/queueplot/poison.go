package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/sqs"
)

// Poison draws the messages of each group over time, of a FIFO queue above and of a standard queue below: gray while
// they wait, coloured while they are delivered, red for those that always fail. The runs need a Trace.
func Poison(fifo, standard sqs.Result) Figure {
	c := fifo.Config
	end := c.Duration.Seconds()
	f := Figure{
		Title:    poisonTitle(fifo, standard),
		Subtitle: fmt.Sprintf("the message in red fails always; visibility timeout %s, given up after %d deliveries; gray: a message waits, blue: from its first delivery to its end", units.FormatDuration(c.Queue.Visibility), c.Queue.MaxReceives),
		Caption:  fmt.Sprintf("%s/sqs · %s messages each · seed %d", caption, units.FormatCount(float64(fifo.Sent)), c.Seed),
		ShareX:   true, Height: 640,
	}
	for _, r := range []sqs.Result{fifo, standard} {
		var names []string
		for g := range r.Config.Producer.Groups {
			names = append(names, fmt.Sprintf("group %d", g+1))
		}
		f.Panels = append(f.Panels, chart.Panel{
			Name: r.Config.Queue.Name, NoGrid: true, X: chart.Axis{Name: "time", Format: chart.Seconds, Max: end},
			Y: chart.Axis{Labels: names, Reverse: true}, Marks: []chart.Mark{lanes(r, end)},
		})
	}
	return f
}

// lanes has a block for every wait and for every delivery until the end of a message.
func lanes(r sqs.Result, end float64) chart.Blocks {
	var b chart.Blocks
	block := func(lane int, from, to float64, color chart.Color, half float64) {
		if to > from && from < end {
			b.Items = append(b.Items, chart.Block{X0: from, X1: min(to, end), Y0: float64(lane) - half, Y: float64(lane) + half, Color: color})
		}
	}
	delivered := func(poison bool, color chart.Color) {
		for _, m := range r.Trace {
			if m.Poison == poison && m.First > 0 {
				block(m.Group, m.First.Seconds(), orEnd(max(m.Deleted, m.Dead).Seconds(), end), color, 0.34)
			}
		}
	}
	delivered(true, chart.Vermillion)
	for _, m := range r.Trace {
		block(m.Group, m.Sent.Seconds(), orEnd(m.First.Seconds(), end), chart.Gray, 0.12)
	}
	delivered(false, chart.Blue)
	return b
}

// orEnd is a time, or the end if it never came.
func orEnd(t, end float64) float64 {
	if t == 0 {
		return end
	}
	return t
}

func poisonTitle(fifo, standard sqs.Result) string {
	if standard.Dwell.Max < 1 {
		return fmt.Sprintf("One poison message blocks its FIFO group for %s, and nobody on a standard queue", units.FormatSeconds(fifo.GroupBlocked.Seconds()))
	}
	return fmt.Sprintf("One poison message blocks its FIFO group for %s; the slowest of the others waits %s on a standard queue",
		units.FormatSeconds(fifo.GroupBlocked.Seconds()), units.FormatSeconds(standard.Dwell.Max))
}
