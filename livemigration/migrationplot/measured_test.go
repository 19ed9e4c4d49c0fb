package migrationplot_test

import (
	"fmt"
	"testing"
	"time"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/migrationplot"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever the links, the picture shows the border and says where it is.
func TestPredictorFigure(t *testing.T) {
	published, err := hypervisor.MemcachedPredictions()
	require.NoError(t, err)
	for _, c := range []struct {
		links []float64
		title string
	}{
		{[]float64{0.1, 1, 3, 10, 40}, "From 5.3 Gbit/s on every limit works, below 4 Gbit/s not even 1 s does"},
		{[]float64{40, 400}, "Pre-copy ends on each of these links with each of these limits"},
		{[]float64{0.1, 0.2}, "No limit lets pre-copy end on these links: it takes 4 Gbit/s"},
	} {
		p := predicted(t, c.links)
		drawn(t, migrationplot.Predictor(p))
		p.Published = published
		f := migrationplot.Predictor(p)
		drawn(t, f)
		assert.Equal(t, c.title, f.Title)
	}
}

func predicted(t *testing.T, links []float64) migrationplot.Predicted {
	t.Helper()
	vm, err := hypervisor.MemcachedVM()
	require.NoError(t, err)
	p := migrationplot.Predicted{
		Guest: "32 GiB guest", Curve: vm.Workload.(lm.Empirical).Points,
		Border: []migrationplot.LinkNeed{{0.1, 0.667 * lm.GB}, {0.375, 0.667 * lm.GB}, {1, 0.496 * lm.GB}, {5, 0.236 * lm.GB}},
	}
	for i, limit := range []time.Duration{250 * time.Millisecond, time.Second, 0} {
		s := migrationplot.LinkSweep{Limit: limit, Need: []float64{0.667 * lm.GB, 0.496 * lm.GB, 0}[i]}
		for _, link := range links {
			c := lm.Config{VM: vm, Link: lm.Wire(link * lm.Gbps), Method: lm.Plain(limit)}
			if limit == 0 {
				c.Method.Strategy = lm.Offline
			}
			s.Results = append(s.Results, run(t, c))
		}
		p.Sweeps = append(p.Sweeps, s)
	}
	return p
}

// Every configuration is a panel; a prediction that is wrong about the end, or
// that has no trace, is told and drawn all the same.
func TestQEMUFigure(t *testing.T) {
	measured, err := hypervisor.QEMURuns()
	require.NoError(t, err)
	var runs []migrationplot.Verified
	for _, m := range measured {
		runs = append(runs, migrationplot.Verified{Name: fmt.Sprint(m.Config.VM.Workload), Measured: m, Predicted: run(t, m.Config)})
	}
	f := migrationplot.QEMU(runs)
	drawn(t, f)
	assert.Len(t, f.Panels, 6)
	assert.Regexp(t, `^11 real migrations predicted within 1\.\d % of time and traffic, 3 as never ending$`, f.Title)

	wrong := runs[8]
	wrong.Predicted = runs[0].Predicted
	f = migrationplot.QEMU([]migrationplot.Verified{wrong, {Name: "no trace", Measured: measured[0], Predicted: lm.Result{Outcome: lm.Diverged}}})
	drawn(t, f)
	assert.Contains(t, f.Title, "misses")
}
