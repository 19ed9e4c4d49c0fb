package studies

import "cloudconcepts/coldstart"

// printed is a Result as --json has it: of its estimates, the mean and the interval.
type printed struct {
	coldstart.Result
	Instances interval `json:"instances"`
	Running   interval `json:"running"`
	Latency   interval `json:"latency_of_invocations_s"`
}

type interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

func newPrinted(r coldstart.Result) printed {
	of := func(e coldstart.Estimate) interval { return interval{e.Mean, e.Low, e.High} }
	return printed{r, of(r.Instances), of(r.Running), of(r.Latency)}
}
