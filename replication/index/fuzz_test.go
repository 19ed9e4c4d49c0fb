package index

import (
	"testing"
	"time"

	"cloudconcepts/internal/fuzz"

	"github.com/stretchr/testify/require"
)

// most is the longest of ordinary times.
const most = 255 * time.Millisecond

func FuzzSimulate(f *testing.F) {
	fuzz.Seeds(f, 24, 160)
	f.Fuzz(func(t *testing.T, data []byte) {
		in := fuzz.Input(data)
		c := DynamoDB()
		c.Keys, c.Partitions, c.MaxBacklog = in.Count(50), in.Count(9), in.Count(200)
		c.Zipf, c.WriteRate, c.ReadRate = in.Real(4), in.Real(4)*100, in.Real(4)*100
		c.Propagation, c.Service = in.Law(most), in.Law(most)
		c.Throttle, c.Duration, c.MaxWrites, c.Seed = Throttle(in.Count(1)), in.Span(most), int64(in.Count(255))*10, in.Word()
		if c.Keys > 1000 && c.Keys <= 1_000_000 {
			c.Keys = 1000
		}
		c.MaxWrites = min(c.MaxWrites, 3000)
		if c.ReadRate*c.Duration.Seconds() > 1e5 {
			c.ReadRate = 0
		}
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		invariants(t, r)
	})
}
