package kinesis

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

func checkInvariants(t testing.TB, r Result) {
	t.Helper()
	require.Equal(t, r.Offered, r.Written+r.Rejected)
	require.Equal(t, r.Written*int64(r.Config.Consumers), r.Delivered+r.Behind)
	require.GreaterOrEqual(t, min(r.Behind, r.Rejected, r.Delivered), int64(0))
	seconds := r.Config.Duration.Seconds()
	shards := float64(r.Config.Shards)
	require.LessOrEqual(t, float64(r.Written), shards*WriteRecords*(seconds+1))
	size := float64(r.Config.RecordBytes)
	require.LessOrEqual(t, float64(r.Written)*size, shards*(WriteBytes*seconds+max(WriteBytes, size)))
	require.LessOrEqual(t, float64(r.Calls+r.RefusedCalls), shards*(ReadCalls*seconds+float64(r.Config.Consumers)))
	require.LessOrEqual(t, r.IteratorAgeMax, seconds)
}

func TestEveryBadFieldAtOnce(t *testing.T) {
	err := Config{Rate: math.NaN(), Push: law.Const(-1)}.Validate()
	require.ErrorIs(t, err, ErrInvalidConfig)
	for _, field := range []string{"Rate", "RecordBytes", "Keys", "Shards", "Consumers", "Duration", "Push"} {
		assert.ErrorContains(t, err, "kinesis: invalid config: "+field+" = ")
	}
}
