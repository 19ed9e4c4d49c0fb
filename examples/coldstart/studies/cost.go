package studies

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/cost"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Cost asks when functions are cheaper than containers and servers.
func Cost() study.Study {
	s := costSetup{
		Use:  cost.Use{Duration: 100 * time.Millisecond, MemoryMB: 512, StorageMB: 512, ProvisionedTime: cost.Month},
		Task: cost.Task{VCPU: 0.25, GB: 0.5}, Utilization: 0.6, Spill: 0.01, Low: 0.01, High: 1000,
	}
	return study.Study{
		Name:     "cost",
		Question: "Is serverless cheaper?",
		Next:     "A busy hour and an idle day: who is cheaper at `--utilization 10%`? For load that swings see `go run ./examples/coldstart hybrid`.",
		Examples: []string{"--memory 1769 --vcpu 1 --task-memory 2", "--service 20ms", "--free-tier --high 10/s", "--utilization 10%"},
		Flags: func(f *study.Flags) {
			f.Duration(&s.Use.Duration, "service", "time of a request, in a function and in a container")
			f.Int(&s.Use.MemoryMB, "memory", "memory of a function in MB")
			f.Float(&s.Task.VCPU, "vcpu", "vCPUs of a container that serves one request at a time")
			f.Float(&s.Task.GB, "task-memory", "memory of the container in GB")
			f.Fraction(&s.Utilization, "utilization", "how busy containers and servers may be; the rest is room for a queue that stays short")
			f.Fraction(&s.Spill, "spill", "share of the requests that provisioned environments may leave to those on demand")
			f.Bool(&s.Use.FreeTier, "free-tier", "with the free requests and GB-seconds of each month")
			f.Frequency(&s.Low, "low", "lowest rate of requests")
			f.Frequency(&s.High, "high", "highest rate of requests")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			curves, err := s.curves()
			if err != nil {
				return study.Report{}, err
			}
			what := fmt.Sprintf("requests of %s; functions of %d MB; containers of %g vCPU and %g GB, one request at a time, %s busy at most; a t3.medium holds %d of them; provisioned: so that %s spill over",
				units.FormatDuration(s.Use.Duration), s.Use.MemoryMB, s.Task.VCPU, s.Task.GB, units.FormatPercent(s.Utilization), s.places(), units.FormatPercent(s.Spill))
			return study.Report{
				Answer: s.answer(curves),
				Table:  s.table(curves),
				Figure: coldstartplot.Costs(curves, what, "prices of us-east-1 in US dollars, seen in 2026"),
				Reading: "Functions cost by the request, a straight line; containers and servers come in pieces, a staircase that at low rates is one piece, paid for while it waits. The dots mark from where on the others " +
					"stay cheaper. Provisioned environments save money only while they are busy more than 60 % of the time. Not in the picture: who looks after the servers, and load that swings, for which the " +
					"pieces must be bought for the peak: `--utilization 10%`, and `go run ./examples/coldstart hybrid`.",
				Sources: []string{
					"prices: " + cost.LambdaX86().Source, "formulas: go doc ./coldstart/cost Crossover; go doc ./coldstart/cost Lambda.PerRequest; go doc ./coldstart/theory ErlangBInverse",
				},
				Notes: []string{fmt.Sprintf("Without cold starts, data transfer, load balancers, savings plans and volume discounts. One container and a function are level at %s/s in closed form, if the container can do that.",
					units.FormatNumber(rounded(cost.Crossover(cost.FargateX86().PerHour(s.Task), cost.LambdaX86().PerRequest(s.Use.MemoryMB, s.Use.Duration)))))},
				Config: s, Result: s.rows(curves),
			}, nil
		},
	}
}

func (s costSetup) answer(curves []coldstartplot.CostCurve) string {
	lambda, task, server := curves[0], curves[3], curves[4]
	last := len(lambda.Rates) - 1
	var text strings.Builder
	text.WriteString(fmt.Sprintf("A million requests cost %s on Lambda", units.FormatUSD(1e6*cost.LambdaX86().PerRequest(s.Use.MemoryMB, s.Use.Duration))))
	for _, c := range []coldstartplot.CostCurve{task, server} {
		first, stays := c.First(lambda), c.Cheaper(lambda)
		switch {
		case math.IsNaN(first):
			text.WriteString(fmt.Sprintf("; %s is dearer at every rate", c.Name))
		case first == 0 && stays == 0:
			text.WriteString(fmt.Sprintf("; %s is cheaper at every rate", c.Name))
		case math.IsNaN(stays):
			text.WriteString(fmt.Sprintf("; %s is cheaper at some rates from %s/s on", c.Name, units.FormatNumber(rounded(first))))
		case stays > 1.001*first:
			text.WriteString(fmt.Sprintf("; %s is cheaper from %s/s on with gaps, always from %s/s on", c.Name, units.FormatNumber(rounded(first)), units.FormatNumber(rounded(stays))))
		default:
			text.WriteString(fmt.Sprintf("; %s is cheaper from %s/s on", c.Name, units.FormatNumber(rounded(stays))))
		}
	}
	return text.String() + fmt.Sprintf("; at %s/s a month costs %s, %s and %s.", units.FormatNumber(lambda.Rates[last]), units.FormatUSD(lambda.USD[last]), units.FormatUSD(task.USD[last]), units.FormatUSD(server.USD[last]))
}
