package bloom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/bloom/filter"
)

func TestReadKeys(t *testing.T) {
	s, err := ReadKeys(strings.NewReader("\xEF\xBB\xBFone\r\ntwo\n\n two\ntwo\r\n\r\none\nlast"))
	require.NoError(t, err)
	assert.Equal(t, uint64(4), s.Distinct()) // one, two, " two", last
	assert.Equal(t, uint64(8), s.Lines)
	assert.Equal(t, uint64(2), s.Empty)
	assert.Equal(t, uint64(2), s.Duplicates)
	for _, key := range []string{"one", "two", " two", "last"} {
		assert.True(t, s.holds(filter.HashBytes([]byte(key))))
	}
	long := strings.Repeat("x", 300000)
	s, err = ReadKeys(strings.NewReader(long + "\n" + long + "y\n" + long + "\r\n"))
	require.NoError(t, err)
	assert.Equal(t, uint64(2), s.Distinct())
	assert.Equal(t, uint64(1), s.Duplicates)
	assert.True(t, s.holds(filter.HashBytes([]byte(long))))

	for _, empty := range []string{"", "\n", "\r\n\n", "\xEF\xBB\xBF\n"} {
		_, err = ReadKeys(strings.NewReader(empty))
		assert.ErrorIs(t, err, ErrInvalidConfig)
		assert.ErrorContains(t, err, "no keys")
	}
	_, err = ReadKeys(io.MultiReader(strings.NewReader("a\n"), strings.NewReader(strings.Repeat("x", 2<<20))))
	assert.ErrorContains(t, err, "line 2 is longer than 1 MiB")
	broken := errors.New("broken disk")
	_, err = ReadKeys(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)))
	assert.ErrorIs(t, err, broken)
}

// Real keys have the exact rate, and duplicates are told.
func TestMeasureKeys(t *testing.T) {
	var text strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&text, "user:%d\r\nuser:%d\r\n", i, i/2)
	}
	set, err := ReadKeys(strings.NewReader(text.String()))
	require.NoError(t, err)
	c := Config{Bits: 10 * set.Distinct(), Keys: set.Distinct(), Hashes: 7, Filters: 40, Queries: 20000, Seed: 1}
	r, err := MeasureKeys(context.Background(), c, set)
	require.NoError(t, err)
	near(t, measuredRate, "keys read from a file, "+filterOf(c.Bits, c.Keys, c.Hashes), r.FPRExact, r.FPRMeasured, standardError(r))
	assert.Zero(t, r.FalseNegatives)
	assert.Equal(t, uint64(2000), r.DuplicateKeys)
	assert.Equal(t, uint64(4000), r.KeyLines)
	assert.Contains(t, fmt.Sprint(r.Warnings), "2000 duplicate keys")
	c.Keys++
	_, err = MeasureKeys(context.Background(), c, set)
	assert.ErrorIs(t, err, ErrInvalidConfig)
	_, err = MeasureKeys(context.Background(), Config{}, KeySet{})
	assert.ErrorIs(t, err, ErrInvalidConfig)
}

// An absent key that happens to be in the set is drawn anew.
func TestAbsentKeysAvoidTheSet(t *testing.T) {
	clash := filter.Hash64(keysOf(1, 0, nil).base + golden)
	set := KeySet{hashes: []uint64{clash}}
	k := keysOf(1, 0, &set)
	assert.Equal(t, filter.Hash64(clash^k.salt), k.present(0))
	assert.Equal(t, filter.Hash64(filter.Hash64(clash)^k.salt), k.absent(0))
	f := must(filter.New(filter.Config{Bits: 1 << 20, Hashes: 20}))
	f.Add(k.present(0))
	assert.False(t, f.Has(k.absent(0)))
}

// Present and absent keys never meet, and keys do not repeat.
func TestKeysAreDisjoint(t *testing.T) {
	seen := map[uint64]bool{}
	k := keysOf(3, 1, nil)
	for i := range uint64(50000) {
		seen[k.present(i)] = true
		seen[k.absent(i)] = true
	}
	assert.Len(t, seen, 100000)
	assert.NotEqual(t, keysOf(3, 2, nil).present(0), k.present(0))
	assert.NotEqual(t, keysOf(4, 1, nil).present(0), k.present(0))
}
