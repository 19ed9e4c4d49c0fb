package livemigration

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Huge pages: an idle POWER8 guest with 16 MiB pages showed 39,044 dirty pages
// of 4 KiB a second (B. Murugan's blog, 2019), 152.5 MiB/s: 9.5 writes a
// second, each to another huge page, are enough.
func TestHugePageAmplification(t *testing.T) {
	w := Uniform{Rate: 9.53 * PageBytes, WorkingSet: 8 * GiB}
	large := amplify(w, 16*MiB/PageBytes)
	measured("memory dirtied by an idle guest with 16 MiB pages", "B. Murugan's blog, 2019: POWER8, 39,044 pages of 4 KiB a second; 9.53 writes/s are fitted", "MiB/s").
		Relative(t, "8 GiB", 152.5, large.Unique(0.1)/0.1/MiB, 0.01)
	curve := Empirical{Points: []CurvePoint{{1, 1 * GB}, {2, 1.5 * GB}}, Limit: 2 * GiB}
	computed("bytes dirty in pages of 2 MiB where half of the small ones are", "1 - (1 - u)^512, all of it", "bytes").
		Relative(t, "u = 0.5 of 2 GiB", curve.Max(), amplify(curve, 512).Unique(1), 1e-6)
	assert.Equal(t, ConstantRate{Rate: 512, WorkingSet: 2}, amplify(ConstantRate{Rate: 1, WorkingSet: 2}, 512))
	assert.Equal(t, Mixture{{Rate: 512, WorkingSet: 2}}, amplify(Mixture{{Rate: 1, WorkingSet: 2}}, 512))
	assert.Equal(t, Sequential{Rate: 1, WorkingSet: 2}, amplify(Sequential{Rate: 1, WorkingSet: 2}, 512), "a sweep dirties its neighbours anyway")
}

func TestZipfGroups(t *testing.T) {
	const source = "sum over 4096 pages of 4096 (1 - e^(-Rate p_j t/4096)), p_j ~ j^-exponent; 40 MB/s"
	unique := computed("bytes dirtied under Zipf writes", source, "bytes")
	for _, s := range []float64{0, 0.5, 0.99, 1, 1.5} {
		z := Zipf{Rate: 40 * MB, WorkingSet: 4096 * PageBytes, Exponent: s}
		norm := 0.0
		for j := 1; j <= 4096; j++ {
			norm += math.Pow(float64(j), -s)
		}
		for _, at := range []float64{0.001, 0.1, 1, 10} {
			exact := 0.0
			for j := 1; j <= 4096; j++ {
				exact += PageBytes * -math.Expm1(-z.Rate/PageBytes*at*math.Pow(float64(j), -s)/norm)
			}
			unique.Relative(t, fmt.Sprintf("exponent %g, %g s", s, at), exact, z.Unique(at), 1e-3)
		}
		unique.Relative(t, fmt.Sprintf("exponent %g, in the end all", s), 4096*PageBytes, z.Max(), 1e-12)
	}
}

// With exponent 0 every page is as popular as any other, in small pages and in
// large ones; with a larger exponent the sum over large pages is exact.
func TestZipfInLargePages(t *testing.T) {
	const unit = 512
	flat := Zipf{Rate: 4 * MB, WorkingSet: 64 * MiB}.parts(unit)
	uniform := amplify(Uniform{Rate: 4 * MB, WorkingSet: 64 * MiB}, unit)
	z := Zipf{Rate: 40 * PageBytes, WorkingSet: 64 * MiB, Exponent: 0.9}
	norm, exact := 0.0, 0.0
	for j := 1.0; j <= 16_384; j++ {
		norm += math.Pow(j, -0.9)
	}
	for page := range 32 {
		mass := 0.0
		for j := page*unit + 1; j <= (page+1)*unit; j++ {
			mass += math.Pow(float64(j), -0.9)
		}
		exact += unit * PageBytes * -math.Expm1(-40*mass/norm*0.5)
	}
	dirty := computed("bytes dirtied under Zipf writes in pages of 2 MiB", "sum over large pages of 2 MiB (1 - e^(-Rate t mass)), mass the sum of its pages' p_j", "bytes")
	dirty.Relative(t, "exponent 0, as uniform writes", uniform.Unique(0.02), flat.Unique(0.02), 1e-9)
	dirty.Relative(t, "exponent 0.9, page by page", exact, z.parts(unit).Unique(0.5), 1e-4)
}

func TestIntegrals(t *testing.T) {
	integrals := computed("integral of the dirty curve from 0 to t", "sum of U at 4000 midpoints", "byte s")
	for _, c := range []DirtyCurve{
		ConstantRate{Rate: 100 * MB, WorkingSet: 1 * GiB},
		Sequential{Rate: 100 * MB, WorkingSet: 1 * GiB},
		Uniform{Rate: 100 * MB, WorkingSet: 1 * GiB},
		Mixture{Uniform{Rate: 1 * GB, WorkingSet: 64 * MiB}, Uniform{Rate: 10 * MB, WorkingSet: 1 * GiB}},
		Zipf{Rate: 100 * MB, WorkingSet: 256 * MiB, Exponent: 0.9},
	} {
		for _, at := range []float64{0.01, 0.3, 3, 50, 4000} {
			const n = 4000
			sum := 0.0
			for i := range n {
				sum += c.Unique((float64(i) + 0.5) / n * at)
			}
			integrals.Relative(t, fmt.Sprintf("%v, t = %g s", c, at), sum/n*at, integral(c, at), 3e-4)
		}
	}
}
