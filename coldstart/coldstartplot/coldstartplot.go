// Package coldstartplot draws the results of the models of coldstart and of its parts. Every function returns a Figure that
// can be changed before it is written.
package coldstartplot

import "cloudconcepts/internal/chart"

// Figure is a picture: write it with Save or Write, as png, svg or pdf.
type Figure = chart.Figure

// Theme is the colours and fonts of a picture.
type Theme = chart.Theme

// Light is dark ink on white.
func Light() Theme { return chart.Light() }

// Dark is light ink on near-black.
func Dark() Theme { return chart.Dark() }

const caption = "cloudconcepts/coldstart"
