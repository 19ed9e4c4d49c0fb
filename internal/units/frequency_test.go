package units_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/units"
)

func TestFrequency(t *testing.T) {
	for text, want := range map[string]float64{"200/s": 200, "0.8/s": 0.8, "0.8": 0.8, "30/min": 0.5, "3600/h": 1, "86400/d": 1, "5k/s": 5000, " 1 /s": 1} {
		got, err := units.ParseFrequency(text)
		require.NoError(t, err, text)
		assert.InEpsilon(t, want, got, 1e-15, text)
	}
	for _, text := range []string{"", "/s", "-1/s", "NaN", "1/y", "1e400/s", "1 s"} {
		_, err := units.ParseFrequency(text)
		assert.Error(t, err, text)
	}
	for f, want := range map[float64]string{1200: "1,200/s", 0.8: "0.8/s", 0.05: "3/min", 0.001: "3.6/h", 1e-5: "0.864/d", 0: "0/s"} {
		assert.Equal(t, want, units.FormatFrequency(f))
	}
	assert.Equal(t, "infinite", units.FormatFrequency(math.Inf(1)))
	assert.Equal(t, "0.8/s", units.FrequencyText(0.8))
}
