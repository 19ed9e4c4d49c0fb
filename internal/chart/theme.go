package chart

import (
	"fmt"
	"image/color"
	"math"
)

// Theme holds the colours of a rendered figure. Take [Light] or [Dark] and
// change what should differ.
type Theme struct {
	Name       string     // as ThemeByName knows it
	Background color.RGBA // the page
	Ink        color.RGBA // title, notes
	Soft       color.RGBA // subtitle, axis names, tick labels
	Faint      color.RGBA // caption
	Grid       color.RGBA // grid lines
	Axis       color.RGBA // the x axis and its ticks
	Missing    color.RGBA // cells of a heat map without a value

	// The eight named colours of the marks.
	Blue, Vermillion, Green, Purple, Orange, Sky, Gray, Red color.RGBA
}

// Color is the role of a colour; the theme says what it looks like.
type Color int

// The roles. Auto, the zero value, leaves the choice to the mark: the palette
// in order for lines, dots and bars, ink for notes, gray for rules.
const (
	Auto Color = iota
	Blue
	Vermillion
	Green
	Purple
	Orange
	Sky
	Gray
	Red
	Ink
	Soft
	Faint
	Background
)

// Light is the theme on white.
func Light() Theme {
	return Theme{
		Name:       "light",
		Background: hex(0xFFFFFF),
		Ink:        hex(0x1A1D23),
		Soft:       hex(0x545B67),
		Faint:      hex(0x868D98),
		Grid:       hex(0xE4E7EB),
		Axis:       hex(0x8E98A4),
		Missing:    hex(0xEBECF0),
		Blue:       hex(0x0072B2),
		Vermillion: hex(0xD55E00),
		Green:      hex(0x009E73),
		Purple:     hex(0xCC79A7),
		Orange:     hex(0xE69F00),
		Sky:        hex(0x56B4E9),
		Gray:       hex(0x7A828E),
		Red:        hex(0xB3261E),
	}
}

// Dark is the theme on near-black.
func Dark() Theme {
	return Theme{
		Name:       "dark",
		Background: hex(0x0D1117),
		Ink:        hex(0xF0F3F6),
		Soft:       hex(0xA9B1BC),
		Faint:      hex(0x747C88),
		Grid:       hex(0x262C34),
		Axis:       hex(0x6B7480),
		Missing:    hex(0x21262E),
		Blue:       hex(0x56B4E9),
		Vermillion: hex(0xF0813A),
		Green:      hex(0x2BC79A),
		Purple:     hex(0xE39AC2),
		Orange:     hex(0xF2B632),
		Sky:        hex(0x9AD2F6),
		Gray:       hex(0x98A1AD),
		Red:        hex(0xFF7B72),
	}
}

// ThemeByName returns the theme called light or dark.
func ThemeByName(name string) (Theme, error) {
	for _, t := range []Theme{Light(), Dark()} {
		if t.Name == name {
			return t, nil
		}
	}
	return Theme{}, fmt.Errorf("chart: theme %q is not known, want light or dark", name)
}

// Resolve returns the colour that the role has in this theme.
func (t Theme) Resolve(c Color) color.RGBA {
	switch c {
	case Blue:
		return t.Blue
	case Vermillion:
		return t.Vermillion
	case Green:
		return t.Green
	case Purple:
		return t.Purple
	case Orange:
		return t.Orange
	case Sky:
		return t.Sky
	case Gray:
		return t.Gray
	case Red:
		return t.Red
	case Soft:
		return t.Soft
	case Faint:
		return t.Faint
	case Background:
		return t.Background
	default:
		return t.Ink
	}
}

// text returns the colour of the role for words on the background: bright
// colours are moved towards the ink until they can be read.
func (t Theme) text(c Color) color.RGBA {
	rgb := t.Resolve(c)
	if c == Background {
		return rgb
	}
	for i := 0; i < 20 && contrast(rgb, t.Background) < 3; i++ {
		rgb = mix(rgb, t.Ink, 0.06)
	}
	return rgb
}

// on returns the colour of words on a filled shape of colour c.
func (t Theme) on(c color.RGBA) color.RGBA {
	white, black := hex(0xFFFFFF), hex(0x14171C)
	if contrast(c, white) >= 2.9 {
		return white
	}
	return black
}

func hex(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// alpha returns the colour with the opacity a (0 to 1), not premultiplied, so
// that each canvas sees the colour itself.
func alpha(c color.RGBA, a float64) color.NRGBA {
	return color.NRGBA{R: c.R, G: c.G, B: c.B, A: uint8(math.Round(255 * a))}
}

// mix moves colour a towards b by the share s.
func mix(a, b color.RGBA, s float64) color.RGBA {
	m := func(x, y uint8) uint8 {
		return uint8(math.Round(float64(x) + (float64(y)-float64(x))*s))
	}
	return color.RGBA{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B), A: 255}
}

// contrast is the WCAG contrast ratio of two colours, 1 to 21.
func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}
