package bloom

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Presets are complete, and their number of hashes is what their rule says.
func TestReadsEngines(t *testing.T) {
	for _, e := range Engines() {
		t.Run(e.Name, func(t *testing.T) {
			assert.NotEmpty(t, e.Source)
			rate, err := e.Rate(e.BitsPerKey)
			require.NoError(t, err)
			assert.True(t, rate > 0.005 && rate < 0.02, "%g", rate)
			for _, b := range []float64{0, -1, math.NaN(), math.Inf(1), 1e300} {
				_, err := e.Rate(b)
				if b != 0 {
					require.ErrorIs(t, err, ErrInvalidConfig)
				}
			}
			_, err = json.Marshal(e)
			require.NoError(t, err)
		})
	}
	hashes := published("hashes of the engine presets", "RocksDB, util/bloom_impl.h; Pebble v2.1.7, bloom/bloom.go: 0.69 b", "")
	for _, c := range []struct {
		engine  Engine
		b, want int
	}{{RocksDB(), 10, 6}, {RocksDB(), 14, 8}, {RocksDB(), 16, 9}, {RocksDB(), 20, 11}, {Pebble(), 20, 13}} {
		hashes.Within(t, fmt.Sprintf("%s, %d bits per key", c.engine.Name, c.b), float64(c.want), float64(c.engine.HashesAt(float64(c.b))), 0)
	}
	assert.False(t, Pebble().LastLevelFilters)
	blockedExact.Relative(t, "the RocksDB preset, 16 bits per key", 0.000844, readsRate(t, RocksDB(), 16), 0.002) // RocksDB: 0.0843 %
}

func readsRate(t *testing.T, e Engine, b float64) float64 {
	t.Helper()
	rate, err := e.Rate(b)
	require.NoError(t, err)
	return rate
}

// Counts add up, equal configurations give equal results, seeds differ, a run without
// filter is always read, and a cancelled context ends it.
func TestReadsSimulationConserves(t *testing.T) {
	c := ReadConfig{Layout: BlockedLayout, Lookups: 70_000, Seed: 5, Runs: []RunFilter{{2000, 6, 4}, {3000, 0, 0}, {9000, 3, 2}}}
	for _, present := range []bool{false, true} {
		c.Present = present
		r, err := SimulateReads(context.Background(), c)
		require.NoError(t, err)
		var lookups, reads, passes int64
		for j, n := range r.Reads {
			lookups += n
			reads += int64(j) * n
		}
		for _, n := range r.Passes {
			passes += n
		}
		assert.EqualValues(t, c.Lookups, lookups)
		assert.Equal(t, reads, passes)
		assert.EqualValues(t, c.Lookups, r.Passes[1])
		assert.Zero(t, r.FalseNegatives)
		if present {
			assert.EqualValues(t, c.Lookups, r.Passes[2])
		}
		again, err := SimulateReads(context.Background(), c)
		require.NoError(t, err)
		assert.Equal(t, r, again)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := SimulateReads(ctx, c)
	require.ErrorIs(t, err, context.Canceled)
}

// Bad input: every field is named, all at once.
func TestReadsBadInput(t *testing.T) {
	err := Tree{SizeRatio: math.NaN(), Levels: -1, Keys: math.Inf(1), Policy: 9}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"SizeRatio", "Levels", "Keys", "Policy"} {
		assert.ErrorContains(t, err, "Tree."+field)
	}
	_, err = SimulateReads(context.Background(), ReadConfig{Runs: []RunFilter{{1e8, 1000, 7}}, Lookups: 1})
	require.ErrorIs(t, err, ErrInvalidConfig)
	assert.ErrorContains(t, err, "bits of all filters")
	for i, x := range []float64{0, math.NaN(), math.Inf(1), -1, 1e300, 5e-324, math.MaxInt64} {
		name := fmt.Sprintf("value %d", i)
		_, err := (MemorySplit{Total: x, EntryBytes: x, Runs: int(int32(i - 3)), Absent: x, Present: x}).Cost(x)
		require.ErrorIs(t, err, ErrInvalidConfig, name)
		_, err = NewProgression(int(int64(min(max(x, -1), 1e9))), 6)
		require.ErrorIs(t, err, ErrInvalidConfig, name)
		_, err = Allocate([]Run{{Keys: 1, Rate: 1, ReadSeconds: 1}}, x+2000, MonkeyBits)
		require.ErrorIs(t, err, ErrInvalidConfig, name)
		_, err = IndependentRuns([]float64{x - 2})
		require.ErrorIs(t, err, ErrInvalidConfig, name)
		_, err = NewLatency(LatencyModel{Fill: x})
		require.ErrorIs(t, err, ErrInvalidConfig, name)
	}
	nowhere(t, CliffRate(0, .99), CliffRate(5, 1), MonkeyThreshold(1), MonkeyRate(1.9, 8, Levelling), MonkeyRate(4, -1, Levelling), MonkeyRate(4, 8, LazyLevelling),
		PresentReads(nil, nil), PresentReads([]float64{.1}, []float64{1, 1}), PresentReads([]float64{1.1}, []float64{1}), PresentReads([]float64{.1}, []float64{0}),
		FilterGain(1.1, .01, 1, 0, 0), FilterGain(.5, -.01, 1, 0, 0), FilterGain(.5, .01, 1, math.NaN(), 0), FilterBreakEven(.01, 2e6, 0, 0), FilterBreakEven(.01, 1, 0, -1))
	assert.Zero(t, TreeLevels(0, 1, 1, 2))
	assert.Zero(t, TreeLevels(1, 1, 0, 2))
	assert.Zero(t, TreeLevels(1, 1, 1, math.NaN()))
}

// Runs of different numbers of hashes share their classes of strides.
func TestReadsMixedHashes(t *testing.T) {
	classes, err := Pebble().Classes([]float64{10, 0, 14})
	require.NoError(t, err)
	for i, b := range map[int]float64{0: 10, 2: 14} {
		alone, err := Pebble().Classes([]float64{b})
		require.NoError(t, err)
		for j := range classes {
			assert.Equal(t, alone[j].Rates[0], classes[j].Rates[i])
			assert.Equal(t, 1.0, classes[j].Rates[1])
		}
	}
}
