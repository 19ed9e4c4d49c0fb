package studies

import (
	"context"
	"math"
	"testing"

	lm "cloudconcepts/livemigration"
	"cloudconcepts/livemigration/migrationplot"
	"cloudconcepts/livemigration/theory"

	"github.com/stretchr/testify/require"
)

// Every cell of the diagram ends or not as the closed form says.
func TestPhaseDiagramFitsTheory(t *testing.T) {
	const cells, most = 96, 3.0
	cfg := newGuest().config(lm.Plain(0))
	z, err := phaseDiagram(context.Background(), cfg, most, cells, nil)
	require.NoError(t, err)
	for j, row := range z {
		for i, seconds := range row {
			lambda, share := most*migrationplot.Cell(i, cells), migrationplot.Cell(j, cells)
			ends := theory.UniformPlateau(lambda) <= share
			require.Equal(t, ends, !math.IsNaN(seconds), "lambda %g, share %g", lambda, share)
		}
	}
}

// The smallest limits that end are the plateaus, for both semantics.
func TestBoundaryFitsTheory(t *testing.T) {
	for _, set := range []int64{256 * lm.MiB, 2 * lm.GiB, 8 * lm.GiB} {
		g := newGuest()
		g.workingSet = set
		borders, err := boundary(context.Background(), g.config(lm.Plain(0)), 1.23, 3)
		require.NoError(t, err)
		for _, b := range borders {
			require.InDelta(t, b.RoundsTheory, b.RoundsSimulated, 1e-4)
			require.InDelta(t, b.DrainTheory, b.DrainSimulated, 0.002)
		}
	}
}

// BenchmarkPhaseDiagram is the 512 x 512 diagram of the study.
func BenchmarkPhaseDiagram(b *testing.B) {
	cfg := newGuest().config(lm.Plain(0))
	const cells = 512
	for b.Loop() {
		if _, err := phaseDiagram(context.Background(), cfg, 3, cells, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cells*cells*b.N)/b.Elapsed().Seconds(), "runs/s")
}
