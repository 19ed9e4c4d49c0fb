package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/commitlog"
)

// LogRun is a consumer group over time.
type LogRun struct {
	Run   commitlog.Result  // with rows
	Crash *commitlog.Result // the same with one more crash, for comparison; may be nil
}

// Lag draws the lag of a consumer group over time, in records and in seconds, and beside it what a crash makes of it.
func Lag(l LogRun) Figure {
	r, c := l.Run, l.Run.Config
	caused := spansOf(c, l.Crash)
	records, age := append([]chart.Mark(nil), caused...), append([]chart.Mark(nil), caused...)
	at, lag, committed, seconds := lagSeries(r)
	highest := r
	if l.Crash != nil {
		highest = *l.Crash
	}
	records = append(records, chart.Line{Label: "to the commit", X: at, Y: committed, Color: chart.Gray, Width: 1.1})
	label := "to the position"
	if l.Crash != nil {
		label = "as it is"
		x, y, _, old := lagSeries(*l.Crash)
		records = append(records, chart.Line{Label: "with a crash", X: x, Y: y, Color: chart.Vermillion, Width: 1.5})
		records = append(records, peak(x, y, lagText(*l.Crash))...)
		age = append(age, chart.Area{X: x, Y: old, Color: chart.Vermillion}, chart.Line{Label: "with a crash", X: x, Y: old, Color: chart.Vermillion, Width: 1.5})
		age = append(age, peak(x, old, units.FormatSeconds(l.Crash.LagMaxSeconds))...)
	}
	records = append(records, chart.Line{Label: label, X: at, Y: lag, Color: chart.Blue})
	age = append(age, chart.Area{X: at, Y: seconds, Color: chart.Blue}, chart.Line{Label: label, X: at, Y: seconds, Color: chart.Blue, Width: 1.5})
	if l.Crash == nil {
		records, age = append(records, peak(at, lag, lagText(r))...), append(age, peak(at, seconds, units.FormatSeconds(r.LagMaxSeconds))...)
	}
	x := chart.Axis{Name: "time", Format: chart.Seconds, Max: c.Duration.Seconds()}
	return Figure{
		Title:    l.title(),
		Subtitle: l.subtitle(),
		Caption:  fmt.Sprintf("%s/commitlog · %s records · seed %d", caption, units.FormatCount(float64(r.Produced)), c.Seed),
		ShareX:   true, Height: 580,
		Panels: []chart.Panel{
			{Name: "lag in records", X: x, Y: upward(chart.Thousands, float64(max(highest.LagMax, r.CommittedLagMax))), Marks: records},
			{Name: "lag in time: age of the next record to read", X: x, Y: upward(chart.Seconds, highest.LagMaxSeconds), Marks: age},
		},
	}
}

// upward is an axis from 0, with room above it even if all is 0.
func upward(format chart.Format, highest float64) chart.Axis {
	if highest > 0 {
		return chart.Axis{Zero: true, Format: format}
	}
	return chart.Axis{Max: 1, Format: format}
}

func lagText(r commitlog.Result) string { return units.FormatCount(float64(r.LagMax)) }

func lagSeries(r commitlog.Result) (at, lag, committed, seconds []float64) {
	for _, s := range r.Rows {
		at, lag, committed, seconds = append(at, s.At), append(lag, float64(s.Lag)), append(committed, float64(s.CommittedLag)), append(seconds, s.LagSeconds)
	}
	return at, lag, committed, seconds
}

// peak marks the greatest value of a sampled curve and names what it really was.
func peak(x, y []float64, text string) []chart.Mark {
	best := chart.Note{Dot: true, Text: "peak " + text}
	for i := range x {
		if y[i] > best.Y {
			best.X, best.Y = x[i], y[i]
		}
	}
	if best.Y == 0 {
		return nil
	}
	return []chart.Mark{best}
}

// spansOf are the events of the run, and those of the run that crashes.
func spansOf(c commitlog.Config, crash *commitlog.Result) []chart.Mark {
	if crash != nil {
		c = crash.Config
	}
	var marks []chart.Mark
	for _, change := range c.Group.Changes {
		at := change.At.Seconds()
		switch change.Kind {
		case commitlog.Crash:
			marks = append(marks, chart.Span{From: at, To: min(at+c.Group.SessionTimeout.Seconds(), c.Duration.Seconds()), Text: "crash, unnoticed"})
		case commitlog.Join:
			marks = append(marks, chart.VLine{At: at, Text: "one joins", Dash: chart.Dashed})
		case commitlog.Leave:
			marks = append(marks, chart.VLine{At: at, Text: "one leaves", Dash: chart.Dashed})
		}
	}
	if s := c.Producer.Steps; len(s) == 2 && s[0].Rate > s[1].Rate {
		marks = append(marks, chart.Span{From: s[0].At.Seconds(), To: min(s[1].At.Seconds(), c.Duration.Seconds()), Text: "burst", Color: chart.Orange})
	}
	return marks
}

// Behind tells whether a group did not keep up: more than a tenth of what was written is unread at the end, and not just
// a few records.
func Behind(r commitlog.Result) bool { return r.LagEnd > 1000 && r.LagEnd > r.Produced/10 }

func (l LogRun) subtitle() string {
	c := l.Run.Config
	text := fmt.Sprintf("%s, %s; %s records/s, service %s; a fetch waits for %s or %s", count(c.Partitions, "partition"), count(c.Group.Consumers, "consumer"),
		units.FormatNumber(c.Producer.Rate), LawWords(c.Consumer.Service), count(int(c.Fetch.MinBytes/max(c.Producer.RecordBytes, 1)), "record"), units.FormatDuration(c.Fetch.MaxWait))
	if l.Crash != nil {
		text += "; red: had one consumer crashed"
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return units.FormatCount(float64(n)) + " " + what + "s"
}

func (l LogRun) title() string {
	r := l.Run
	switch {
	case r.Lost+r.Expired > 0:
		return fmt.Sprintf("%s are lost, and the lag reaches %s", count(int(r.Lost+r.Expired), "record"), units.FormatSeconds(r.LagMaxSeconds))
	case Behind(r):
		return fmt.Sprintf("The group falls behind: %s records are left unread, and the lag reaches %s", units.FormatCount(float64(r.LagEnd)), units.FormatSeconds(r.LagMaxSeconds))
	case r.Duplicates > 0:
		return fmt.Sprintf("%s are processed twice, and the lag reaches %s", count(int(r.Duplicates), "record"), units.FormatSeconds(r.LagMaxSeconds))
	case l.Crash != nil:
		return fmt.Sprintf("At most %s behind; a crash would make it %s and %s", count(int(r.LagMax), "record"), count(int(l.Crash.LagMax), "record"),
			units.FormatSeconds(l.Crash.LagMaxSeconds))
	}
	return fmt.Sprintf("The lag is at most %s or %s; a record waits %s for its fetch",
		count(int(r.LagMax), "record"), units.FormatSeconds(r.LagMaxSeconds), units.FormatSeconds(r.FetchWaitMean))
}
