package bloom

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom/filter"
)

// All wrong fields are told in one error, before anything is allocated.
func TestConfigErrors(t *testing.T) {
	good := Config{Bits: 1000, Keys: 100, Hashes: 7, Filters: 1, Queries: 10}
	require.NoError(t, good.Validate())
	err := Config{Filters: -1, Queries: math.MinInt}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Bits = 0", "Keys = 0", "Hashes = 0", "Filters = -1", "Queries = -9"} {
		assert.ErrorContains(t, err, field)
	}
	for want, change := range map[string]func(*Config){
		"limit is 2 GiB":      func(c *Config) { c.Bits = 1 << 35 },
		"at most Bits = 5":    func(c *Config) { c.Bits = 5 },
		"Hashes = 65":         func(c *Config) { c.Hashes = 65 },
		"want 8":              func(c *Config) { c.Layout = filter.SplitBlock },
		"Layout = 9":          func(c *Config) { c.Layout = 9 },
		"Scheme = -1":         func(c *Config) { c.Scheme = -1 },
		"only the split":      func(c *Config) { c.Scheme = filter.Salted },
		"Keys = 184467440737": func(c *Config) { c.Keys = math.MaxUint64 },
		"Queries = 922337203": func(c *Config) { c.Queries = math.MaxInt },
		"probes, want":        func(c *Config) { c.Filters, c.Queries = 1e6, 1e10 },
		"Distinct = 0":        func(c *Config) { c.Absent, c.Zipf = Repeated, 2 },
		"Zipf = NaN":          func(c *Config) { c.Absent, c.Distinct, c.Zipf = Repeated, 3, math.NaN() },
		"Zipf = 1.0000":       func(c *Config) { c.Absent, c.Distinct, c.Zipf = Repeated, 3, 1.0000000000000002 },
		"Overlap = +Inf":      func(c *Config) { c.Absent, c.Overlap = Overlapping, math.Inf(1) },
		"Absent = 7":          func(c *Config) { c.Absent = 7 },
	} {
		c := good
		change(&c)
		err := c.Validate()
		assert.ErrorIs(t, err, ErrInvalidConfig)
		assert.ErrorContains(t, err, want)
		_, again := Measure(context.Background(), c)
		assert.Equal(t, err, again)
	}
}

func TestAbsentKeysNames(t *testing.T) {
	for a := Fresh; a <= Overlapping; a++ {
		var back AbsentKeys
		require.NoError(t, back.UnmarshalText([]byte(a.String())))
		assert.Equal(t, a, back)
	}
	var a AbsentKeys
	err := a.UnmarshalText([]byte("no"))
	assert.ErrorIs(t, err, ErrInvalidConfig)
	assert.EqualError(t, err, `bloom: invalid config: absent keys "no", want one of fresh, repeated, overlapping`)
}
