package filter

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzFilters wants every added key back, from every filter, whatever the
// hashes.
func FuzzFilters(f *testing.F) {
	f.Add(uint64(100), 7, uint64(0), uint64(1), uint64(math.MaxUint64))
	f.Add(uint64(1), 1, uint64(1)<<63, uint64(0), uint64(0))
	f.Add(uint64(1023), 64, uint64(5), uint64(6), uint64(7))
	f.Fuzz(func(t *testing.T, bits uint64, hashes int, a, b, c uint64) {
		if bits > 1<<20 {
			bits = 1<<34 + bits // refused
		}
		for layout := Classic; layout <= SplitBlock; layout++ {
			for scheme := Independent; scheme <= Salted; scheme++ {
				filter, err := New(Config{Bits: bits, Hashes: hashes, Layout: layout, Scheme: scheme})
				if err != nil {
					require.ErrorIs(t, err, ErrInvalidConfig)
					continue
				}
				for _, hash := range []uint64{a, b, c} {
					filter.Add(hash)
					_, found := filter.Probe(hash)
					require.True(t, found && filter.Has(hash))
				}
				require.LessOrEqual(t, filter.Ones(), min(filter.Bits(), 3*uint64(hashes)))
			}
		}
	})
}
