package multileader

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
		c := Default()
		c.Leaders, c.Keys, c.Zipf, c.WriteRate = in.Count(7)+1, in.Count(50), in.Real(4), in.Real(4)*100
		if c.Keys > 1000 && c.Keys <= 1_000_000 {
			c.Keys = 1000
		}
		c.Delay, c.Policy = Const(in.Span(most)), Policy(in.Count(3))
		if in.Byte()%2 == 0 {
			c.Delay = Exp(in.Span(most))
		}
		for i := range in.Byte() % 9 {
			c.Skews[i%8] = in.Span(most)
		}
		for range in.Byte() % 4 {
			c.Partitions = append(c.Partitions, Partition{in.Count(3), in.Span(most), in.Span(most)})
		}
		c.Duration, c.MaxWrites, c.Seed = in.Span(most), min(int64(in.Count(255))*10, 3000), in.Word()
		r, err := Simulate(c)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalidConfig)
			return
		}
		invariants(t, r)
	})
}
