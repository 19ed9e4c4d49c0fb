package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/sqs"
	"cloudconcepts/queue/theory"
)

// Sale is a burst of messages in front of workers.
type Sale struct {
	Run      sqs.Result // with rows
	Fluid    theory.Drain
	Capacity float64 // messages/s
	Start    float64 // s
	End      float64 // s
}

// Drained is how long after the burst the messages that are still waiting were those of an ordinary day: fewer than the
// workers do in a second. It is -1 if that never came.
func (s Sale) Drained() float64 {
	for _, r := range s.Run.Rows {
		if r.At > s.End && float64(r.Visible) <= s.Capacity {
			return r.At - s.End
		}
	}
	return -1
}

// FlashSale draws rates, backlog and ages over a burst, the true age beside the one that CloudWatch reports.
func FlashSale(s Sale) Figure {
	rows := s.Run.Rows
	x := chart.Axis{Name: "time", Format: chart.Seconds, Max: s.Run.Config.Duration.Seconds()}
	var at, sent, done []float64
	for i := 1; i < len(rows); i++ {
		dt := rows[i].At - rows[i-1].At
		at = append(at, rows[i].At)
		sent, done = append(sent, float64(rows[i].Sent-rows[i-1].Sent)/dt), append(done, float64(rows[i].Deleted-rows[i-1].Deleted)/dt)
	}
	rates := chart.Panel{Name: "messages per second; dashed: what the workers can do", X: x, Y: chart.Axis{Zero: true}, Marks: []chart.Mark{
		chart.Span{From: s.Start, To: s.End, Text: "sale"},
		chart.HLine{At: s.Capacity, Dash: chart.Dashed},
		chart.Line{Label: "sent", X: at, Y: sent, Color: chart.Vermillion, Width: 1.5},
		chart.Line{Label: "done", X: at, Y: done, Color: chart.Green, Width: 1.5},
	}}
	depth := s.Run.Series(func(r sqs.Row) float64 { return float64(r.Visible + r.InFlight) })
	backlog := chart.Panel{Name: "messages in the queue", X: x, Y: chart.Axis{Zero: true, Format: chart.Thousands}, Marks: []chart.Mark{
		chart.Span{From: s.Start, To: s.End},
		chart.Area{X: depth.X, Y: depth.Y, Color: chart.Blue},
		chart.Line{X: depth.X, Y: depth.Y, Color: chart.Blue, Width: 1.6},
	}}
	if s.Fluid.BacklogPeak > 0 && s.Fluid.BacklogPeak < 1e12 {
		backlog.Marks = append(backlog.Marks, chart.Note{X: s.End, Y: s.Fluid.BacklogPeak, Text: "(peak - capacity) x time = " + units.FormatCount(s.Fluid.BacklogPeak), Dot: true})
	}
	age := s.Run.Series(func(r sqs.Row) float64 { return r.Age.Seconds() })
	cloudwatch := s.Run.Series(func(r sqs.Row) float64 { return r.CloudWatchAge.Seconds() })
	ages := chart.Panel{Name: "age of the oldest message", X: x, Y: chart.Axis{Zero: true, Format: chart.Seconds}, Marks: []chart.Mark{
		chart.Span{From: s.Start, To: s.End},
		chart.Line{Label: "CloudWatch", X: cloudwatch.X, Y: cloudwatch.Y, Color: chart.Purple, Width: 1.6},
		chart.Line{Label: "true", X: age.X, Y: age.Y, Color: chart.Orange, Width: 1.6, Dash: chart.Dashed},
	}}
	return Figure{
		Title: s.title(),
		Subtitle: fmt.Sprintf("%s for %s/s; visibility timeout %s; %s of the messages fail always and are given up after %d deliveries", workers(s.Run.Config.Consumer.Workers),
			units.FormatNumber(s.Capacity), units.FormatDuration(s.Run.Config.Queue.Visibility), units.FormatPercent(s.Run.Config.Producer.PoisonShare), s.Run.Config.Queue.MaxReceives),
		Caption: fmt.Sprintf("%s/sqs · %s messages · seed %d", caption, units.FormatCount(float64(s.Run.Sent)), s.Run.Config.Seed),
		ShareX:  true, Height: 820, Panels: append([]chart.Panel{rates, backlog, ages}, s.dead(x)...),
	}
}

// dead is the dead-letter queue, if there is one.
func (s Sale) dead(x chart.Axis) []chart.Panel {
	if s.Run.DeadLettered == 0 {
		return nil
	}
	c := s.Run.Series(func(r sqs.Row) float64 { return float64(r.Dead) })
	return []chart.Panel{{
		Name: "messages in the dead-letter queue", Weight: 0.6, X: x, Y: chart.Axis{Zero: true},
		Marks: []chart.Mark{chart.Span{From: s.Start, To: s.End}, chart.Line{X: c.X, Y: c.Y, Color: chart.Red, Step: true, Width: 1.6}},
	}}
}

func (s Sale) title() string {
	r := s.Run
	drained := s.Drained()
	switch {
	case drained < 0:
		return fmt.Sprintf("The queue does not drain: %s messages are left after %s", units.FormatCount(float64(r.InSystem)), units.FormatSeconds(r.End.Seconds()))
	case r.Expired > 0:
		return fmt.Sprintf("%s messages wait too long and are lost", units.FormatCount(float64(r.Expired)))
	}
	return fmt.Sprintf("The sale of %s leaves %s messages behind, which take %s more", units.FormatSeconds(s.End-s.Start), units.FormatCount(float64(r.BacklogPeak)), units.FormatSeconds(drained))
}
