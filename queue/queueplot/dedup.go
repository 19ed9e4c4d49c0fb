package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
)

// DedupPoint is how often an effect is executed per message when its producer sends again after a delay.
type DedupPoint struct {
	Delay      float64 `json:"resend_delay_s"`
	Standard   float64 `json:"standard_effects_per_message"`
	FIFO       float64 `json:"fifo_effects_per_message"`
	Idempotent float64 `json:"idempotent_effects_per_message"`
}

// DedupSweep is resend delays against the memory of queue and consumer.
type DedupSweep struct {
	Points   []DedupPoint
	Window   float64 // s, of the queue
	TTL      float64 // s, of the consumer's table
	Resent   float64 // share of the messages
	Messages int
	Seed     uint64
}

// Dedup draws effects per message against the delay of a resend.
func Dedup(d DedupSweep) Figure {
	var x, standard, fifo, idempotent []float64
	for _, p := range d.Points {
		x, standard, fifo, idempotent = append(x, p.Delay), append(standard, p.Standard), append(fifo, p.FIFO), append(idempotent, p.Idempotent)
	}
	worst := d.Points[len(d.Points)-1]
	return Figure{
		Title: fmt.Sprintf("A FIFO queue forgets after %s: what is sent again later is executed again, here %.2f times each",
			units.FormatSeconds(d.Window), worst.FIFO),
		Subtitle: fmt.Sprintf("%s of the messages are sent again with the same deduplication ID", units.FormatPercent(d.Resent)),
		Caption:  fmt.Sprintf("%s/sqs · %s messages a point · seed %d", caption, units.FormatCount(float64(d.Messages)), d.Seed),
		Height:   430,
		Panels: []chart.Panel{{
			Name: "effects executed per message", X: chart.Axis{Name: "time until the message is sent again", Log: true, Format: chart.Seconds},
			Y: chart.Axis{Min: 1, Max: 1.05 + d.Resent, Format: chart.Fixed(2)},
			Marks: []chart.Mark{
				chart.VLine{At: d.Window, Text: "the queue's memory", Dash: chart.Dashed},
				chart.VLine{At: d.TTL, Text: "the consumer's", Dash: chart.Dotted},
				chart.Line{Label: "standard queue", X: x, Y: standard, Color: chart.Vermillion, Dots: true},
				chart.Line{Label: "FIFO queue", X: x, Y: fifo, Color: chart.Blue, Dots: true},
				chart.Line{Label: "idempotent consumer", X: x, Y: idempotent, Color: chart.Green, Dots: true},
			},
		}},
	}
}
