package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom"
	"cloudconcepts/internal/chart"
)

// HashSweep is filters of one size and load with one hash function after the
// other.
type HashSweep struct {
	BitsPerKey float64
	Results    []bloom.Result
}

// Best is the result with the least exact rate.
func (s HashSweep) Best() bloom.Result {
	best := s.Results[0]
	for _, r := range s.Results {
		if r.FPRExact < best.FPRExact {
			best = r
		}
	}
	return best
}

// Hashes draws the false-positive rate over the number of hash functions, and
// below it what a lookup tests. The title speaks of the sweep at index main.
func Hashes(sweeps []HashSweep, main int) Figure {
	first, last := math.Inf(1), math.Inf(-1)
	rate := chart.Panel{Name: "False-positive rate (log scale)", Y: chart.Axis{Log: true, Format: chart.Percent}, Weight: 1.6}
	probes := chart.Panel{Name: "Bits tested by a lookup of an absent key, which stops at the first 0", Y: chart.Axis{Zero: true}}
	for i, s := range sweeps {
		theory := chart.Line{Label: fmt.Sprintf("%.4g bits per key", s.BitsPerKey), Color: chart.Palette(i)}
		tested := chart.Line{Label: fmt.Sprintf("%.4g bits per key", s.BitsPerKey), Color: chart.Palette(i)}
		dots, counted := chart.Dots{Color: chart.Palette(i), Size: 7}, chart.Dots{Color: chart.Palette(i), Size: 6}
		for _, r := range s.Results {
			k := float64(r.Config.Hashes)
			first, last = math.Min(first, k), math.Max(last, k)
			theory.X, theory.Y = append(theory.X, k), append(theory.Y, r.FPRExact)
			tested.X, tested.Y = append(tested.X, k), append(tested.Y, r.ProbesAbsentExpected)
			dots.X, dots.Y = append(dots.X, k), append(dots.Y, r.FPRMeasured)
			dots.Low, dots.High = append(dots.Low, r.FPRLow), append(dots.High, r.FPRHigh)
			counted.X, counted.Y = append(counted.X, k), append(counted.Y, r.ProbesAbsent)
		}
		best := s.Best()
		rate.Marks = append(rate.Marks, theory, dots, chart.Note{
			X: float64(best.Config.Hashes), Y: best.FPRExact, Text: fmt.Sprintf("k = %d", best.Config.Hashes), Bold: true, Color: chart.Palette(i),
		})
		probes.Marks = append(probes.Marks, tested, counted)
	}
	axis := chart.Axis{Name: "Hash functions, k", Min: first, Max: last}
	rate.X, probes.X = axis, axis
	return Figure{
		Title: hashesTitle(sweeps[main]),
		Subtitle: "False-positive rate by the number of hash functions, and how many bits a lookup tests. Lines: exact theory;\n" +
			"dots: measured, 95 % interval. The best number of hashes is marked.",
		Caption: measuredCaption(sweeps[main].Results), ShareX: true, Height: 720,
		Panels: []chart.Panel{rate, probes},
	}
}

// hashesTitle says how many hashes are best, and what more of them do.
func hashesTitle(s HashSweep) string {
	best, last := s.Best(), s.Results[len(s.Results)-1]
	if best.Config.Hashes == last.Config.Hashes {
		return fmt.Sprintf("At %.4g bits per key more hash functions help, up to %d and beyond", s.BitsPerKey, last.Config.Hashes)
	}
	return fmt.Sprintf("At %.4g bits per key, %s best; %d let through %s times as many",
		s.BitsPerKey, hashesAre(best.Config.Hashes), last.Config.Hashes, factor(last.FPRExact/best.FPRExact))
}

func hashesAre(k int) string {
	if k == 1 {
		return "1 hash function is"
	}
	return fmt.Sprintf("%d hash functions are", k)
}
