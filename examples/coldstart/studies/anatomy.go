package studies

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cloudconcepts/coldstart"
	"cloudconcepts/coldstart/coldstartplot"
	"cloudconcepts/internal/study"
	"cloudconcepts/internal/units"
)

// Anatomy asks where the time of a cold start goes.
func Anatomy() study.Study {
	names := []string{"rust-zip-x86", "go-zip-x86", "python3.13-zip-x86", "nodejs22-zip-x86", "java21-zip-x86", "ruby3.4-zip-x86", "dotnet8-zip-x86", "python3.13-image-x86", "nodejs22-image-x86", "java21-image-x86"}
	memory, size, bandwidth := 1024, int64(0), 0.0
	return study.Study{
		Name:     "anatomy",
		Question: "Where does the time of a cold start go?",
		Next:     "Give it little memory (`--memory 128`): which runtimes suffer in their first call? And what does a package of 50 MB add?",
		Examples: []string{"--memory 128", "--package 50MB --bandwidth 100MB/s"},
		Flags: func(f *study.Flags) {
			f.ChoiceList(&names, "runtimes", "runtimes", runtimeNames()...)
			f.Int(&memory, "memory", "memory of an environment in MB, 128 to 10,240")
			f.Bytes(&size, "package", "size of the code, if its download is to be counted (an assumption)")
			f.Rate(&bandwidth, "bandwidth", "rate of that download (an assumption)")
		},
		Run: func(context.Context, study.Env) (study.Report, error) {
			if memory < 128 || memory > 10_240 || len(names) == 0 || (size > 0) != (bandwidth > 0) {
				return study.Report{}, fmt.Errorf("%w: --memory = %d, --package = %d, --bandwidth = %g, want in [128, 10240] MB (AWS Lambda quotas), at least one runtime, and a package with a bandwidth",
					coldstart.ErrInvalidConfig, memory, size, bandwidth)
			}
			rows, err := anatomies(names, memory, float64(size), bandwidth)
			if err != nil {
				return study.Report{}, err
			}
			return study.Report{
				Answer: anatomyAnswer(rows),
				Table:  study.Rows(rows),
				Figure: coldstartplot.Phases(rows, memory),
				Reading: "Init is what Lambda reports: starting the runtime and running the code outside the handler. Making the sandbox and fetching the code come before it and are not reported, so a " +
					"client sees more. The first call of the handler is slower than the others, most of all where code is compiled while it runs, and more so with little memory: try " +
					"`--memory 128`. Images start later than zip files of the same code.",
				Sources: []string{"lambda-perf (github.com/maxday/lambda-perf, Apache 2.0), commit 6070b79, all days from 2026-07-01 to 2026-08-22"},
				Config: struct {
					Runtimes []string `json:"runtimes"`
					Memory   int      `json:"memory_mb"`
				}{names, memory},
				Result: rows,
			}, nil
		},
	}
}

// anatomies are the phases of each runtime, the fastest first.
func anatomies(names []string, memory int, size, bandwidth float64) ([]coldstartplot.Anatomy, error) {
	var rows []coldstartplot.Anatomy
	for _, name := range names {
		r := coldstart.Runtime(name)
		s, err := r.Stats()
		if err != nil {
			return nil, err
		}
		first, err := r.FirstCall(memory)
		if err != nil {
			return nil, err
		}
		a := coldstartplot.Anatomy{Runtime: name, Init: s.Mean, FirstCall: first.Seconds(), P99: s.Quantile(0.99)}
		if bandwidth > 0 {
			a.Download = size / bandwidth
			if strings.Contains(name, "-image-") {
				a.Download *= 0.065
			}
		}
		a.Total = a.Download + a.Init + a.FirstCall
		rows = append(rows, a)
	}
	slices.SortStableFunc(rows, func(a, b coldstartplot.Anatomy) int { return int(1e9 * (a.Total - b.Total)) })
	return rows, nil
}

func anatomyAnswer(rows []coldstartplot.Anatomy) string {
	fast, slow := rows[0], rows[len(rows)-1]
	return fmt.Sprintf("Into starting the runtime: %s of %s with %s, %s of %s with %s; the first call takes %s there, and one cold start in 100 needs more than %s for its init.",
		units.FormatSeconds(fast.Init), units.FormatSeconds(fast.Total), fast.Runtime, units.FormatSeconds(slow.Init), units.FormatSeconds(slow.Total), slow.Runtime,
		units.FormatSeconds(slow.FirstCall), units.FormatSeconds(slow.P99))
}
