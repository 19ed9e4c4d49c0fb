package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
)

// Lag draws the lag of a consumer group over time, in records and in seconds. The run needs Series rows.
func Lag(r commitlog.Result) Figure {
	c := r.Config
	var at, lag, committed, seconds []float64
	for _, s := range r.Series {
		at, lag, committed, seconds = append(at, s.At), append(lag, float64(s.Lag)), append(committed, float64(s.CommittedLag)), append(seconds, s.LagSeconds)
	}
	var spans []chart.Mark
	for _, change := range c.Group.Changes {
		if change.Kind == commitlog.Crash {
			from := change.At.Seconds()
			spans = append(spans, chart.Span{From: from, To: min(from+c.Group.SessionTimeout.Seconds(), c.Duration.Seconds()), Text: "crash, until noticed"})
		}
	}
	x := chart.Axis{Name: "time", Format: chart.Seconds, Max: c.Duration.Seconds()}
	records := append(spans,
		chart.Line{Label: "to the commit", X: at, Y: committed, Color: chart.Gray, Width: 1.1},
		chart.Line{Label: "to the position", X: at, Y: lag, Color: chart.Blue})
	age := append(spans, chart.Area{X: at, Y: seconds, Color: chart.Vermillion}, chart.Line{X: at, Y: seconds, Color: chart.Vermillion, Width: 1.5})
	return Figure{
		Title: lagTitle(r),
		Subtitle: fmt.Sprintf("%s, %s; %s records/s, service %v; a fetch waits for %s or %s", count(c.Partitions, "partition"), count(c.Group.Consumers, "consumer"),
			units.FormatNumber(c.Producer.Rate), c.Consumer.Service, count(int(c.Fetch.MinBytes/max(c.Producer.RecordBytes, 1)), "record"), units.FormatDuration(c.Fetch.MaxWait)),
		Caption: fmt.Sprintf("%s/commitlog · %s records · seed %d", caption, units.FormatCount(float64(r.Produced)), c.Seed),
		ShareX:  true, Height: 560,
		Panels: []chart.Panel{
			{Name: "lag in records", X: x, Y: chart.Axis{Zero: true}, Marks: records},
			{Name: "lag in time: age of the next record to read", X: x, Y: chart.Axis{Zero: true, Format: chart.Seconds}, Marks: age},
		},
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return units.FormatCount(float64(n)) + " " + what + "s"
}

func lagTitle(r commitlog.Result) string {
	switch {
	case r.Lost > 0:
		return fmt.Sprintf("%s are lost: committed, and never processed", count(int(r.Lost), "record"))
	case r.Duplicates > 0:
		return fmt.Sprintf("%s are processed twice, and the lag reaches %s", count(int(r.Duplicates), "record"), units.FormatSeconds(r.LagMaxSeconds))
	case r.LagEnd > r.Produced/10 && r.LagEnd > 1000:
		return fmt.Sprintf("The group falls behind: %s records are left unread", units.FormatCount(float64(r.LagEnd)))
	}
	return fmt.Sprintf("The lag is at most %s or %s; a record waits %s for its fetch",
		count(int(r.LagMax), "record"), units.FormatSeconds(r.LagMaxSeconds), units.FormatSeconds(r.FetchWait))
}
