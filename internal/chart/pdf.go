package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"io"
	"unicode/utf16"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// pdfCanvas writes a page of PDF 1.4. Text is drawn as the outlines of its
// glyphs; there is no date and no random name in the file.
type pdfCanvas struct {
	pencil
	content  bytes.Buffer
	alphas   []uint8    // opacities in use; /A0, /A1, ... in the page
	images   []pdfImage // /I0, /I1, ...
	drawn    state      // the state that the page has at this point
	hasDrawn bool
}

func writePDF(pg *page, w io.Writer) error {
	c := &pdfCanvas{pencil: newPencil(matrix{a: 1, d: 1})}
	c.content.WriteString("1 j 0 J\n")
	pg.background(c)
	pg.draw(c)
	f := newPDFFile()
	catalog, pages, page, info := f.reserve(), f.reserve(), f.reserve(), f.reserve()
	content := f.stream("", compress(func(w io.Writer) { _, _ = w.Write(c.content.Bytes()) }))
	var resources bytes.Buffer
	resources.WriteString("/ExtGState <<")
	for i, a := range c.alphas {
		n := f.object(fmt.Sprintf("<< /Type /ExtGState /ca %.4f /CA %.4f >>", float64(a)/255, float64(a)/255))
		fmt.Fprintf(&resources, " /A%d %d 0 R", i, n)
	}
	resources.WriteString(" >> /XObject <<")
	for i, img := range c.images {
		fmt.Fprintf(&resources, " /I%d %d 0 R", i, img.write(f))
	}
	resources.WriteString(" >>")
	f.set(catalog, fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R >>", pages))
	f.set(pages, fmt.Sprintf("<< /Type /Pages /Kids [%d 0 R] /Count 1 >>", page))
	f.set(page, fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %g %g] /Contents %d 0 R /Resources << %s >> >>",
		pages, float64(pg.w), float64(pg.h), content, resources.Bytes()))
	f.set(info, fmt.Sprintf("<< /Title %s /Subject %s >>", pdfText(pg.figure.Title), pdfText(pg.figure.Subtitle)))
	_, err := w.Write(f.bytes(catalog, info))
	return err
}

// pdfText writes a string of any characters.
func pdfText(s string) string {
	var b bytes.Buffer
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}

// pdfPath writes a path into the page.
type pdfPath struct{ b []byte }

func (p *pdfPath) put(op string, vs ...float64) {
	for _, v := range vs {
		p.b = append(number(p.b, v), ' ')
	}
	p.b = append(append(p.b, op...), '\n')
}

func (p *pdfPath) move(x, y float64)             { p.put("m", x, y) }
func (p *pdfPath) line(x, y float64)             { p.put("l", x, y) }
func (p *pdfPath) cube(a, b, c, d, x, y float64) { p.put("c", a, b, c, d, x, y) }
func (p *pdfPath) close()                        { p.put("h") }

// use writes what the state of the page lacks for the next shape.
func (c *pdfCanvas) use(line bool) {
	if !c.hasDrawn || c.drawn.color != c.color {
		r, g, b := float64(c.color.R)/255, float64(c.color.G)/255, float64(c.color.B)/255
		fmt.Fprintf(&c.content, "/A%d gs %.4g %.4g %.4g rg %.4g %.4g %.4g RG\n", c.alpha(c.color.A), r, g, b, r, g, b)
		c.drawn.color, c.hasDrawn = c.color, true
	}
	if !line {
		return
	}
	factor := c.m.factor()
	c.content.Write(append(number(nil, float64(c.width)*factor), " w ["...))
	for i, d := range c.dashes {
		if i > 0 {
			c.content.WriteByte(' ')
		}
		c.content.Write(number(nil, float64(d)*factor))
	}
	c.content.Write(append(number([]byte("] "), float64(c.offset)*factor), " d\n"...))
}

func (c *pdfCanvas) alpha(a uint8) int {
	for i, known := range c.alphas {
		if known == a {
			return i
		}
	}
	c.alphas = append(c.alphas, a)
	return len(c.alphas) - 1
}

// Stroke draws a line along a path.
func (c *pdfCanvas) Stroke(path vg.Path) {
	if c.width <= 0 || len(path) == 0 {
		return
	}
	c.use(true)
	var p pdfPath
	c.walk(path, &p)
	c.content.Write(append(p.b, "S\n"...))
}

// Fill fills a path.
func (c *pdfCanvas) Fill(path vg.Path) {
	if len(path) == 0 {
		return
	}
	c.use(false)
	var p pdfPath
	c.walk(path, &p)
	c.content.Write(append(p.b, "f\n"...))
}

// FillString fills the outlines of a text.
func (c *pdfCanvas) FillString(f font.Face, at vg.Point, txt string) {
	if f.Font.Size > 0 {
		c.Fill(outlines(f, at, txt))
	}
}

// DrawImage places an image, stretched to the rectangle.
func (c *pdfCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	c.SetColor(color.Black)
	c.use(false)
	m := c.m.then(matrix{
		a: float64(r.Max.X - r.Min.X), d: float64(r.Max.Y - r.Min.Y),
		e: float64(r.Min.X), f: float64(r.Min.Y),
	})
	fmt.Fprintf(&c.content, "q %.6g %.6g %.6g %.6g %.6g %.6g cm /I%d Do Q\n", m.a, m.b, m.c, m.d, m.e, m.f, len(c.images))
	c.images = append(c.images, newPDFImage(img))
}

// pdfFile collects the objects of a file.
type pdfFile struct {
	objects []string // object n is at n-1
}

func newPDFFile() *pdfFile { return &pdfFile{} }

func (f *pdfFile) reserve() int {
	f.objects = append(f.objects, "")
	return len(f.objects)
}

func (f *pdfFile) set(n int, body string) { f.objects[n-1] = body }

func (f *pdfFile) object(body string) int {
	n := f.reserve()
	f.set(n, body)
	return n
}

// stream adds compressed data with the entries of its dictionary.
func (f *pdfFile) stream(dict string, z []byte) int {
	return f.object(fmt.Sprintf("<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", dict, len(z), z))
}

func (f *pdfFile) bytes(catalog, info int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n")
	starts := make([]int, len(f.objects))
	for i, o := range f.objects {
		starts[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(starts)+1)
	for _, s := range starts {
		fmt.Fprintf(&b, "%010d 00000 n \n", s)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(starts)+1, catalog, info, xref)
	return b.Bytes()
}
