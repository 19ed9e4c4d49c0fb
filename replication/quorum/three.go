package quorum

import "math"

// three is n trials of one for N = 3, the usual case, without loops and mostly without branches: sorting networks of three.
// A test holds it to one.
func (t *trials) three(n int) {
	w, a, r, s := t.delays[0][:3*n], t.delays[1][:3*n], t.delays[2][:3*n], t.delays[3][:3*n]
	asked := 3
	if t.c.ReadFanOut == ToQuorum {
		asked = t.c.R
	}
	for i := 0; i+2 < len(w); i += 3 {
		commit := rank(w[i]+a[i], w[i+1]+a[i+1], w[i+2]+a[i+2], t.c.W)
		x := toAnswer(w[i], r[i], s[i])
		y := toAnswer(w[i+1], r[i+1], s[i+1])
		z := toAnswer(w[i+2], r[i+2], s[i+2])
		if asked < 3 {
			z.after = math.MaxInt64
		}
		if asked < 2 {
			y.after = math.MaxInt64
		}
		x, y = order(x, y)
		y, z = order(y, z)
		x, y = order(x, y)
		after, least := x.after, x.lag
		if t.c.R >= 2 {
			after, least = y.after, min(least, y.lag)
		}
		if t.c.R == 3 {
			after, least = z.after, min(least, z.lag)
		}
		t.write.add(commit)
		t.read.add(math.Float64frombits(uint64(after)))
		t.threshold.add(least - commit)
	}
}

func toAnswer(w, r, s float64) answer { return answer{int64(math.Float64bits(r + s)), w - r} }

func order(x, y answer) (first, second answer) {
	if y.after < x.after {
		return y, x
	}
	return x, y
}

// rank is the k-th smallest of three.
func rank(x, y, z float64, k int) float64 {
	switch k {
	case 1:
		return min(x, y, z)
	case 2:
		return max(min(x, y), min(max(x, y), z))
	}
	return max(x, y, z)
}
