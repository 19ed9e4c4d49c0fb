package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/study"
)

func TestReadmeShowsThePicturesThatAreDrawn(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	drawn := map[string]bool{}
	for _, p := range shown() {
		for _, theme := range []string{"light", "dark"} {
			name := p.file(theme)
			drawn[name] = true
			assert.FileExists(t, name)
			assert.True(t, bytes.Contains(readme, []byte(`"examples/gallery/`+name+`"`)), "README.md does not show %s", name)
		}
	}
	there, err := filepath.Glob("*.svg")
	require.NoError(t, err)
	for _, name := range there {
		assert.True(t, drawn[name], "%s is not drawn any more", name)
	}
}

func TestGalleryDraws(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), shown()[:2], []string{"--quick", "--out", dir}, &out, io.Discard))
	assert.Contains(t, out.String(), "4 pictures in ")
	light, err := os.ReadFile(filepath.Join(dir, "livemigration-rounds.svg"))
	require.NoError(t, err)
	dark, err := os.ReadFile(filepath.Join(dir, "livemigration-rounds-dark.svg"))
	require.NoError(t, err)
	assert.Contains(t, string(light), "<svg")
	assert.NotEqual(t, light, dark)
	assert.Equal(t, 2, study.ExitCode(run(t.Context(), nil, []string{"--nonsense"}, io.Discard, io.Discard)))
}
