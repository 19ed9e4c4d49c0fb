package chart

import (
	"bytes"
	"image"
	"image/color"
	stddraw "image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func gallery() map[string]Figure {
	return map[string]Figure{
		"bloom": bloomFigure(), "migration": migrationFigure(), "timeline": timelineFigure(),
		"phase": phaseFigure(60), "bars": barsFigure(), "multiples": multiplesFigure(),
	}
}

func write(t *testing.T, f Figure, format string, theme Theme) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, f.Write(&out, format, theme))
	return out.Bytes()
}

// Each mark adds something to the picture, in each format and theme.
func TestEachMarkShows(t *testing.T) {
	x, y := []float64{1, 2, 3}, []float64{2, 5, 3}
	grid := Grid{X0: 1, X1: 4, Y0: 1, Y1: 6, Z: [][]float64{{1, 2}, {3, math.NaN()}}}
	full := Grid{X0: 1, X1: 4, Y0: 1, Y1: 6, Z: [][]float64{{1, 2}, {3, 4}}}
	marks := map[string]Mark{
		"line":     Line{X: x, Y: y, Label: "line"},
		"xyer":     Line{XY: plotter.XYs{{X: 1, Y: 2}, {X: 3, Y: 4}}},
		"step":     Line{X: x, Y: y, Step: true, Dash: Dotted, Dots: true},
		"dots":     Dots{X: x, Y: y, Low: []float64{1, 4, 2}, High: []float64{3, 6, 4}},
		"hollow":   Dots{X: x, Y: y, Hollow: true},
		"bars":     Bars{Series: []Series{{Label: "a", Y: []float64{1, 2, 3}}, {Label: "b", Y: []float64{2, 3, 1}, Low: x, High: y}}, Values: Plain},
		"stacked":  Bars{Series: []Series{{Y: []float64{1, 2, 3}}, {Y: []float64{2, 3, 1}}}, Stacked: true},
		"sideways": Bars{Series: []Series{{Y: []float64{1, 2, 3}}}, Horizontal: true},
		"blocks":   Blocks{Items: []Block{{X0: 1, X1: 2, Y: 3, Label: "1"}, {X0: 2, X1: 4, Y0: 1, Y: 2, Text: "x"}}},
		"band":     Band{X: x, Low: []float64{1, 2, 1}, High: y},
		"area":     Area{X: x, Y: y},
		"polygon":  Polygon{X: x, Y: y},
		"span":     Span{From: 1.5, To: 2.5, Text: "event"},
		"hspan":    HSpan{From: 2, To: math.Inf(1), Text: "fits", Edge: true},
		"hline":    HLine{At: 3, Text: "limit"},
		"vline":    VLine{At: 2, Text: "limit", Dash: Dashed},
		"note":     Note{X: 2, Y: 3, Text: "note", Dot: true},
		"text":     Text{X: 2, Y: 3, Text: "region", Detail: "of words"},
		"heat map": HeatMap{Grid: grid, Missing: "none"},
		"steps":    HeatMap{Grid: grid, Steps: true, Ramp: Diverging},
		"contour":  Contour{Grid: full, Levels: []float64{2}, Format: Plain, Color: Ink},
		"custom":   Custom{Plotter: plotter.NewFunction(func(x float64) float64 { return x })},
	}
	for _, theme := range []Theme{Light(), Dark()} {
		empty := small(Text{X: -9})
		without := map[string][]byte{}
		for _, format := range Formats() {
			without[format] = write(t, empty, format, theme)
		}
		page, err := empty.Image(theme)
		require.NoError(t, err)
		for name, mark := range marks {
			for _, format := range Formats() {
				assert.NotEqual(t, without[format], write(t, small(mark), format, theme), "%s in %s %s", name, theme.Name, format)
			}
			img, err := small(mark).Image(theme)
			require.NoError(t, err)
			assert.Greater(t, different(page, img), 60, "%s in %s", name, theme.Name)
		}
	}
}

// small is a small figure with one mark and fixed axes.
func small(m Mark) Figure {
	f := onePanel(Axis{Min: 0.5, Max: 4}, Axis{Min: 0, Max: 7}, m)
	f.Width, f.Height = 240, 180
	return f
}

// different counts the pixels that differ within the bounds of a.
func different(a, b image.Image) (n int) {
	p, q := rgba(a), rgba(b)
	for i := 0; i < len(p.Pix); i += 4 {
		if !bytes.Equal(p.Pix[i:i+4], q.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

// rgba returns a copy of the image with its pixels in one piece.
func rgba(img image.Image) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	stddraw.Draw(out, out.Bounds(), img, img.Bounds().Min, stddraw.Src)
	return out
}

func blank(r image.Rectangle, c color.Color) image.Image {
	out := image.NewRGBA(r)
	stddraw.Draw(out, r, image.NewUniform(c), image.Point{}, stddraw.Src)
	return out
}

// Nothing is cut off at the edges of the picture.
func TestBorderIsEmpty(t *testing.T) {
	for name, f := range gallery() {
		for _, theme := range []Theme{Light(), Dark()} {
			img, err := f.Image(theme)
			require.NoError(t, err)
			b := img.Bounds()
			w, h := f.size()
			assert.Equal(t, image.Pt(int(2*w), int(2*h)), b.Size(), name)
			inked := 0
			for _, edge := range []image.Rectangle{
				image.Rect(0, 0, b.Dx(), 8), image.Rect(0, b.Dy()-8, b.Dx(), b.Dy()),
				image.Rect(0, 0, 8, b.Dy()), image.Rect(b.Dx()-8, 0, b.Dx(), b.Dy()),
			} {
				inked += different(img.(*image.RGBA).SubImage(edge), blank(edge, theme.Background))
			}
			assert.Zero(t, inked, "%s %s", name, theme.Name)
		}
	}
}

// textCanvas remembers where words stand.
type textCanvas struct {
	pencil
	texts []string
	boxes []vg.Rectangle
}

func (c *textCanvas) Stroke(vg.Path)                      {}
func (c *textCanvas) Fill(vg.Path)                        {}
func (c *textCanvas) DrawImage(vg.Rectangle, image.Image) {}
func (c *textCanvas) FillString(f font.Face, at vg.Point, s string) {
	c.texts = append(c.texts, s)
	c.boxes = append(c.boxes, rectAt(at.X, at.Y, f.Width(s), 0.7*f.Font.Size))
}

// No two words overlap, and all stand on the page.
func TestWordsKeepApart(t *testing.T) {
	for name, f := range gallery() {
		pg, err := f.compose(Light())
		require.NoError(t, err)
		c := &textCanvas{pencil: newPencil(matrix{a: 1, d: 1})}
		pg.draw(c)
		require.NotEmpty(t, c.texts)
		for i, a := range c.boxes {
			assert.True(t, a.Min.X >= 0 && a.Min.Y >= 0 && a.Max.X <= pg.w && a.Max.Y <= pg.h, "%s: %q leaves the page", name, c.texts[i])
			assert.Empty(t, onTop(c, i, a), "%s: %q", name, c.texts[i])
		}
	}
}

// onTop returns the words before the i-th that overlap it; the shadow of a
// contour's label, the same words, does not count.
func onTop(c *textCanvas, i int, a vg.Rectangle) (out []string) {
	for k := range i {
		if c.texts[k] != c.texts[i] && overlap(grow(a, -0.3), grow(c.boxes[k], -0.3)) {
			out = append(out, c.texts[k])
		}
	}
	return out
}

// Panels above each other share their left and right edges, panels beside each
// other their top and bottom, and each plot is drawn exactly there.
func TestPanelsAlign(t *testing.T) {
	for name, f := range gallery() {
		pg, err := f.compose(Light())
		require.NoError(t, err)
		cols := f.columns()
		for i, r := range pg.data {
			above, first := pg.data[i%cols], pg.data[i/cols*cols]
			assert.Equal(t, above.Min.X, r.Min.X, name)
			assert.Equal(t, above.Max.X, r.Max.X, name)
			assert.Equal(t, first.Min.Y, r.Min.Y, name)
			assert.Equal(t, first.Max.Y, r.Max.Y, name)
			p := pg.panels[i].plot
			got := p.DataCanvas(draw.Canvas{Rectangle: outer(p, r)})
			for _, d := range []vg.Length{r.Min.X - got.Min.X, r.Max.X - got.Max.X, r.Min.Y - got.Min.Y, r.Max.Y - got.Max.Y} {
				assert.InDelta(t, 0, float64(d), 0.01, name)
			}
		}
	}
}

// The same figure gives the same bytes, also when many are drawn at once.
func TestDeterministicInParallel(t *testing.T) {
	f, heat := timelineFigure(), phaseFigure(40)
	f.Width, f.Height, heat.Width, heat.Height = 500, 400, 450, 300
	want := map[string][2][]byte{}
	for _, format := range Formats() {
		want[format] = [2][]byte{write(t, f, format, Light()), write(t, heat, format, Dark())}
	}
	var wg sync.WaitGroup
	for range 3 {
		for format, bytesOf := range want {
			wg.Go(func() {
				var a, b bytes.Buffer
				assert.NoError(t, f.Write(&a, format, Light()))
				assert.NoError(t, heat.Write(&b, format, Dark()))
				assert.True(t, bytes.Equal(bytesOf[0], a.Bytes()), format)
				assert.True(t, bytes.Equal(bytesOf[1], b.Bytes()), format)
			})
		}
	}
	wg.Wait()
}

// The PNG holds exactly the picture, and the other formats carry no date and
// no font.
func TestFiles(t *testing.T) {
	f := migrationFigure()
	img, err := f.Image(Dark())
	require.NoError(t, err)
	decoded, err := png.Decode(bytes.NewReader(write(t, f, "png", Dark())))
	require.NoError(t, err)
	assert.Zero(t, different(img, decoded))
	svg := string(write(t, phaseFigure(40), "svg", Light()))
	assert.Contains(t, svg, `preserveAspectRatio="none" xlink:href="data:image/png;base64,`)
	assert.NotContains(t, svg, "<text")
	assert.Contains(t, svg, `aria-label="Pre-copy ends only`)
	pdf := string(write(t, f, "pdf", Light()))
	assert.NotContains(t, pdf, "/Font")
	assert.NotContains(t, pdf, "Date")
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	f := onePanel(Axis{}, Axis{}, Line{X: []float64{1, 2}, Y: []float64{1, 2}})
	path := filepath.Join(dir, "a.PNG")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	require.NoError(t, f.Save(path, Light()))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(got), "\x89PNG"))
	require.Error(t, f.Save(filepath.Join(dir, "a.gif"), Light()))
	require.Error(t, f.Save(filepath.Join(dir, "noextension"), Light()))
	require.Error(t, f.Save(filepath.Join(dir, "missing", "a.png"), Light()))
	require.Error(t, Figure{}.Save(path, Light()))
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, got, after, "a failure leaves the file alone")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no temporary files are left")
}

func TestPlotsAndAdjust(t *testing.T) {
	f := migrationFigure()
	f.Panels[1].Adjust = func(p *plot.Plot) { p.X.Label.Text = "adjusted" }
	plots, err := f.Plots(Light())
	require.NoError(t, err)
	require.Len(t, plots, 2)
	assert.Equal(t, "adjusted", plots[1].X.Label.Text)
	c := &textCanvas{pencil: newPencil(matrix{a: 1, d: 1})}
	plots[1].Draw(draw.NewCanvas(c, 400, 200))
	assert.Contains(t, c.texts, "adjusted")
	assert.Contains(t, c.texts, "Still dirty after the round (MiB, log scale)")
}
