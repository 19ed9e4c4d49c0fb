package chart

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
)

// Formats returns the formats that Write knows.
func Formats() []string { return []string{"png", "svg", "pdf"} }

// Write renders the figure in the format png (192 DPI), svg or pdf. Nothing is
// written if the figure is invalid.
func (f Figure) Write(w io.Writer, format string, t Theme) error {
	var encode func(*page, io.Writer) error
	switch format {
	case "png":
		encode = writePNG
	case "svg":
		encode = writeSVG
	case "pdf":
		encode = writePDF
	default:
		return fmt.Errorf("chart: format %q is not known, want %s", format, strings.Join(Formats(), ", "))
	}
	pg, err := f.compose(t)
	if err != nil {
		return err
	}
	return encode(pg, w)
}

// Save renders the figure into a file; its name's extension is the format. A
// file that exists is replaced only once the new one is complete.
func (f Figure) Save(path string, t Theme) (err error) {
	var buf bytes.Buffer
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if err := f.Write(&buf, format, t); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("chart: save: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if _, err := tmp.Write(buf.Bytes()); err != nil {
		tmp.Close()
		return fmt.Errorf("chart: save: %w", err)
	}
	if err := tmp.Chmod(0o644); err != nil {
		tmp.Close()
		return fmt.Errorf("chart: save: %w", err)
	}
	if err := tmp.Close(); err != nil {
		return fmt.Errorf("chart: save: %w", err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return fmt.Errorf("chart: save: %w", err)
	}
	return nil
}

// Image renders the figure as it is in the PNG, two pixels per px.
func (f Figure) Image(t Theme) (image.Image, error) {
	pg, err := f.compose(t)
	if err != nil {
		return nil, err
	}
	return pg.image(), nil
}

// Plots returns the panels as plots of gonum, for programs that want to draw
// or change them on their own. Title, subtitle, caption and colour bar are
// not part of them.
func (f Figure) Plots(t Theme) ([]*plot.Plot, error) {
	pg, err := f.compose(t)
	if err != nil {
		return nil, err
	}
	out := make([]*plot.Plot, len(pg.panels))
	for i, d := range pg.panels {
		d.plot.BackgroundColor = t.Background
		out[i] = d.plot
	}
	return out, nil
}
