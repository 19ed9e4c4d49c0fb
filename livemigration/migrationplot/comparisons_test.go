package migrationplot_test

import (
	"bytes"
	"strings"
	"testing"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/hypervisor"
	"cloudconcepts/livemigration/migrationplot"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// drawn renders a figure in both themes as PNG and SVG: no error, not blank.
func drawn(t *testing.T, f migrationplot.Figure) {
	t.Helper()
	assert.NotEmpty(t, f.Title)
	for _, theme := range []migrationplot.Theme{migrationplot.Light(), migrationplot.Dark()} {
		img, err := f.Image(theme)
		require.NoError(t, err)
		assert.Greater(t, inked(img, theme.Background), 5000, "pixels that are not background")
		var svg bytes.Buffer
		require.NoError(t, f.Write(&svg, "svg", theme))
		assert.Contains(t, svg.String(), "<svg")
	}
}

func TestHypervisorsFigure(t *testing.T) {
	for _, rates := range [][]float64{{100 * lm.MB, 4 * lm.GB}, {0}, {100 * lm.GB}} {
		var workloads []migrationplot.Workload
		for _, rate := range rates {
			w := migrationplot.Workload{Name: "some written"}
			for _, m := range []lm.Method{hypervisor.QEMU(), hypervisor.Xen(), hypervisor.KubeVirt(lm.GiB), hypervisor.VMotion()} {
				c := guest(rate)
				c.Method = m
				w.Runs = append(w.Runs, migrationplot.Named{Name: m.Name, Result: run(t, c)})
			}
			workloads = append(workloads, w)
		}
		drawn(t, migrationplot.Hypervisors(workloads))
	}
}

func TestParallelFigure(t *testing.T) {
	for _, rates := range [][]float64{{5 * lm.MB, 400 * lm.MB}, {0}, {100 * lm.GB}} {
		var fleets []migrationplot.Fleet
		for _, rate := range rates {
			c := guest(rate)
			c.VM.Workload = lm.ConstantRate{Rate: rate, WorkingSet: c.VM.Memory}
			f := migrationplot.Fleet{Name: "some", Guests: 4, Rate: rate}
			for _, k := range []int{1, 2, 4} {
				e, err := lm.Evacuate(c, 4, k)
				require.NoError(t, err)
				f.Runs = append(f.Runs, e)
			}
			fleets = append(fleets, f)
		}
		f := migrationplot.Parallel(fleets)
		drawn(t, f)
		assert.Equal(t, rates[0] == 100*lm.GB, strings.Contains(f.Title, "never ends"), f.Title)
	}
}

func TestPostCopyFigure(t *testing.T) {
	for _, rate := range []float64{0, 20 * lm.MB, 100 * lm.GB} {
		var runs []migrationplot.Named
		for _, s := range []lm.Strategy{lm.PostCopy, lm.Hybrid} {
			c := guest(rate)
			c.Method = hypervisor.QEMU()
			c.Method.Strategy, c.Method.PostCopy.Feedback, c.Method.PostCopy.Queue = s, true, lm.MiB
			runs = append(runs, migrationplot.Named{Name: s.String(), Result: run(t, c)})
		}
		drawn(t, migrationplot.PostCopy(runs))
	}
}
