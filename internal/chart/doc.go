// Package chart draws the figures of this module: a [Figure] says what is
// shown, a [Theme] how it looks, and [Figure.Write] renders both as PNG at
// twice the size (192 DPI), SVG or PDF.
//
// A figure is plain data. It is a title (the finding, a sentence), a subtitle
// (what is plotted), a caption (where it comes from) and one or more panels
// with marks: lines, dots, bars, bands, notes, heat maps. Curves are labelled
// at their ends in their own colour, notes are placed where they cover
// nothing, and there is no legend box.
//
// All sizes are in pixels (px) of the figure at its natural size, 900 px wide
// by default; 1 px is 1/96 inch. Texts may hold ^{...} and _{...} for raised
// and lowered parts, and line breaks.
//
// Rendering never changes a figure and touches no package-level state: the
// same figure and theme give the same bytes in each of the three formats, and
// any number of figures may be rendered at the same time.
package chart
