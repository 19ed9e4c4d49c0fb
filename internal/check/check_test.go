package check

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/law"
)

var errInvalid = errors.New("fake: invalid config")

func TestEverythingIsSaid(t *testing.T) {
	v := Of(errInvalid)
	v.Between("Share", math.NaN(), 0, 1, "")
	v.Above("Rate", 0, 0, 1e9, " 1/s")
	v.Bytes("Memory", -1, 0, 10)
	v.Span("Timeout", -time.Second, 0, time.Hour)
	v.Law("Service", law.Exp(-1), 0, time.Hour)
	v.Law("Delay", law.Exp(2*time.Hour), 0, time.Hour)
	Count(&v, "Servers", 0, 1, 5)
	v.Add("Kind = %d", 7)
	assert.False(t, v.OK())
	err := v.Err()
	require.ErrorIs(t, err, errInvalid)
	for _, want := range []string{
		"fake: invalid config: Share = NaN, want in [0, 1]", "Rate = 0, want in (0, 1e+09] 1/s", "Memory = -1, want in [0, 10] bytes",
		"Timeout = -1s, want in [0s, 1h0m0s]", "Service = exp:-1ns: negative time", "Delay = exp:2h, want a mean in [0s, 1h0m0s]",
		"Servers = 0, want in [1, 5]", "Kind = 7",
	} {
		assert.ErrorContains(t, err, want)
	}
}

func TestNothingIsWrong(t *testing.T) {
	v := Of(errInvalid)
	v.Between("a", 0, 0, 1, "")
	v.Above("b", 1, 0, 1, "")
	v.Bytes("c", 10, 0, 10)
	v.Span("d", time.Hour, 0, time.Hour)
	v.Law("e", law.Law{}, 0, time.Hour)
	Count(&v, "f", uint8(1), 1, 5)
	assert.True(t, v.OK())
	assert.NoError(t, v.Err())
}
