package enum

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type kind uint8

func TestNames(t *testing.T) {
	names := []string{"standard", "fifo"}
	var k kind
	require.NoError(t, Parse(&k, []byte("fifo"), "fake: kind", names))
	assert.Equal(t, kind(1), k)
	assert.Equal(t, "fifo", Name(k, names))
	assert.Equal(t, "invalid", Name(kind(2), names))
	assert.Equal(t, "invalid", Name(-1, names))
	err := Parse(&k, []byte("fair"), "fake: kind", names)
	assert.EqualError(t, err, `fake: kind "fair", want one of standard, fifo`)
	assert.Equal(t, kind(1), k, "left alone")
}
