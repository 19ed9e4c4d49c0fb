//go:build external

package chart

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The vector formats are drawn by programs that share no code with this
// package; the outcome must look like the PNG.

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(t, err, "%s: %s", name, out)
	assert.Empty(t, string(out), name)
}

func decode(t *testing.T, path string) image.Image {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	img, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	return img
}

func rasterise(t *testing.T, f Figure, format string, theme Theme) image.Image {
	t.Helper()
	dir := t.TempDir()
	src := filepath.Join(dir, "a."+format)
	require.NoError(t, f.Save(src, theme))
	if format == "svg" {
		run(t, "rsvg-convert", "-z", "2", "-o", filepath.Join(dir, "a.png"), src)
		return decode(t, filepath.Join(dir, "a.png"))
	}
	run(t, "pdftoppm", "-r", "192", "-png", "-singlefile", src, filepath.Join(dir, "a"))
	return decode(t, filepath.Join(dir, "a.png"))
}

// compare returns the mean absolute difference (0 to 255) and the correlation
// of two pictures; upside tells whether the second is turned upside down.
func compare(a, b image.Image, upside bool) (diff, correlation float64) {
	p, q := rgba(a), rgba(b)
	size := p.Bounds().Size()
	var n, sa, sb, saa, sbb, sab float64
	for y := range size.Y {
		k := y
		if upside {
			k = size.Y - 1 - y
		}
		for i := range 4 * size.X {
			u, v := float64(p.Pix[y*p.Stride+i]), float64(q.Pix[k*q.Stride+i])
			diff += math.Abs(u - v)
			n, sa, sb, saa, sbb, sab = n+1, sa+u, sb+v, saa+u*u, sbb+v*v, sab+u*v
		}
	}
	return diff / n, (sab/n - sa/n*sb/n) / math.Sqrt((saa/n-sa/n*sa/n)*(sbb/n-sb/n*sb/n))
}

func TestVectorFormatsLookLikeThePNG(t *testing.T) {
	for name, f := range gallery() {
		for _, theme := range []Theme{Light(), Dark()} {
			want, err := f.Image(theme)
			require.NoError(t, err)
			for _, format := range []string{"pdf", "svg"} {
				t.Run(name+" "+theme.Name+" "+format, func(t *testing.T) {
					got := rasterise(t, f, format, theme)
					require.Equal(t, want.Bounds().Size(), got.Bounds().Size())
					diff, correlation := compare(want, got, false)
					t.Logf("mean difference %.2f, correlation %.4f", diff, correlation)
					assert.Less(t, diff, 2.0)
					assert.Greater(t, correlation, 0.97)
				})
			}
		}
	}
}

// A heat map that were turned upside down would be noticed.
func TestHeatMapIsNotMirrored(t *testing.T) {
	f := phaseFigure(80)
	want, err := f.Image(Light())
	require.NoError(t, err)
	for _, format := range []string{"pdf", "svg"} {
		got := rasterise(t, f, format, Light())
		diff, correlation := compare(want, got, false)
		mirrored, less := compare(want, got, true)
		assert.Greater(t, mirrored, 10*diff, format)
		assert.Less(t, less, correlation-0.2, format)
	}
}
