package filter

import (
	"fmt"
	"math"

	"cloudconcepts/internal/check"
)

// Growth is how a scalable filter grows: when its newest slice has its keys,
// the next one is made for Factor times as many, at Tightening times the rate.
type Growth struct {
	Keys       uint64  `json:"keys"`       // of the first slice, [1, 1e9]
	FPR        float64 `json:"fpr"`        // of the first slice, (0, 1)
	Factor     float64 `json:"factor"`     // [1, 16]; 2 in Redis
	Tightening float64 `json:"tightening"` // [0.01, 1]; with less than 1 the compound rate stays below FPR / (1 - Tightening)
}

// maxSlices bounds a scalable filter, and so the time of a lookup.
const maxSlices = 64

// Validate says all that is wrong with g at once; every error wraps ErrInvalidConfig.
func (g Growth) Validate() error {
	v := check.Of(ErrInvalidConfig)
	check.Count(&v, "Keys", g.Keys, 1, 1e9)
	if !(g.FPR > 1e-18 && g.FPR < 1) {
		v.Add("FPR = %g, want in (1e-18, 1)", g.FPR)
	}
	v.Between("Factor", g.Factor, 1, 16, "")
	v.Between("Tightening", g.Tightening, 0.01, 1, "")
	return v.Err()
}

// Scalable is a row of classic filters that grows with its keys.
type Scalable struct {
	growth Growth
	scheme Scheme
	slices []*classic
	room   uint64 // keys that the newest slice may still take
	bits   uint64
}

// NewScalable returns an empty filter with its first slice.
func NewScalable(growth Growth, scheme Scheme) (*Scalable, error) {
	if err := growth.Validate(); err != nil {
		return nil, err
	}
	f := &Scalable{growth: growth, scheme: scheme}
	return f, f.grow()
}

// grow adds a slice.
func (f *Scalable) grow() error {
	i := float64(len(f.slices))
	keys := math.Round(float64(f.growth.Keys) * math.Pow(f.growth.Factor, i))
	fpr := f.growth.FPR * math.Pow(f.growth.Tightening, i)
	bits := math.Ceil(-keys * math.Log(fpr) / (math.Ln2 * math.Ln2))
	hashes := max(1, int(math.Round(-math.Log2(fpr))))
	if len(f.slices) == maxSlices || hashes > maxFilterHashes || !(bits+float64(f.bits) <= maxFilterBits) {
		return fmt.Errorf("%w: a scalable filter of %d slices would take %.3g GiB and %d hashes with the next one, want at most %d slices, 2 GiB and %d hashes",
			ErrInvalidConfig, len(f.slices), (bits+float64(f.bits))/8/(1<<30), hashes, maxSlices, maxFilterHashes)
	}
	bits = max(bits, float64(hashes))
	c := Config{Bits: uint64(bits), Hashes: hashes, Scheme: f.scheme}
	if err := c.Validate(); err != nil {
		return err
	}
	slice := newClassic(c.Bits, c.Hashes, c.Scheme)
	f.slices = append(f.slices, slice)
	f.bits += slice.Bits()
	f.room = uint64(keys)
	return nil
}

// Add puts a key in. It is an error if the filter had to grow beyond 64
// slices, 64 hashes or 2 GiB; the key is not in then.
func (f *Scalable) Add(hash uint64) error {
	if f.room == 0 {
		if err := f.grow(); err != nil {
			return err
		}
	}
	f.slices[len(f.slices)-1].Add(rehash(hash, len(f.slices)-1))
	f.room--
	return nil
}

// rehash gives every slice hashes of its own, so that their errors are
// independent.
func rehash(hash uint64, slice int) uint64 { return Hash64(hash + uint64(slice)*golden) }

// Has says whether a slice has the key, the newest and largest asked first.
func (f *Scalable) Has(hash uint64) bool {
	for i := len(f.slices) - 1; i >= 0; i-- {
		if f.slices[i].Has(rehash(hash, i)) {
			return true
		}
	}
	return false
}

// Slices are the shapes of its classic filters, the oldest first.
func (f *Scalable) Slices() []Config {
	shapes := make([]Config, len(f.slices))
	for i, s := range f.slices {
		shapes[i] = Config{Bits: s.bits, Hashes: s.hashes, Scheme: s.scheme}
	}
	return shapes
}

// Bits is the size of all of them.
func (f *Scalable) Bits() uint64 { return f.bits }
