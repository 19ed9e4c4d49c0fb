package studies

import (
	"fmt"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/container"
	"cloudconcepts/coldstart/cost"
	"cloudconcepts/coldstart/fleet"
	"cloudconcepts/coldstart/trace"
	"cloudconcepts/internal/study"
)

// invalid are the sentinels of the models.
func invalid() []error {
	return []error{
		coldstart.ErrInvalidConfig, container.ErrInvalidConfig, cost.ErrInvalidConfig, fleet.ErrInvalidConfig, trace.ErrInvalidConfig,
	}
}

// presets are the runtimes whose cold starts have been measured.
func presets() []study.Preset {
	var list []study.Preset
	for _, r := range coldstart.Runtimes() {
		list = append(list, study.Preset{
			Name:   string(r.Runtime),
			Source: fmt.Sprintf("lambda-perf (github.com/maxday/lambda-perf, Apache 2.0), July and August 2026: init %.3g ms on average", 1000*r.Mean),
		})
	}
	return list
}

func runtimeNames() []string {
	var names []string
	for _, r := range coldstart.Runtimes() {
		names = append(names, string(r.Runtime))
	}
	return names
}
