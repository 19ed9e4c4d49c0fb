package bloom

import (
	"math"
	"testing"
	"time"
)

// FuzzTheory: an error or a probability, never a panic, never a hang.
func FuzzTheory(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 0.01, 10, math.NaN(), math.Inf(1), math.Inf(-1), 1e300, 5e-324, -1} {
		for _, n := range []uint64{0, 1, 512, 1 << 20, math.MaxInt64, math.MaxUint64} {
			f.Add(n, n/10, 7, 512, x)
			f.Add(uint64(512), n, -1, 0, x)
			f.Add(n, uint64(3), 64, math.MaxInt, x)
		}
	}
	f.Fuzz(func(t *testing.T, bits, keys uint64, hashes, small int, x float64) {
		start := time.Now()
		probability := func(name string, p float64, err error) {
			if err == nil && !(p >= 0 && p <= 1) {
				t.Errorf("%s = %g", name, p)
			}
		}
		invalid := Params{bits, keys, hashes}.Validate()
		for name, rate := range map[string]func(uint64, uint64, int) float64{
			"Exact": Exact, "ExactDistinct": ExactDistinct, "Partitioned": Partitioned,
		} {
			p := rate(bits, keys, hashes)
			probability(name, p, invalid)
			if invalid != nil && !math.IsNaN(p) {
				t.Errorf("%s = %g of %v", name, p, invalid)
			}
		}
		compound, _ := Scalable(x, x, min(small, 100))
		for name, p := range map[string]float64{
			"Blocked": Blocked(x, small, hashes, Inner(small%3)), "BlockedExact": BlockedExact(bits, keys, small, hashes, Inner(small%3)),
			"SplitBlock": SplitBlock(x), "SplitBlockExact": SplitBlockExact(bits, keys), "Fingerprint": Fingerprint(keys, small),
			"CountingOverflow": CountingOverflow(bits, keys, hashes, small), "Scalable": compound, "Rate": Structure(small).Rate(x),
		} {
			if !math.IsNaN(p) {
				probability(name, p, nil)
			}
		}
		if guess, err := EstimateKeys(bits, keys, hashes); err == nil && !(guess.Keys >= 0 && guess.StandardError >= 0) {
			t.Errorf("estimate = %+v", guess)
		}
		for _, r := range []Rounding{RoundGuarantee, RoundBitsAndBlooms, RoundCassandra, RoundHBase, RoundParquet, RoundRocksDB5} {
			params, p, err := Optimal(keys, x, r)
			probability(r.String(), p, err)
			if err == nil && params.Validate() != nil {
				t.Errorf("%v: %v", r, params.Validate())
			}
		}
		if spent := time.Since(start); spent > 20*time.Second {
			t.Errorf("took %v", spent)
		}
	})
}
