package queueplot

import (
	"fmt"

	"cloudconcepts/internal/chart"
	"cloudconcepts/internal/units"
	sharegroup "cloudconcepts/queue/commitlog/share"
)

// SharePoint is a share group with some share of records that always fail.
type SharePoint struct {
	Poison           float64 `json:"poison_fraction"`
	Deliveries       float64 `json:"deliveries_per_record"`
	DeliveriesTheory float64 `json:"deliveries_theory"`
	Archived         float64 `json:"archived_fraction"`
	LatencyP50       float64 `json:"latency_p50_s"` // of the accepted
	LatencyP99       float64 `json:"latency_p99_s"`
}

// ShareGroup is a share group, and the same with more and more records that always fail.
type ShareGroup struct {
	Run      sharegroup.Result
	Points   []SharePoint
	Critical float64 // share of such records from which on the group does not keep up; 0 if unknown
}

// Share draws what records that fail every time cost a share group of Kafka: deliveries, and the time of the others.
func Share(g ShareGroup) Figure {
	c := g.Run.Config
	var x, deliveries, theory, p50, p99 []float64
	for _, p := range g.Points {
		x, deliveries, theory = append(x, p.Poison), append(deliveries, p.Deliveries), append(theory, p.DeliveriesTheory)
		p50, p99 = append(p50, p.LatencyP50), append(p99, p.LatencyP99)
	}
	var limit []chart.Mark
	if len(x) > 0 && g.Critical > 0 && g.Critical < x[len(x)-1] {
		limit = append(limit, chart.VLine{At: g.Critical, Text: "all members busy", Dash: chart.Dashed})
	}
	bad := chart.Axis{Name: "share of the records that fail every time", Format: chart.Percent}
	return Figure{
		Title: g.title(),
		Subtitle: fmt.Sprintf("share group (KIP-932): %s, %s records/s, service %s, at most %d deliveries; dots: simulated, dashed: expected",
			members(c.Members), units.FormatNumber(c.Rate), LawWords(c.Service), c.DeliveryLimit),
		Caption: fmt.Sprintf("%s/commitlog/share · %s records a point · seed %d", caption, units.FormatCount(float64(c.MaxRecords)), c.Seed),
		ShareX:  true, Height: 600,
		Panels: []chart.Panel{
			{Name: "deliveries per record", X: bad, Y: chart.Axis{Zero: true}, Marks: append(limit,
				chart.Line{X: x, Y: theory, Color: chart.Blue, Dash: chart.Dashed, Width: 1.1}, chart.Dots{X: x, Y: deliveries, Color: chart.Blue})},
			{Name: "time from append to accept of the others", X: bad, Y: chart.Axis{Log: true, Format: chart.Seconds}, Marks: append(limit,
				chart.Line{Label: "P99", X: x, Y: p99, Color: chart.Vermillion, Dots: true}, chart.Line{Label: "median", X: x, Y: p50, Color: chart.Green, Dots: true})},
		},
	}
}

func members(n int) string {
	if n == 0 {
		return "always an idle member"
	}
	return count(n, "member")
}

func (g ShareGroup) title() string {
	r := g.Run
	switch {
	case r.Accepted == 0:
		return "No record is accepted"
	case g.Critical > 0 && g.Critical < 1:
		return fmt.Sprintf("%s of bad records are too many: each is delivered %d times", units.FormatPercent(round(g.Critical)), r.Config.DeliveryLimit)
	}
	return fmt.Sprintf("Records are accepted after %s, one in 100 after %s", units.FormatSeconds(r.LatencyP50), units.FormatSeconds(r.LatencyP99))
}
