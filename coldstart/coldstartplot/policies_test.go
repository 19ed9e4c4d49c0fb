package coldstartplot

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/fleet"
)

func TestPolicies(t *testing.T) {
	c := fleet.Default()
	c.Load.Functions, c.Load.MaxRate, c.KeepAlive, c.Sample = 20, 1e4, fleet.Fixed(10*time.Minute), 0
	r, err := fleet.Simulate(c)
	require.NoError(t, err)
	p := NewPolicyPoint("fixed time", "10 min", r, 0.5)
	assert.InEpsilon(t, r.WastedGBSeconds*(1<<30)/86400, p.Idle, 1e-12)
	assert.Equal(t, r.AppColdP50, p.App)

	fixed := Policy{Name: "fixed time", Settings: []PolicyPoint{{Setting: "1 min", Idle: 100, Cold: 0.4, App: 0.8}, {Setting: "1 h", Idle: 400, Cold: 0.2, App: 0.4}}}
	cold, app := fixed.At(200)
	assert.InDelta(t, 0.3, cold, 1e-12)
	assert.InDelta(t, 0.6, app, 1e-12)
	cold, _ = fixed.At(50)
	assert.True(t, math.IsNaN(cold))
	for _, x := range []struct {
		cold, app float64
		want      string
	}{{0.35, 0.1, "leaves more of all requests cold"}, {0.1, 0.1, "leaves fewer cold starts than a fixed time"}, {0.1, 0.9, "does no better"}} {
		f := Frontier{Quantile: 0.5, Policies: []Policy{fixed, {Name: "hybrid", Settings: []PolicyPoint{{Idle: 200, Cold: x.cold, App: x.app}}}}}
		assert.Contains(t, Policies(f).Title, x.want)
		drawn(t, Policies(f))
	}
	assert.Contains(t, Policies(Frontier{Quantile: 0.9, Policies: []Policy{fixed}}).Title, "20 % of the requests are cold")
}
