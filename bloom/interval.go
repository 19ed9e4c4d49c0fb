package bloom

import (
	"fmt"
	"math"

	"cloudconcepts/bloom/filter"
	"cloudconcepts/internal/stats"
)

const (
	confidence = 0.95
	fewHits    = 100 // false positives below which the spread between filters is not trusted alone
)

// take reduces the tallies, in the order of the filters.
func (r *Result) take(tallies []tally) {
	var sum tally
	var rate, fill stats.Moments
	for _, t := range tallies {
		sum.add(t)
		rate.Add(float64(t.falsePositives) / float64(t.absent))
		fill.Add(float64(t.ones) / float64(r.FilterBits))
	}
	r.FalsePositives, r.TrueNegatives = sum.falsePositives, sum.absent-sum.falsePositives
	r.FalseNegatives, r.TruePositives = sum.falseNegatives, sum.present-sum.falseNegatives
	r.FPRMeasured = float64(sum.falsePositives) / float64(sum.absent)
	if found := sum.falsePositives + r.TruePositives; found > 0 {
		r.FDR = float64(sum.falsePositives) / float64(found)
	}
	r.FillMeasured, r.FillSD, r.FPRSD = fill.Mean(), fill.SD(), rate.SD()
	r.ProbesAbsent = float64(sum.testedAbsent) / float64(sum.absent)
	r.ProbesPresent = float64(sum.testedKeys) / float64(sum.present)
	r.interval(&rate)
}

// interval is Student's between filters, which counts that a filter's false
// positives hang together; for one filter Clopper and Pearson's; and for
// few false positives the wider of both, since then many filters have none and
// their spread says little.
func (r *Result) interval(rate *stats.Moments) {
	low, high, err := stats.ClopperPearson(r.FalsePositives, r.FalsePositives+r.TrueNegatives, confidence)
	if err != nil {
		low, high = 0, 1
	}
	r.Interval = "95 % of the rate of this one filter (Clopper-Pearson)"
	if n := rate.Count(); n > 1 {
		tLow, tHigh := rate.MeanInterval(confidence)
		r.Interval = fmt.Sprintf("95 %% of the mean rate of all such filters (Student's t between %d filters)", n)
		if r.FalsePositives >= fewHits {
			low, high = tLow, tHigh
		} else {
			low, high = min(low, tLow), max(high, tHigh)
			r.Interval = fmt.Sprintf("95 %% of the mean rate of all such filters (the wider of Student's t between %d filters and Clopper-Pearson)", n)
		}
	}
	r.FPRLow, r.FPRHigh = math.Max(low, 0), math.Min(high, 1)
}

// warn says what may surprise.
func (r *Result) warn() {
	c := r.Config
	say := func(when bool, format string, args ...any) {
		if when {
			r.Warnings = append(r.Warnings, fmt.Errorf("bloom: "+format, args...))
		}
	}
	say(r.FalseNegatives > 0, "%d false negatives: a Bloom filter has none, this is a fault of the program", r.FalseNegatives)
	say(r.FilterBits != c.Bits, "%d bits rounded up to %d: a %s filter is made of whole %s", c.Bits, r.FilterBits, c.Layout, unitOf(c.Layout))
	say(c.Absent == Overlapping && c.Overlap > 0, "%g of the absent keys asked for were added: the measured rate is that of a wrong test", c.Overlap)
	say(c.Absent == Repeated && c.Filters == 1, "repeated keys in one filter: a false positive comes again, and the interval is too narrow")
	say(r.FPRClassical > 0.5, "overfull: %.3g bits per key", float64(r.FilterBits)/float64(c.Keys))
	say(r.FalsePositives < 10, "only %d false positives seen: more queries or filters would narrow the interval", r.FalsePositives)
	say(r.DuplicateKeys > 0, "%d duplicate keys left out: a filter is sized by different keys", r.DuplicateKeys)
	say(r.correlated(), "%s positions are not independent: a filter this small errs more often than the exact rate says", c.Scheme)
}

// correlated tells whether the scheme's own effect may show.
func (r *Result) correlated() bool {
	reach := r.FilterBits // what one position is drawn from
	switch r.Config.Layout {
	case filter.Partitioned:
		reach /= uint64(r.Config.Hashes)
	case filter.Blocked:
		reach = LineBits
	case filter.SplitBlock:
		reach = laneBits
	}
	s := r.Config.Scheme
	return reach < 10000 && r.Config.Hashes > 2 && (s == filter.Double || s == filter.Enhanced || s == filter.BitsAndBlooms)
}

func unitOf(l filter.Layout) string {
	switch l {
	case filter.Blocked:
		return "lines of 512 bits"
	case filter.SplitBlock:
		return "blocks of 256 bits"
	}
	return "slices of equal size"
}
