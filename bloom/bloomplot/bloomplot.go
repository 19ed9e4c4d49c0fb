// Package bloomplot draws the results of package bloom.
//
// Each function returns a Figure: plain data that can be changed (titles,
// colours, marks, size) and then written as PNG, SVG or PDF in a light or a
// dark theme.
package bloomplot

import "cloudconcepts/internal/chart"

// Figure is a picture that can be restyled and saved.
type Figure = chart.Figure

// Theme is the colours of a picture.
type Theme = chart.Theme

// Light is the theme on white.
func Light() Theme { return chart.Light() }

// Dark is the theme on near-black.
func Dark() Theme { return chart.Dark() }

const caption = "cloudconcepts/bloom"
