package coldstartplot

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/cost"
)

func TestHybrid(t *testing.T) {
	for _, x := range []struct {
		server, request float64
		want            string
	}{{0.02, 3.5e-6, "A base of 28 servers"}, {100, 3.5e-6, "No base pays"}, {0.02, 0, "costs nothing"}} {
		m := cost.Hybrid{Profile: cost.Day(100, 0.8, 24), Service: 200 * time.Millisecond, PerHour: x.server, PerRequest: x.request, Peakedness: 1, Most: 60}
		h := HybridCost{Profile: m.Profile, Service: 0.2, Days: 30, PerHour: x.server, PerRequest: x.request}
		var err error
		h.Curve, err = m.Curve()
		require.NoError(t, err)
		h.Best, err = m.Optimum()
		require.NoError(t, err)
		h.Newsvendor, err = m.Newsvendor()
		require.NoError(t, err)
		assert.Contains(t, Hybrid(h).Title, x.want)
		drawn(t, Hybrid(h))
	}
}
