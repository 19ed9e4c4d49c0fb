package lsm

import "math"

// serviceSums is the law of the sum of a reads of one medium.
type serviceSums struct {
	law   ServiceLaw
	mean  float64 // s
	mu    float64 // of ln(time), LognormalTime
	sigma float64
	// tables[a-2] holds the distribution of a sum of a lognormal times at
	// exp(gridLow + i gridStep) medians of one.
	tables    [][]float64
	gridLow   float64
	gridStep  float64
	nodes     []float64 // of the integral over one time, as multiples of its median
	nodeShare []float64
}

// Numbers of the lognormal tables: points a table, points of the integral, and
// the sums that have one. Sums of more reads are taken as the table's last sum,
// scaled to their mean.
const (
	sumPoints = 512
	sumNodes  = 256
	sumTables = 24
)

func newServiceSums(m Medium, reads int) serviceSums {
	s := serviceSums{law: m.Law, mean: m.Mean.Seconds(), sigma: m.Sigma}
	if m.Law != LognormalTime {
		return s
	}
	s.mu = math.Log(s.mean) - s.sigma*s.sigma/2
	s.gridLow = -8 * s.sigma
	high := math.Log(sumTables) + 8*s.sigma + s.sigma*s.sigma
	s.gridStep = (high - s.gridLow) / (sumPoints - 1)
	const span = 8.0
	for i := range sumNodes {
		z := -span + 2*span*(float64(i)+0.5)/sumNodes
		s.nodes = append(s.nodes, math.Exp(s.sigma*z))
		s.nodeShare = append(s.nodeShare, math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)*2*span/sumNodes)
	}
	for a := 2; a <= min(reads, sumTables); a++ {
		s.tables = append(s.tables, s.nextTable(a))
	}
	return s
}

// nextTable integrates over one more read: F_a(x) = E F_(a-1)(x - S).
func (s serviceSums) nextTable(a int) []float64 {
	table := make([]float64, sumPoints)
	for i := range table {
		x := math.Exp(s.gridLow + float64(i)*s.gridStep)
		var sum float64
		for j, node := range s.nodes {
			if node >= x {
				break
			}
			sum += s.nodeShare[j] * s.unit(a-1, x-node)
		}
		table[i] = min(sum, 1)
	}
	return table
}

// unit is the distribution of a sum of a lognormal times, in medians of one.
func (s serviceSums) unit(a int, x float64) float64 {
	if !(x > 0) {
		return 0
	}
	if a == 1 {
		return math.Erfc(-math.Log(x)/s.sigma/math.Sqrt2) / 2
	}
	if last := len(s.tables) + 1; a > last {
		return s.unit(last, x*float64(last)/float64(a))
	}
	table := s.tables[a-2]
	at := (math.Log(x) - s.gridLow) / s.gridStep
	if !(at > 0) {
		return 0
	}
	i := int(math.Min(at, sumPoints))
	if i >= sumPoints-1 {
		return 1
	}
	return table[i] + (table[i+1]-table[i])*(at-float64(i))
}

// cdf is P(sum of a reads <= x seconds).
func (s serviceSums) cdf(a int, x float64) float64 {
	if a == 0 || s.law == FixedTime {
		// A nanosecond's millionth of slack, so that an atom holds its own point.
		if x >= float64(a)*s.mean*(1-1e-12)-1e-15 {
			return 1
		}
		return 0
	}
	if s.law == ExponentialTime {
		return erlang(a, x/s.mean)
	}
	return s.unit(a, x/math.Exp(s.mu))
}

// erlang is the distribution of the sum of a exponential times of mean 1:
// 1 - e^(-x) (1 + x + ... + x^(a-1)/(a-1)!). Its terms are added as logarithms
// once e^(-x) is small.
func erlang(a int, x float64) float64 {
	if !(x > 0) {
		return 0
	}
	if x > 1e6 {
		return 1
	}
	var sum float64
	for i := range a {
		lg, _ := math.Lgamma(float64(i + 1))
		sum += math.Exp(float64(i)*math.Log(x) - x - lg)
	}
	return max(0, 1-sum)
}
