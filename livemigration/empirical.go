package livemigration

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"

	"cloudconcepts/internal/check"
)

// CurvePoint is a measured point of a dirty curve.
type CurvePoint struct {
	Seconds float64 `json:"t_s"`          // time since the pages were clean, > 0
	Bytes   float64 `json:"unique_bytes"` // unique bytes dirtied since then
}

// Empirical is a measured dirty curve: straight lines between its points. It
// goes on to the left of the first point with the slope of the first segment
// (but not below 0), and to the right of the last with the slope of the last
// segment, up to Limit. These are the rules of Gudkov's predictor (qemu-devel,
// 27 April 2023, "Migration time prediction using calc-dirty-rate").
type Empirical struct {
	Points []CurvePoint `json:"points"`      // at least 2, sorted by strictly rising time, bytes never falling
	Limit  int64        `json:"limit_bytes"` // bytes; the most that can be dirty, usually the guest's non-zero memory
}

// Unique implements DirtyCurve.
func (e Empirical) Unique(t float64) float64 {
	if t <= 0 || len(e.Points) < 2 {
		return 0
	}
	i := sort.Search(len(e.Points), func(i int) bool { return e.Points[i].Seconds >= t })
	i = min(max(i, 1), len(e.Points)-1)
	a, b := e.Points[i-1], e.Points[i]
	v := a.Bytes + (b.Bytes-a.Bytes)*(t-a.Seconds)/(b.Seconds-a.Seconds)
	return math.Min(math.Max(v, 0), float64(e.Limit))
}

// Max implements DirtyCurve.
func (e Empirical) Max() float64 { return float64(e.Limit) }

// String names the workload for a legend.
func (e Empirical) String() string {
	return fmt.Sprintf("dirty curve measured at %d points", len(e.Points))
}

// Integral is the integral of Unique from 0 to t, in byte seconds.
func (e Empirical) Integral(t float64) float64 {
	sum, at, u := 0.0, 0.0, e.Unique(math.SmallestNonzeroFloat64)
	for _, knot := range e.knots() {
		end := math.Min(knot, t)
		if end <= at {
			continue
		}
		v := e.Unique(end)
		sum += (u + v) / 2 * (end - at)
		at, u = end, v
	}
	return sum + (t-at)*e.Unique(t)
}

// knots are the times where the curve bends, its saturation included.
func (e Empirical) knots() []float64 {
	knots := make([]float64, 0, len(e.Points)+2)
	n := len(e.Points)
	first, last := e.Points[0], e.Points[n-1]
	if slope := (e.Points[1].Bytes - first.Bytes) / (e.Points[1].Seconds - first.Seconds); slope > 0 {
		if zero := first.Seconds - first.Bytes/slope; zero > 0 {
			knots = append(knots, zero)
		}
	}
	for _, p := range e.Points {
		knots = append(knots, p.Seconds)
	}
	if slope := (last.Bytes - e.Points[n-2].Bytes) / (last.Seconds - e.Points[n-2].Seconds); slope > 0 {
		knots = append(knots, last.Seconds+(float64(e.Limit)-last.Bytes)/slope)
	} else {
		knots = append(knots, math.Inf(1))
	}
	return knots
}

// ReadCurve reads an empirical curve from CSV with two columns, seconds and
// bytes. A first line that is no pair of numbers is taken for a header, lines
// that start with # are skipped. limit is the curve's Limit in bytes. Errors
// wrap ErrInvalidConfig and name the line.
func ReadCurve(r io.Reader, limit int64) (Empirical, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	in.Comment = '#'
	in.TrimLeadingSpace = true
	var points []CurvePoint
	for n := 0; ; n++ {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Empirical{}, fmt.Errorf("%w: curve: %w", ErrInvalidConfig, err)
		}
		line, _ := in.FieldPos(0)
		point, err := parsePoint(record)
		if err != nil && n == 0 && looksLikeHeader(record) {
			continue
		}
		if err != nil {
			return Empirical{}, fmt.Errorf("%w: curve: line %d: %w", ErrInvalidConfig, line, err)
		}
		points = append(points, point)
	}
	curve := Empirical{Points: points, Limit: limit}
	v := checks{check.Of(ErrInvalidConfig)}
	if curve.check(&v); !v.OK() {
		return Empirical{}, v.Err()
	}
	return curve, nil
}

func looksLikeHeader(record []string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(record[0]), 64)
	return err != nil
}

func parsePoint(record []string) (CurvePoint, error) {
	if len(record) != 2 {
		return CurvePoint{}, fmt.Errorf("%d columns, want 2: seconds,bytes", len(record))
	}
	var v [2]float64
	for i, text := range record {
		x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return CurvePoint{}, fmt.Errorf("%q is no number", text)
		}
		v[i] = x
	}
	return CurvePoint{Seconds: v[0], Bytes: v[1]}, nil
}
