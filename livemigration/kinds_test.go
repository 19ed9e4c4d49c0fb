package livemigration_test

import (
	"encoding"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "cloudconcepts/livemigration"
)

// What MarshalText writes, UnmarshalText reads; it refuses anything else.
func TestKindsAsText(t *testing.T) {
	var (
		strategy Strategy
		switched SwitchOver
		outcome  Outcome
	)
	for _, c := range []struct {
		kind encoding.TextMarshaler
		back encoding.TextUnmarshaler
		read func() encoding.TextMarshaler
		text string
	}{
		{PreCopy, &strategy, func() encoding.TextMarshaler { return strategy }, "precopy"},
		{Offline, &strategy, func() encoding.TextMarshaler { return strategy }, "offline"},
		{RoundBased, &switched, func() encoding.TextMarshaler { return switched }, "rounds"},
		{Drain, &switched, func() encoding.TextMarshaler { return switched }, "drain"},
		{Converged, &outcome, func() encoding.TextMarshaler { return outcome }, "converged"},
		{Diverged, &outcome, func() encoding.TextMarshaler { return outcome }, "diverged"},
	} {
		text, err := c.kind.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, c.text, string(text))
		require.NoError(t, c.back.UnmarshalText(text))
		assert.Equal(t, c.kind, c.read())
		assert.ErrorContains(t, c.back.UnmarshalText([]byte("nonsense")), c.text)
		assert.Equal(t, c.kind, c.read(), "an error changes nothing")
	}
	assert.Equal(t, "mirror", Mirror.String())
	assert.Equal(t, "post-copy", ToPostCopy.String())
	assert.Equal(t, "invalid", Decision(99).String())
}
