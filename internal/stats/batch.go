package stats

import "math"

// BatchMeans estimates how far the mean of a long run of dependent numbers, such as the waits of successive customers,
// can be trusted. It cuts the run into between 32 and 63 batches of one size, which doubles as the run grows: batches
// much longer than the memory of the process have almost independent means (Law, Simulation Modeling and Analysis,
// the method of batch means). The zero value is ready.
type BatchMeans struct {
	sums  [2 * fewestBatches]float64
	full  int     // batches that are complete
	size  int     // numbers in a batch
	n     int     // numbers in the batch that is being filled
	sum   float64 // their sum
	total float64
	count int
}

const fewestBatches = 32

// Add takes the next number in.
func (b *BatchMeans) Add(x float64) {
	b.total += x
	b.count++
	b.sum += x
	b.n++
	if b.n < b.size {
		return
	}
	b.sums[b.full] = b.sum
	b.full++
	b.n, b.sum = 0, 0
	b.size = max(b.size, 1)
	if b.full == len(b.sums) {
		b.halve()
	}
}

// halve makes one batch of every two.
func (b *BatchMeans) halve() {
	for i := range fewestBatches {
		b.sums[i] = b.sums[2*i] + b.sums[2*i+1]
	}
	b.full = fewestBatches
	b.size *= 2
}

// Mean is the mean of all numbers, 0 if there was none.
func (b *BatchMeans) Mean() float64 {
	if b.count == 0 {
		return 0
	}
	return b.total / float64(b.count)
}

// Batches is how many complete batches there are.
func (b *BatchMeans) Batches() int { return b.full }

// StandardError is that of the mean, by the scatter of the batches; +Inf for fewer than two of them.
func (b *BatchMeans) StandardError() float64 {
	if b.full < 2 {
		return math.Inf(1)
	}
	return b.moments().StandardError()
}

// Interval holds the true mean with the given confidence, in (0, 1), if the batches are long enough to be independent.
// For fewer than two batches it is infinite.
func (b *BatchMeans) Interval(confidence float64) (low, high float64) {
	if b.full < 2 {
		return math.Inf(-1), math.Inf(1)
	}
	m := b.moments()
	reach := StudentT(0.5+confidence/2, float64(b.full-1)) * m.StandardError()
	return b.Mean() - reach, b.Mean() + reach
}

func (b *BatchMeans) moments() *Moments {
	var m Moments
	for _, s := range b.sums[:b.full] {
		m.Add(s / float64(b.size))
	}
	return &m
}
