package studies

import (
	"context"
	"fmt"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Memory asks what more memory does to a cold start.
func Memory() study.Study {
	names := []string{"dotnet8-zip-x86", "java21-zip-x86", "nodejs22-zip-x86", "python3.13-zip-x86", "go-zip-x86"}
	return study.Study{
		Name:     "memory",
		Question: "Does more memory make cold starts faster?",
		Next:     "Which Java starts faster, 21 or 25?",
		Examples: []string{"--runtimes java21-zip-x86,java25-zip-x86"},
		Flags: func(f *study.Flags) {
			f.ChoiceList(&names, "runtimes", "runtimes that were measured with several sizes", sizedRuntimes()...)
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			var points []coldstartplot.SizePoint
			for _, name := range names {
				more, err := sizes(coldstart.Runtime(name))
				if err != nil {
					return study.Report{}, err
				}
				points = append(points, more...)
			}
			if len(points) == 0 {
				return study.Report{}, fmt.Errorf("%w: --runtimes is empty", coldstart.ErrInvalidConfig)
			}
			return study.Report{
				Answer: memoryAnswer(points),
				Table:  study.Rows(points),
				Figure: coldstartplot.Memory(names, points),
				Reading: "Two parts of a cold start behave differently. Init runs with the same processors for every size: more memory changes nothing. The first call runs with the share of a processor " +
					"that the memory buys, so where it is work (a just-in-time compiler), twice the memory halves it, up to one vCPU at 1,769 MB; beyond the dots that is the assumption. Where it " +
					"is next to nothing, there is nothing to win.",
				Sources: []string{
					"lambda-perf (github.com/maxday/lambda-perf, Apache 2.0), commit 6070b79, July and August 2026",
					"memory and processors: AWS Lambda Developer Guide, \"Configure Lambda function memory\"",
				},
				Config: struct {
					Runtimes []string `json:"runtimes"`
				}{names},
				Result: points,
			}, nil
		},
	}
}

func sizedRuntimes() []string {
	var names []string
	for _, r := range coldstart.Runtimes() {
		if r.Runtime.MemoryEffect() != nil {
			names = append(names, string(r.Runtime))
		}
	}
	return names
}

// sizes are the measured sizes of a runtime and two more.
func sizes(r coldstart.Runtime) ([]coldstartplot.SizePoint, error) {
	var points []coldstartplot.SizePoint
	for _, p := range r.MemoryEffect() {
		points = append(points, coldstartplot.SizePoint{Runtime: string(r), MemoryMB: p.MemoryMB, Init: p.Init, FirstCall: p.FirstCall, Measured: true})
	}
	for _, m := range []int{1769, 3008} {
		first, err := r.FirstCall(m)
		if err != nil {
			return nil, err
		}
		points = append(points, coldstartplot.SizePoint{Runtime: string(r), MemoryMB: m, Init: points[len(points)-1].Init, FirstCall: first.Seconds()})
	}
	return points, nil
}

func memoryAnswer(points []coldstartplot.SizePoint) string {
	small, big := points[0], points[0]
	for _, p := range points {
		if p.Runtime == small.Runtime && p.Measured {
			big = p
		}
	}
	return fmt.Sprintf("Not the init: for %s it takes %s with %d MB and %s with %d MB; but the first call goes from %s to %s.", small.Runtime,
		units.FormatSeconds(small.Init), small.MemoryMB, units.FormatSeconds(big.Init), big.MemoryMB, units.FormatSeconds(small.FirstCall), units.FormatSeconds(big.FirstCall))
}
