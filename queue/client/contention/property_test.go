package contention

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/queue/client"
)

func TestContentionInvariants(t *testing.T) {
	for n := 1; n <= 40; n += 13 {
		for law := client.None; law <= client.Decorrelated; law++ {
			c := AWS(law, n)
			c.Runs, c.Trace = 1, true
			r, err := Simulate(c)
			require.NoError(t, err)
			require.Len(t, r.Trace, int(r.Calls.Mean))
			done, before := map[int]bool{}, 0.0
			for _, call := range r.Trace {
				require.False(t, done[call.Client], "a client that is done calls again")
				require.GreaterOrEqual(t, call.At, before)
				require.LessOrEqual(t, call.Attempt, n)
				done[call.Client] = call.OK
				before = call.At
			}
			require.Len(t, done, n)
			require.LessOrEqual(t, r.Calls.Mean, float64(n*n))
			require.Greater(t, r.End.Mean, before)
		}
	}
}

// One client: four messages of |Normal(0, sd)|, whose mean is sd sqrt(2/pi).
func TestDelaysAreAbsolute(t *testing.T) {
	r, err := Simulate(Config{Clients: 1, DelaySD: time.Second, Runs: 2000})
	require.NoError(t, err)
	duration := formula("time of one client of a contended row", "four delays |Normal(0, sd)| of mean sd sqrt(2/pi)", "s")
	duration.Within(t, "standard deviation 1 s", 4*math.Sqrt(2/math.Pi), r.End.Mean, 4*r.End.StandardError)
	assert.Equal(t, 1.0, r.Calls.Mean)
}

func TestConfigJSON(t *testing.T) {
	x := AWS(client.Decorrelated, 7)
	text, err := json.Marshal(x)
	require.NoError(t, err)
	var back Config
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, x, back)
}

func TestValidateNamesEveryField(t *testing.T) {
	err := Config{Backoff: client.Backoff{Jitter: 9, Base: 2, Cap: 1}, DelayMean: -1, DelaySD: -1}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Clients = 0", "Backoff.Jitter = 9", "Backoff.Cap = 1ns", "DelayMean = -1ns", "DelaySD = -1ns", "Runs = 0"} {
		require.ErrorContains(t, err, field)
	}
	_, err = Simulate(Config{Clients: 10_000, Runs: 1_000_000})
	require.ErrorContains(t, err, "Clients^2 Runs")
}
