package migrationplot_test

import (
	"bytes"
	"image"
	"image/color"
	"testing"
	"time"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every figure is drawn in both themes as PNG and SVG, and is not blank, for
// migrations that end and for such that do not.
func TestFigures(t *testing.T) {
	slow, fast := guest(1.1*lm.GB), guest(4*lm.GB)
	none := guest(0)
	tiny := guest(1 * lm.GB)
	tiny.VM.Memory, tiny.VM.NonZero = lm.MiB, lm.MiB
	tiny.VM.Workload = lm.Uniform{Rate: 1 * lm.GB, WorkingSet: lm.MiB}
	figures := map[string]migrationplot.Figure{}
	for name, c := range map[string]lm.Config{"ends": slow, "never ends": fast, "no writes": none, "tiny": tiny} {
		r := run(t, c)
		figures["rounds, "+name] = migrationplot.Rounds(r)
		figures["throttle, "+name] = migrationplot.Throttle([]migrationplot.Throttled{{Name: "none", Result: r}})
		figures["strategies, "+name] = migrationplot.Strategies([]migrationplot.Sweep{{Name: "pre-copy", Results: overBandwidth(t, c)}})
		figures["downtime, "+name] = migrationplot.Downtime([]migrationplot.LimitSweep{overLimits(t, c)})
		figures["curves, "+name] = migrationplot.Curves(
			[]migrationplot.Curve{{Name: name, Workload: c.VM.Workload, Plateau: float64(r.PlateauBytes)}}, c.Link.Bandwidth, 0.3)
		figures["convergence, "+name] = migrationplot.Convergence(phase(r))
	}
	for name, f := range figures {
		t.Run(name, func(t *testing.T) {
			for _, theme := range []migrationplot.Theme{migrationplot.Light(), migrationplot.Dark()} {
				img, err := f.Image(theme)
				require.NoError(t, err)
				assert.Greater(t, inked(img, theme.Background), 5000, "pixels that are not background")
				var svg bytes.Buffer
				require.NoError(t, f.Write(&svg, "svg", theme))
				assert.Contains(t, svg.String(), "<svg")
			}
		})
	}
}

// The titles state what the run found.
func TestTitles(t *testing.T) {
	assert.Equal(t, "9 rounds cut the pause from 6.87 s to 258 ms", migrationplot.Rounds(run(t, guest(1.1*lm.GB))).Title)
	assert.Contains(t, migrationplot.Rounds(run(t, guest(4*lm.GB))).Title, "never ends")
	assert.Contains(t, migrationplot.Downtime([]migrationplot.LimitSweep{overLimits(t, guest(100*lm.GB))}).Title, "No downtime limit")
}

func guest(rate float64) lm.Config {
	vm := lm.Default().VM
	vm.Workload = lm.Uniform{Rate: rate, WorkingSet: 3 * lm.GiB}
	return lm.Config{VM: vm, Link: lm.Wire(10 * lm.Gbps), Method: lm.Plain(300 * time.Millisecond), Storage: lm.Storage{Until: time.Second}, Trace: true}
}

func run(t *testing.T, c lm.Config) lm.Result {
	t.Helper()
	r, err := lm.Simulate(c)
	require.NoError(t, err)
	return r
}

func overBandwidth(t *testing.T, c lm.Config) []lm.Result {
	t.Helper()
	var out []lm.Result
	for _, gigabits := range []float64{1, 3, 10, 30} {
		c.Link = lm.Wire(gigabits * lm.Gbps)
		out = append(out, run(t, c))
	}
	return out
}

func overLimits(t *testing.T, c lm.Config) migrationplot.LimitSweep {
	t.Helper()
	s := migrationplot.LimitSweep{Name: "rounds"}
	for _, limit := range []float64{0.1, 0.3, 1, 2} {
		c.Method.Limit = lm.FixedLimit(limit * 1e9)
		s.Limits, s.Results = append(s.Limits, limit), append(s.Results, run(t, c))
	}
	return s
}

// phase is a small diagram around a guest.
func phase(r lm.Result) migrationplot.Phase {
	const cells = 8
	p := migrationplot.Phase{Rounds: r, Drain: r, Slice: 0.05, MaxLambda: 3}
	for j := range cells {
		row := make([]float64, cells)
		for i := range row {
			row[i] = 7 + float64(i*j)
		}
		p.Seconds = append(p.Seconds, row)
	}
	p.Boundary = []migrationplot.Border{{Lambda: 2, RoundsSimulated: 0.8, DrainSimulated: 0.5}}
	return p
}

// inked counts the pixels that differ from the background.
func inked(img image.Image, background color.RGBA) int {
	n := 0
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); uint8(r>>8) != background.R || uint8(g>>8) != background.G || uint8(b>>8) != background.B {
				n++
			}
		}
	}
	return n
}
