package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	"cloudconcepts/queue/client"
	"cloudconcepts/queue/client/contention"
)

// JitterPoint is what one backoff law cost one number of clients.
type JitterPoint struct {
	Law      client.Jitter       `json:"backoff"`
	Clients  int                 `json:"clients"`
	Calls    contention.Estimate `json:"calls"`
	Time     contention.Estimate `json:"completion_s"`
	PerWrite float64             `json:"calls_per_client"`
}

// PublishedCalls are means that the article's own simulator gave for a law: calls at 10, 50 and 100 clients, and the
// completion time at 100, in s.
type PublishedCalls struct {
	Law   client.Jitter
	Calls [3]float64
	Time  float64
}

// Backoffs is the contention experiment: every law at every number of clients.
type Backoffs struct {
	Points    []JitterPoint // law by law, clients rising
	Published []PublishedCalls
	Runs      int
	Seed      uint64
	Base, Cap float64 // s
}

// Jitter draws the calls and the time that clients need until all have written once, by backoff law.
func Jitter(b Backoffs) Figure {
	calls := chart.Panel{
		Name: "calls until all have written", X: chart.Axis{Name: "clients that write the same row", Log: true, Format: chart.Thousands},
		Y: chart.Axis{Log: true, Format: chart.Short},
	}
	times := chart.Panel{
		Name: "time until the last is done", X: calls.X, Y: chart.Axis{Log: true, Format: chart.Seconds},
	}
	for i, law := range laws(b.Points) {
		color := chart.Palette(i)
		x, c, t := b.curves(law)
		calls.Marks = append(calls.Marks, chart.Line{Label: law.String(), X: x, Y: c, Color: color, Dots: true})
		times.Marks = append(times.Marks, chart.Line{Label: law.String(), X: x, Y: t, Color: color, Dots: true})
		for _, p := range b.Published {
			if p.Law == law {
				calls.Marks = append(calls.Marks, chart.Dots{X: []float64{10, 50, 100}, Y: p.Calls[:], Color: color, Hollow: true, Size: 11})
				times.Marks = append(times.Marks, chart.Dots{X: []float64{100}, Y: []float64{p.Time}, Color: color, Hollow: true, Size: 11})
			}
		}
	}
	return Figure{
		Title:    b.title(),
		Subtitle: fmt.Sprintf("clients update one row under optimistic concurrency control; base %s, cap %s; rings: the article's own program", units.FormatSeconds(b.Base), units.FormatSeconds(b.Cap)),
		Caption:  fmt.Sprintf("%s · means of %s runs · seed %d", caption, units.FormatCount(float64(b.Runs)), b.Seed),
		Columns:  2, Width: 1050, Height: 470, Panels: []chart.Panel{calls, times},
	}
}

func laws(points []JitterPoint) []client.Jitter {
	var list []client.Jitter
	for _, p := range points {
		if len(list) == 0 || list[len(list)-1] != p.Law {
			list = append(list, p.Law)
		}
	}
	return list
}

func (b Backoffs) curves(law client.Jitter) (x, calls, times []float64) {
	for _, p := range b.Points {
		if p.Law == law {
			x, calls, times = append(x, float64(p.Clients)), append(calls, p.Calls.Mean), append(times, p.Time.Mean)
		}
	}
	return x, calls, times
}

// most is the point of a law with the most clients.
func (b Backoffs) most(law client.Jitter) (JitterPoint, bool) {
	var last JitterPoint
	found := false
	for _, p := range b.Points {
		if p.Law == law {
			last, found = p, true
		}
	}
	return last, found
}

func (b Backoffs) title() string {
	plain, ok := b.most(client.Exponential)
	full, both := b.most(client.FullJitter)
	if !ok || !both {
		return "What a backoff law costs in calls and in time"
	}
	return fmt.Sprintf("Jitter makes %d clients need %.1f times fewer calls and %.0f times less time than plain backoff",
		full.Clients, plain.Calls.Mean/full.Calls.Mean, plain.Time.Mean/full.Time.Mean)
}
