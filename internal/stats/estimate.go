package stats

// Estimate is a mean over runs or batches, with the interval that holds the true one with 95 % confidence (Student's t)
// and its standard error. Of fewer than two the interval is the mean itself.
type Estimate struct {
	Mean          float64 `json:"mean"`
	Low           float64 `json:"low"`
	High          float64 `json:"high"`
	StandardError float64 `json:"standard_error"`
}

// Estimate is the mean of what was added, with its uncertainty.
func (m *Moments) Estimate() Estimate {
	if m.Count() < 2 {
		return Estimate{Mean: m.Mean(), Low: m.Mean(), High: m.Mean()}
	}
	low, high := m.MeanInterval(0.95)
	return Estimate{m.Mean(), low, high, m.StandardError()}
}

// Mean estimates the mean of a number over results.
func Mean[R any](results []R, of func(R) float64) Estimate {
	var m Moments
	for _, r := range results {
		m.Add(of(r))
	}
	return m.Estimate()
}

// Series is a curve; it has the methods of gonum/plot's plotter.XYer.
type Series struct{ X, Y []float64 }

// Len is the number of points.
func (s Series) Len() int { return len(s.X) }

// XY is point i.
func (s Series) XY(i int) (x, y float64) { return s.X[i], s.Y[i] }

// Column is one number of each row against another.
func Column[R any](rows []R, x, y func(R) float64) Series {
	s := Series{make([]float64, len(rows)), make([]float64, len(rows))}
	for i, row := range rows {
		s.X[i], s.Y[i] = x(row), y(row)
	}
	return s
}
