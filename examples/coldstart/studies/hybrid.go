package studies

import (
	"context"
	"fmt"
	"time"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/cost"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Hybrid asks how large a private base should be.
func Hybrid() study.Study {
	mean, swing := 100.0, 0.8
	service, perHour := 200*time.Millisecond, 0.02
	memory := 1024
	return study.Study{
		Name:     "hybrid",
		Question: "How many servers of one's own, if peaks can go to the cloud?",
		Next:     "Without a swing the base holds nearly all (`--swing 0`); with dear servers it holds little (`--per-server-hour 0.1`).",
		Examples: []string{"--swing 0", "--per-server-hour 0.1", "--rate 1k/s --service 50ms"},
		Flags: func(f *study.Flags) {
			f.Frequency(&mean, "rate", "requests per second, the mean of the day")
			f.Fraction(&swing, "swing", "how far the load of the day swings about its mean")
			f.Duration(&service, "service", "mean time of a request")
			f.Float(&perHour, "per-server-hour", "cost of a server of one's own in USD, busy or not; it serves one request at a time")
			f.Int(&memory, "memory", "memory in MB of the function that takes the rest")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			if !(mean > 0) || !(mean*service.Seconds() <= 2000) || service <= 0 || !(swing >= 0 && swing <= 1) || memory < 128 || memory > 10_240 {
				return study.Report{}, fmt.Errorf("%w: --rate = %g/s, --service = %v, --swing = %g, --memory = %d, want up to 2,000 busy servers on average, a swing in [0, 1], and [128, 10240] MB (AWS Lambda quotas)",
					coldstart.ErrInvalidConfig, mean, service, swing, memory)
			}
			peak := mean * (1 + swing) * service.Seconds()
			h := cost.Hybrid{
				Profile: cost.Day(mean, swing, 24), Service: service, PerHour: perHour, PerRequest: cost.LambdaX86().PerRequest(memory, service), Peakedness: 1,
				Most: int(peak*1.4) + 10,
			}
			picture, err := hybridCost(h)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: hybridAnswer(picture),
				Table:  study.Rows(thinned(picture)),
				Figure: coldstartplot.Hybrid(picture),
				Reading: "A server of one's own costs the same whether it works or not; a request in the cloud costs only when it comes. So the base should hold what is there most of the time, and the " +
					"peaks go out: one more server pays if it is busy for more of the time than the ratio of its price to that of the requests that it saves (the newsvendor's rule). Without a " +
					"swing the base holds nearly all: try `--swing 0`; with dear servers it holds little: try `--per-server-hour 0.1`.",
				Sources: []string{"price of the burst: AWS Lambda pricing, us-east-1, x86; the server's price is an example", "formula: go doc ./coldstart/cost Hybrid"},
				Config:  h, Result: picture.Best,
			}, nil
		},
	}
}

func hybridCost(h cost.Hybrid) (coldstartplot.HybridCost, error) {
	p := coldstartplot.HybridCost{Profile: h.Profile, Service: h.Service.Seconds(), Days: cost.Month.Hours() / 24, PerHour: h.PerHour, PerRequest: h.PerRequest}
	var err error
	if p.Curve, err = h.Curve(); err != nil {
		return p, err
	}
	if p.Best, err = h.Optimum(); err != nil {
		return p, err
	}
	p.Newsvendor, err = h.Newsvendor()
	return p, err
}

// hybridRow is a size of the base, by the month.
type hybridRow struct {
	Servers     int     `json:"servers"`
	Fixed       float64 `json:"base_usd"`
	Burst       float64 `json:"burst_usd"`
	Total       float64 `json:"total_usd"`
	Overflow    float64 `json:"overflow_fraction"`
	Utilization float64 `json:"utilization_fraction"`
}

// thinned are about twenty sizes, the cheapest among them.
func thinned(p coldstartplot.HybridCost) []hybridRow {
	var rows []hybridRow
	step := max(len(p.Curve)/20, 1)
	for i, b := range p.Curve {
		if i%step == 0 || i == len(p.Curve)-1 || b.Servers == p.Best.Servers {
			rows = append(rows, hybridRow{b.Servers, b.Fixed * p.Days, b.Burst * p.Days, b.Total * p.Days, b.OverflowFraction, b.Utilization})
		}
	}
	return rows
}

func hybridAnswer(p coldstartplot.HybridCost) string {
	first, last := p.Curve[0], p.Curve[len(p.Curve)-1]
	if p.Best.Servers == 0 {
		return fmt.Sprintf("None: all in the cloud costs %s a month, and a single server with the rest in the cloud already %s.", units.FormatUSD(first.Total*p.Days), units.FormatUSD(p.Curve[1].Total*p.Days))
	}
	return fmt.Sprintf("%d: that costs %s a month, with %s of the requests in the cloud; all in the cloud costs %s, and %d servers, which hold all but %s, %s (the rule without chance inside the hours says %d).",
		p.Best.Servers, units.FormatUSD(p.Best.Total*p.Days), percent(p.Best.OverflowFraction), units.FormatUSD(first.Total*p.Days), last.Servers, percent(last.OverflowFraction), units.FormatUSD(last.Total*p.Days), p.Newsvendor)
}
