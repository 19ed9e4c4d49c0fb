package bloom

import "math"

// FillMoments are the mean and the standard deviation of the number of set
// bits after k n independent positions:
//
//	E[X] = m (1 - a)   Var[X] = m a (1 - a) + m (m-1) (c - a^2)
//	a = (1 - 1/m)^(kn)   c = (1 - 2/m)^(kn)
//
// They are NaN for parameters that [Params.Validate] refuses.
func FillMoments(bits, keys uint64, hashes int) (mean, sd float64) {
	if (Params{bits, keys, hashes}).Validate() != nil {
		return math.NaN(), math.NaN()
	}
	return occupancy(float64(bits), float64(keys)*float64(hashes))
}

// occupancy is the mean and the standard deviation of the occupied among m
// bins after a number of balls that need not be whole.
func occupancy(m, balls float64) (mean, sd float64) {
	if balls == 0 {
		return 0, 0
	}
	if m == 1 {
		return 1, 0
	}
	logA := balls * math.Log1p(-1/m)
	a, fill := math.Exp(logA), -math.Expm1(logA)
	// c/a^2 = (1 - 1/(m-1)^2)^balls
	excess := -1.0
	if m > 2 {
		excess = math.Expm1(balls * math.Log1p(-1/((m-1)*(m-1))))
	}
	return m * fill, math.Sqrt(max(m*a*(fill+(m-1)*a*excess), 0))
}

// maxChain bounds the work of FillDistribution: about a second.
const maxChain = 1e9

// FillDistribution is the law of the number of set bits: the chance of i set
// bits at index i, 0 to m. It runs the chain ball by ball,
//
//	p'[i] = p[i] i/m + p[i-1] (1 - (i-1)/m)
//
// whose terms are all positive, and leaves out what is below 1e-40 of the most
// likely fill. It is refused where that would take longer than a second or so
// (bits above 16 Mi, or k n sqrt(m) above 4e7).
func FillDistribution(bits, keys uint64, hashes int) ([]float64, error) {
	if err := (Params{bits, keys, hashes}).Validate(); err != nil {
		return nil, err
	}
	m, balls := float64(bits), float64(keys)*float64(hashes)
	if bits > 1<<24 || balls*25*math.Sqrt(m) > maxChain {
		return nil, invalid("Bits, Keys, Hashes", Params{bits, keys, hashes},
			"Bits <= 16777216 and Keys * Hashes * sqrt(Bits) <= 4e7")
	}
	law := make([]float64, bits+1)
	law[0] = 1
	low, high := 0, 0 // law is 0 outside of [low, high]
	for range int(balls) {
		if high < int(bits) {
			high++
		}
		peak := 0.0
		for i := high; i > low; i-- {
			law[i] = law[i]*(float64(i)/m) + law[i-1]*(1-float64(i-1)/m)
			peak = max(peak, law[i])
		}
		law[low] *= float64(low) / m
		peak = max(peak, law[low])
		low, high = trim(law, low, high, peak*1e-40)
	}
	return law, nil
}

// trim clears both ends of law[low..high] that are below the floor.
func trim(law []float64, low, high int, floor float64) (int, int) {
	for low < high && law[low] < floor {
		law[low] = 0
		low++
	}
	for high > low && law[high] < floor {
		law[high] = 0
		high--
	}
	return low, high
}

// KeyEstimate is the number of keys that a filter's set bits tell of.
type KeyEstimate struct {
	Keys          float64 `json:"keys"`      // the estimate; +Inf if Saturated
	StandardError float64 `json:"sigma"`     // its standard error in keys; +Inf if Saturated
	Saturated     bool    `json:"saturated"` // every bit is set: any large number of keys would do
}

// EstimateKeys inverts the mean fill, n = ln(1 - X/m) / (k ln(1 - 1/m)). Its
// standard error is that of the fill at this n over the fill's slope.
func EstimateKeys(bits, setBits uint64, hashes int) (KeyEstimate, error) {
	if err := (Params{Bits: bits, Hashes: hashes}).Validate(); err != nil {
		return KeyEstimate{}, err
	}
	if setBits > bits {
		return KeyEstimate{}, invalid("SetBits", setBits, "at most Bits")
	}
	if setBits == bits {
		return KeyEstimate{Keys: math.Inf(1), StandardError: math.Inf(1), Saturated: true}, nil
	}
	m, k := float64(bits), float64(hashes)
	perBall := math.Log1p(-1 / m)
	empty := float64(bits-setBits) / m
	balls := math.Log1p(-float64(setBits)/m) / perBall
	_, sd := occupancy(m, balls)
	slope := -k * perBall * m * empty // set bits per further key
	if setBits == 0 {
		return KeyEstimate{}, nil
	}
	return KeyEstimate{Keys: balls / k, StandardError: sd / slope}, nil
}

// EstimateIntersection is |A| + |B| - |A or B| of three estimates, where the
// last one comes from the bitwise OR, which is exactly the filter of the union.
// It is not cut off at 0. StandardError adds the three errors as if they were
// independent, which overstates it: they share their bits.
func EstimateIntersection(a, b, union KeyEstimate) KeyEstimate {
	if a.Saturated || b.Saturated || union.Saturated {
		return KeyEstimate{Keys: math.Inf(1), StandardError: math.Inf(1), Saturated: true}
	}
	return KeyEstimate{
		Keys:          a.Keys + b.Keys - union.Keys,
		StandardError: math.Sqrt(a.StandardError*a.StandardError + b.StandardError*b.StandardError + union.StandardError*union.StandardError),
	}
}
