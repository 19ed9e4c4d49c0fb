package studies

import (
	"fmt"
	"math"

	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/coldstart/cost"
	"cloudconcepts/coldstart/theory"
	"cloudconcepts/internal/study"
)

// costSetup is a request and what serves it.
type costSetup struct {
	Use         cost.Use  `json:"use"`
	Task        cost.Task `json:"task"` // for one request at a time
	Utilization float64   `json:"utilization"`
	Spill       float64   `json:"spilled_fraction"`
	Low         float64   `json:"low_per_s"`
	High        float64   `json:"high_per_s"`
}

func (s costSetup) check() error {
	switch {
	case !(s.Low >= 1e-6 && s.High <= 1e6 && s.Low < s.High):
		return fmt.Errorf("%w: --low = %g/s, --high = %g/s, want rising in [0.000001/s, 1,000,000/s]", cost.ErrInvalidConfig, s.Low, s.High)
	case !(s.Utilization > 0 && s.Utilization <= 1):
		return fmt.Errorf("%w: --utilization = %g, want in (0, 1]", cost.ErrInvalidConfig, s.Utilization)
	case !(s.Spill > 1e-9 && s.Spill < 1):
		return fmt.Errorf("%w: --spill = %g, want in (1e-9, 1)", cost.ErrInvalidConfig, s.Spill)
	case !(s.Task.VCPU >= 0.01 && s.Task.VCPU <= 2 && s.Task.GB >= 0.01 && s.Task.GB <= 4):
		return fmt.Errorf("%w: --vcpu = %g, --task-memory = %g, want in [0.01, 2] and [0.01, 4] GB, which is a t3.medium", cost.ErrInvalidConfig, s.Task.VCPU, s.Task.GB)
	case s.Use.Duration <= 0 || s.High*s.Use.Duration.Seconds() > 1e5:
		return fmt.Errorf("%w: --service = %v, want above 0 and at most 100,000 busy at --high = %g/s", cost.ErrInvalidConfig, s.Use.Duration, s.High)
	}
	return cost.LambdaX86().Validate(s.Use)
}

// places is how many requests a t3.medium of 2 vCPUs and 4 GB serves at a time, as containers would.
func (s costSetup) places() int {
	return max(int(min(2/s.Task.VCPU, 4/s.Task.GB)), 1)
}

// curves are the costs on a fine grid of rates.
func (s costSetup) curves() ([]coldstartplot.CostCurve, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	x86, arm, task, server := cost.LambdaX86(), cost.LambdaArm(), cost.FargateX86().PerHour(s.Task), cost.T3Medium().PerHour
	list := []coldstartplot.CostCurve{{Name: "Lambda x86"}, {Name: "Lambda arm"}, {Name: "provisioned"}, {Name: "Fargate", Step: true}, {Name: "EC2 t3.medium", Step: true}}
	const n = 600
	month, seconds := cost.Month.Hours(), s.Use.Duration.Seconds()
	for i := range n + 1 {
		rate := s.Low * math.Pow(s.High/s.Low, float64(i)/n)
		use := s.Use
		use.Invocations, use.ProvisionedTime = rate*cost.Month.Seconds(), 0
		onX86, err := x86.Bill(use)
		if err != nil {
			return nil, err
		}
		onArm, err := arm.Bill(use)
		if err != nil {
			return nil, err
		}
		load := rate * seconds
		use.Provisioned, use.ProvisionedTime = theory.ErlangBInverse(load, s.Spill), cost.Month
		use.ProvisionedShare = 1 - theory.ErlangB(use.Provisioned, load)
		ready, err := x86.Bill(use)
		if err != nil {
			return nil, err
		}
		places := load / s.Utilization
		for k, usd := range []float64{
			onX86.Total, onArm.Total, ready.Total, math.Ceil(places-1e-9) * task * month, math.Ceil(places/float64(s.places())-1e-9) * server * month,
		} {
			list[k].Rates, list[k].USD = append(list[k].Rates, rate), append(list[k].USD, usd)
		}
	}
	return list, nil
}

// costRow is a month at one rate.
type costRow struct {
	Rate        float64 `json:"rate_per_s"`
	Busy        float64 `json:"busy"` // requests in service on average
	X86         float64 `json:"lambda_x86_usd"`
	Arm         float64 `json:"lambda_arm_usd"`
	Provisioned float64 `json:"provisioned_usd"`
	Fargate     float64 `json:"fargate_usd"`
	EC2         float64 `json:"ec2_usd"`
}

// rows are a few of the points.
func (s costSetup) rows(curves []coldstartplot.CostCurve) []costRow {
	var rows []costRow
	for i := 0; i < len(curves[0].Rates); i += 40 {
		at := func(k int) float64 { return curves[k].USD[i] }
		rate := curves[0].Rates[i]
		rows = append(rows, costRow{rate, rate * s.Use.Duration.Seconds(), at(0), at(1), at(2), at(3), at(4)})
	}
	return rows
}

func (s costSetup) table(curves []coldstartplot.CostCurve) study.Table {
	return study.Rows(s.rows(curves))
}
