package contention

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/client"
)

// shorter divides the work of a test under -short.
func shorter(n int) int {
	if testing.Short() {
		return max(1, n/50)
	}
	return n
}

const jitterArticle = `"Exponential Backoff And Jitter", AWS Architecture Blog: 1,000 runs of a port of its simulator, aws-samples/aws-arch-backoff-simulator`

// "Exponential Backoff And Jitter", AWS Architecture Blog. Means and 95 %
// intervals of 1,000 runs of an independent port of the article's simulator
// (aws-samples/aws-arch-backoff-simulator, src/backoff_simulator.py), which the
// original, run 100 times, agrees with. A cell fails at |z| > 4.
func TestJitterTable(t *testing.T) {
	type cell struct{ mean, half float64 }
	calls := []struct {
		clients int
		cells   [5]cell // none, exponential, full, equal, decorrelated
	}{
		{10, [5]cell{{50.93, 0.25}, {50.70, 0.27}, {38.99, 0.14}, {42.58, 0.16}, {37.75, 0.14}}},
		{50, [5]cell{{689.28, 1.07}, {623.13, 1.76}, {332.45, 0.30}, {346.90, 0.37}, {374.25, 0.80}}},
		{100, [5]cell{{2422.36, 1.94}, {1856.63, 3.60}, {795.57, 0.42}, {812.45, 0.47}, {1001.11, 1.83}}},
	}
	times := [5]cell{{2027, 3}, {63612, 232}, {4892, 32}, {6662, 39}, {4601, 43}}
	work := published("calls until all clients of a contended row are done, by law of backoff", jitterArticle, "")
	duration := published("time until all clients of a contended row are done, by law of backoff", jitterArticle, "ms")
	for _, row := range calls {
		n := row.clients
		for law := client.None; law <= client.Decorrelated; law++ {
			t.Run(fmt.Sprint(n, law), func(t *testing.T) {
				c := AWS(law, n)
				c.Runs = max(6, shorter(300))
				r, err := Simulate(c)
				require.NoError(t, err)
				errors := func(e Estimate, scale float64, want cell) float64 {
					return 4 * math.Hypot(e.StandardError*scale, want.half/1.96)
				}
				name := fmt.Sprintf("%v, %d clients", law, n)
				work.Within(t, name, row.cells[law].mean, r.Calls.Mean, errors(r.Calls, 1, row.cells[law]))
				if n == 100 {
					duration.Within(t, name, times[law].mean, r.End.Mean*1e3, errors(r.End, 1e3, times[law]))
				}
			})
		}
	}
}

// The article's point: with jitter 100 clients need less than half the calls
// of the exponential law without, and a small part of its time.
func TestJitterHalvesTheCalls(t *testing.T) {
	result := func(law client.Jitter) Result {
		c := AWS(law, 100)
		c.Runs = max(4, shorter(20))
		r, err := Simulate(c)
		require.NoError(t, err)
		return r
	}
	bare, full := result(client.Exponential), result(client.FullJitter)
	assert.Less(t, full.Calls.Mean, bare.Calls.Mean/2)
	ratio := published("time of the exponential law over that of full jitter", jitterArticle, "")
	ratio.Within(t, "100 clients", 13, bare.End.Mean/full.End.Mean, 1.5)
}
