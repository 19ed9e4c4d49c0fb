package lsm

import (
	"errors"
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/check"
)

// Engine is how one storage engine builds and asks its filters. BitsPerKey and
// Hashes are what it does unless told otherwise.
type Engine struct {
	Name       string        `json:"name"`
	BitsPerKey float64       `json:"bits_per_key"`
	Hashes     int           `json:"hashes"` // at BitsPerKey; see HashesAt for others
	Layout     filter.Layout `json:"layout"`
	// SharedHash says that every filter is asked with the same hash of the key.
	SharedHash bool `json:"shared_hash"`
	// Progression says that the probes of a key in a 512-bit line are an arithmetic
	// progression: with SharedHash, a key that passes one run passes others.
	// It has no effect on other layouts.
	Progression bool `json:"progression"`
	// KeysPerFilter is the keys of one filter where an engine keeps one for each
	// data block, [1, 1e6]; 0 = one large filter for a whole run.
	KeysPerFilter int `json:"keys_per_filter"`
	// LastLevelFilters says that a lookup asks the filters of the last level.
	LastLevelFilters bool     `json:"last_level_filters"`
	Rule             HashRule `json:"hash_rule"`
	Source           string   `json:"source"`
}

func (e Engine) validate(bitsPerKey float64) error {
	v := check.Of(ErrInvalidConfig)
	v.Above("Engine.BitsPerKey", e.BitsPerKey, 0, maxBitsPerKey, "")
	v.Between("Engine.Hashes", float64(e.Hashes), 1, bloom.MaxHashes, "")
	v.Between("Engine.KeysPerFilter", float64(e.KeysPerFilter), 0, 1e6, "")
	v.Above("BitsPerKey", bitsPerKey, 0, maxBitsPerKey, "")
	if e.Layout < filter.Classic || e.Layout > filter.SplitBlock {
		v.Add("Engine.Layout = %d, want classic, partitioned, blocked or splitblock", e.Layout)
	}
	if e.Rule < RuleNearest || e.Rule > RuleEight {
		v.Add("Engine.Rule = %d, want one of the four rules", e.Rule)
	}
	return v.Err()
}

// HashesAt is the number of hashes that the engine uses with so many bits per
// key, (0, 1000]: Hashes at BitsPerKey, else by its rule. Others give 0.
func (e Engine) HashesAt(bitsPerKey float64) int {
	if !(bitsPerKey > 0 && bitsPerKey <= maxBitsPerKey) {
		return 0
	}
	if bitsPerKey == e.BitsPerKey {
		return e.Hashes
	}
	switch e.Rule {
	case RuleLevelDB:
		return bloom.LevelDBHashes(int(bitsPerKey))
	case RuleRocksDB:
		return bloom.RocksDBHashes(bitsPerKey)
	case RuleEight:
		return 8
	}
	return bloom.OptimalHashes(bitsPerKey)
}

// Rate is the false-positive rate of the engine's filters with so many bits per
// key, [0, 1000]: its layout, its whole number of hashes, its probing. Without bits
// it is 1.
func (e Engine) Rate(bitsPerKey float64) (float64, error) {
	classes, err := e.Classes([]float64{bitsPerKey})
	return meanRate(classes), err
}

// meanRate is the pass rate of the first run over all kinds of keys.
func meanRate(classes []bloom.KeyClass) float64 {
	sum := 0.0
	for _, c := range classes {
		sum += c.Weight * c.Rates[0]
	}
	return sum
}

// Classes gives [SharedHashRuns] and [LatencyModel] the pass rates of runs with so many
// bits per key each, newest first; 0 is a run without filter, which every lookup
// reads. It is one class where the runs err independently, and one for each kind
// of stride where they share a progression. Set the last run to 0 yourself where
// LastLevelFilters is false.
func (e Engine) Classes(bitsPerKey []float64) ([]bloom.KeyClass, error) {
	v := check.Of(ErrInvalidConfig)
	v.Between("Runs", float64(len(bitsPerKey)), 1, maxRuns, "")
	errs := []error{v.Err()}
	for _, b := range bitsPerKey {
		if b != 0 {
			errs = append(errs, e.validate(b))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if e.Progression && e.Layout == filter.Blocked {
		classes, err := e.strideClasses(bitsPerKey)
		return e.shared(classes), err
	}
	one := bloom.KeyClass{Weight: 1, Rates: make([]float64, len(bitsPerKey))}
	for i, b := range bitsPerKey {
		if b == 0 {
			one.Rates[i] = 1
			continue
		}
		one.Rates[i] = e.plainRate(b)
	}
	return []bloom.KeyClass{one}, nil
}

// strideClasses puts the runs' progressions side by side: the classes are the
// divisors of the line, whatever the number of hashes.
func (e Engine) strideClasses(bitsPerKey []float64) ([]bloom.KeyClass, error) {
	laws := map[int]bloom.Progression{}
	var classes []bloom.KeyClass
	for _, b := range bitsPerKey {
		k := max(e.HashesAt(b), 1)
		law, known := laws[k]
		if !known {
			var err error
			if law, err = bloom.NewProgression(bloom.LineBits, k); err != nil {
				return nil, fmt.Errorf("%w: Engine.Hashes: %w", ErrInvalidConfig, err)
			}
			laws[k] = law
		}
		run, err := law.Classes([]float64{b})
		if err != nil {
			return nil, fmt.Errorf("%w: Engine: %w", ErrInvalidConfig, err)
		}
		if classes == nil {
			classes = make([]bloom.KeyClass, len(run))
		}
		for j, c := range run {
			classes[j].Weight = c.Weight
			classes[j].Rates = append(classes[j].Rates, c.Rates[0])
		}
	}
	return classes, nil
}

// shared merges the classes of runs that do not share a hash.
func (e Engine) shared(classes []bloom.KeyClass) []bloom.KeyClass {
	if e.SharedHash || len(classes) == 0 {
		return classes
	}
	one := bloom.KeyClass{Weight: 1, Rates: make([]float64, len(classes[0].Rates))}
	for _, c := range classes {
		for i, p := range c.Rates {
			one.Rates[i] += c.Weight * p
		}
	}
	return []bloom.KeyClass{one}
}

// plainRate is the rate of one filter whose strides do not matter to others.
func (e Engine) plainRate(b float64) float64 {
	k := e.HashesAt(b)
	switch {
	case e.KeysPerFilter > 0:
		return smallRate(b, e.KeysPerFilter, k)
	case e.Layout == filter.Blocked:
		return bloom.Blocked(b, bloom.LineBits, k, bloom.InnerExact)
	case e.Layout == filter.SplitBlock:
		return bloom.SplitBlock(b)
	}
	return bloom.Classical(b, 1, k)
}

// smallRate is the rate of a filter of a few keys: whole bytes, at least 64 bits.
func smallRate(b float64, keys, hashes int) float64 {
	bits := max(64, uint64(math.Ceil(b*float64(keys)/8))*8)
	return bloom.Exact(bits, uint64(keys), min(hashes, int(bits)))
}
