package chart

import (
	"bytes"
	"compress/zlib"
	"io"
)

// packing is the level of compression: half way between speed and size.
const packing = 4

// raster is an image as rows of samples.
type raster interface {
	stride() int // bytes in a row
	rows() int
	row(y int, to []byte)
}

// plain is a raster that lies in memory row by row.
type plain struct {
	samples []byte
	width   int // bytes in a row
}

func (p plain) stride() int          { return p.width }
func (p plain) rows() int            { return len(p.samples) / p.width }
func (p plain) row(y int, to []byte) { copy(to, p.samples[y*p.width:]) }

// deflate compresses a raster. Each row is written as its difference to the
// row above, which packs far better (filter 2 of PNG, predictor 12 of PDF).
func deflate(r raster) []byte {
	return compress(func(w io.Writer) {
		n := r.stride()
		above, row, line := make([]byte, n), make([]byte, n), make([]byte, n+1)
		line[0] = 2
		for y := range r.rows() {
			r.row(y, row)
			for i, v := range row {
				line[i+1] = v - above[i]
			}
			_, _ = w.Write(line)
			above, row = row, above
		}
	})
}

// compress returns what is written, in the zlib format. Writing to memory does
// not fail.
func compress(write func(io.Writer)) []byte {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, packing)
	if err != nil {
		panic(err) // the level is a valid constant
	}
	write(w)
	_ = w.Close()
	return out.Bytes()
}
