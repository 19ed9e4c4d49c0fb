package fleet

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cloudconcepts/coldstart/trace"
)

func small(t testing.TB, n int) []trace.Function {
	t.Helper()
	a := trace.AzureLike()
	a.Functions, a.RateFactor = n, 0.05
	list, err := a.Generate()
	require.NoError(t, err)
	return list
}

func TestTry(t *testing.T) {
	start := time.Now()
	fs := small(t, 5000)
	t.Log("generate", time.Since(start))
	for _, k := range []KeepAlive{Fixed(10 * time.Minute), Histogram(), Exponential(10 * time.Minute), Halving(380 * time.Second), Never()} {
		c := Default()
		c.KeepAlive = k
		start := time.Now()
		r, err := Replay(context.Background(), c, fs)
		require.NoError(t, err)
		r.AppCold, r.Memory = nil, nil
		r.Config = Config{}
		t.Logf("%v %v %.1f M/s %+v", k, time.Since(start), float64(r.Requests)/time.Since(start).Seconds()/1e6, r)
	}
}
