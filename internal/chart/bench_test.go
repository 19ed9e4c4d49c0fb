package chart

import (
	"io"
	"testing"
)

func benchmarkWrite(b *testing.B, f Figure, format string) {
	b.ReportAllocs()
	for b.Loop() {
		if err := f.Write(io.Discard, format, Light()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLinesPNG(b *testing.B) { benchmarkWrite(b, bloomFigure(), "png") }
func BenchmarkLinesSVG(b *testing.B) { benchmarkWrite(b, bloomFigure(), "svg") }
func BenchmarkLinesPDF(b *testing.B) { benchmarkWrite(b, bloomFigure(), "pdf") }

func BenchmarkLinesImage(b *testing.B) {
	f := bloomFigure()
	for b.Loop() {
		if _, err := f.Image(Light()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHeatMap512PNG(b *testing.B) { benchmarkWrite(b, phaseFigure(512), "png") }
func BenchmarkHeatMap512PDF(b *testing.B) { benchmarkWrite(b, phaseFigure(512), "pdf") }
