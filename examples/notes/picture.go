package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"strings"
)

// picture shows the light or the dark picture, as the reader's system asks for. The browser decodes it when the reader
// comes near it.
func (e entry) picture() string {
	light, dark := e.smaller("light"), e.smaller("dark")
	if light == "" || dark == "" {
		return ""
	}
	size := ""
	if p, err := png.DecodeConfig(bytes.NewReader(e.files[picture("light", "png")])); err == nil {
		size = fmt.Sprintf(` width="%d" height="%d"`, p.Width/2, p.Height/2)
	}
	return fmt.Sprintf("<div class=\"figure\" tabindex=\"0\" role=\"group\" aria-label=\"picture\"><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"%s\">\n"+
		"<img src=\"%s\" alt=\"%s\"%s loading=\"lazy\" decoding=\"async\"></picture></div>\n",
		dark, light, template.HTMLEscapeString(e.study.Question), size)
}

// smaller is the smaller one of the PNG and the SVG picture as a data URI. An SVG inside an image keeps its ids to
// itself, so those of several pictures cannot clash.
func (e entry) smaller(theme string) string {
	bitmap, vector := e.files[picture(theme, "png")], e.files[picture(theme, "svg")]
	if len(bitmap) == 0 {
		return ""
	}
	coded, plain := base64.StdEncoding.EncodeToString(bitmap), uriText(string(vector))
	if len(vector) == 0 || len(coded) < len(plain) {
		return "data:image/png;base64," + coded
	}
	return "data:image/svg+xml;charset=utf-8," + plain
}

// uriText writes an SVG for browsers as the text of a URI inside an HTML attribute, in which blanks end an address. It is
// a third shorter than base64. Quotation marks become single ones, of which our pictures have none.
func uriText(svg string) string {
	return strings.NewReplacer("%", "%25", "#", "%23", "&", "&amp;", `"`, "'", " ", "%20", "\n", "", ` xmlns:xlink="http://www.w3.org/1999/xlink"`, "", "xlink:href", "href").Replace(svg)
}
