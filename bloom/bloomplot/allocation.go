package bloomplot

import (
	"fmt"
	"math"

	"cloudconcepts/bloom/lsm"
	"cloudconcepts/internal/chart"
)

// SharedMemory is an LSM tree whose filter memory is divided in two ways: the
// same bits for each key, and as Monkey does.
type SharedMemory struct {
	Tree       lsm.Tree
	Runs       []lsm.Run
	BitsPerKey float64   // the budget that the bars show
	Budgets    []float64 // those of the lines, bits per key
	Measured   []MeasuredReads
	Seed       uint64
	Lookups    int // of each simulation

	uniform, monkey lsm.Allocation
	lines           []BudgetReads
	at              BudgetReads
}

// BudgetReads is the expected reads of an absent key with a budget.
type BudgetReads struct {
	BitsPerKey float64 `json:"bits_per_key"`
	Uniform    float64 `json:"uniform_reads"`
	Monkey     float64 `json:"monkey_reads"`
	// Saved is how many bits per key less Monkey needs for the reads of uniform.
	Saved float64 `json:"saved_bits_per_key"`
}

// LevelShare is what one level gets.
type LevelShare struct {
	Level       int     `json:"level"`
	Runs        int     `json:"runs"`
	Keys        float64 `json:"keys"` // of all runs of the level
	UniformBits float64 `json:"uniform_bits_per_key"`
	UniformRate float64 `json:"uniform_fpr_fraction"` // of one run
	MonkeyBits  float64 `json:"monkey_bits_per_key"`
	MonkeyRate  float64 `json:"monkey_fpr_fraction"`
}

// MeasuredReads is the mean number of reads that lookups of absent keys cost
// with real filters, with its 95 % interval.
type MeasuredReads struct {
	Sharing    lsm.Sharing `json:"sharing"`
	BitsPerKey float64     `json:"bits_per_key"`
	Reads      float64     `json:"reads"`
	Low        float64     `json:"reads_low"`
	High       float64     `json:"reads_high"`
}

// NewMeasuredReads takes mean and interval from a simulation.
func NewMeasuredReads(by lsm.Sharing, bits float64, r lsm.Result) MeasuredReads {
	d := r.Distribution()
	mean, n := d.Mean(), float64(r.Config.Lookups)
	var square float64
	for j, p := range d {
		square += p * float64(j) * float64(j)
	}
	half := 1.96 * math.Sqrt(math.Max(square-mean*mean, 0)/n)
	m := MeasuredReads{Sharing: by, BitsPerKey: bits, Reads: mean, Low: math.Max(mean-half, 0), High: mean + half}
	if mean == 0 {
		m.High = 3.689 / n // Poisson: none seen
	}
	return m
}

// Solve works out the allocations; it comes before anything else.
func (s *SharedMemory) Solve() (err error) {
	if s.at, s.uniform, s.monkey, err = s.divide(s.BitsPerKey); err != nil {
		return err
	}
	s.lines = nil
	for _, b := range s.Budgets {
		at, _, _, err := s.divide(b)
		if err != nil {
			return err
		}
		s.lines = append(s.lines, at)
	}
	low, high := 0.0, s.BitsPerKey
	for range 50 {
		mid := (low + high) / 2
		at, _, _, err := s.divide(mid)
		if err != nil {
			return err
		}
		if at.Monkey > s.at.Uniform {
			low = mid
		} else {
			high = mid
		}
	}
	s.at.Saved = s.BitsPerKey - high
	return nil
}

func (s *SharedMemory) divide(bits float64) (at BudgetReads, uniform, monkey lsm.Allocation, err error) {
	var keys float64
	for _, r := range s.Runs {
		keys += r.Keys
	}
	if uniform, err = lsm.Allocate(s.Runs, bits*keys, lsm.EqualBits); err != nil {
		return at, uniform, monkey, err
	}
	monkey, err = lsm.Allocate(s.Runs, bits*keys, lsm.MonkeyBits)
	return BudgetReads{BitsPerKey: bits, Uniform: lsm.AbsentReads(uniform.Rates), Monkey: lsm.AbsentReads(monkey.Rates)}, uniform, monkey, err
}

// At is the reads with the budget of the bars.
func (s SharedMemory) At() BudgetReads { return s.at }

// Levels is what each level gets, the smallest first.
func (s SharedMemory) Levels() []LevelShare {
	var rows []LevelShare
	for i, r := range s.Runs {
		if n := len(rows); n > 0 && rows[n-1].Level == r.Level {
			rows[n-1].Runs++
			rows[n-1].Keys += r.Keys
			continue
		}
		rows = append(rows, LevelShare{r.Level, 1, r.Keys, s.uniform.BitsPerKey[i], s.uniform.Rates[i], s.monkey.BitsPerKey[i], s.monkey.Rates[i]})
	}
	return rows
}

// Allocation draws where the memory goes and what comes of it: bits per key and
// false positives by level, and the reads of an absent key over the memory.
func Allocation(s SharedMemory) Figure {
	rows := s.Levels()
	return Figure{
		Title: allocationTitle(s),
		Subtitle: fmt.Sprintf("LSM tree of %d levels, each %s times the one before, %s; %s bits per key in all. "+
			"Below: lines in theory, dots measured with real filters, 95 %% interval.", s.Tree.Levels, chart.Plain(s.Tree.SizeRatio), policyWords(s.Tree.Policy), chart.Plain(s.BitsPerKey)),
		Caption: fmt.Sprintf("%s · %s, %s for each dot · seed %d", caption, counted(uint64(s.Tree.Keys), "key"), counted(uint64(s.Lookups), "lookup"), s.Seed),
		Panels:  []chart.Panel{bitsByLevel(rows), ratesByLevel(rows), readsByMemory(s)}, Height: 860,
	}
}

func allocationTitle(s SharedMemory) string {
	gain := s.at.Uniform / s.at.Monkey
	if !(gain > 1.005) {
		return "How the filter memory is divided makes no difference here"
	}
	return fmt.Sprintf("More bits for the small levels: %.2g times fewer wasted reads for the same memory", gain)
}

// levelNames are the categories; with many levels only their numbers.
func levelNames(rows []LevelShare) []string {
	names := make([]string, len(rows))
	for i, r := range rows {
		switch {
		case len(rows) > 8:
			names[i] = fmt.Sprint(r.Level)
		case r.Keys < 10:
			names[i] = fmt.Sprintf("level %d: %.2g keys", r.Level, r.Keys)
		default:
			names[i] = fmt.Sprintf("level %d: %s keys", r.Level, chart.Short(math.Round(r.Keys)))
		}
	}
	return names
}

func bitsByLevel(rows []LevelShare) chart.Panel {
	uniform, monkey := make([]float64, len(rows)), make([]float64, len(rows))
	for i, r := range rows {
		uniform[i], monkey[i] = r.UniformBits, r.MonkeyBits
	}
	values := chart.Format(func(v float64) string { return fmt.Sprintf("%.3g", v) })
	if len(rows) > 10 {
		values = nil
	}
	return chart.Panel{
		Name: "Bits per key", X: chart.Axis{Labels: levelNames(rows)}, Y: chart.Axis{Zero: true},
		Marks: []chart.Mark{chart.Bars{Values: values, Series: []chart.Series{
			{Label: "uniform", Y: uniform, Color: chart.Blue}, {Label: "Monkey", Y: monkey, Color: chart.Vermillion},
		}}},
	}
}

// ratesByLevel is the false-positive rate of one run of each level.
func ratesByLevel(rows []LevelShare) chart.Panel {
	var at, uniform, monkey []float64
	for i, r := range rows {
		at, uniform, monkey = append(at, float64(i)), append(uniform, r.UniformRate), append(monkey, math.Max(r.MonkeyRate, 1e-15))
	}
	return chart.Panel{
		Name: "False-positive rate of a run (log scale)", X: chart.Axis{Labels: levelNames(rows)}, Y: chart.Axis{Log: true, Format: chart.OneIn},
		Marks: []chart.Mark{
			chart.Line{X: at, Y: uniform, Color: chart.Blue, Dots: true},
			chart.Line{X: at, Y: monkey, Color: chart.Vermillion, Dots: true},
			chart.Note{X: at[0], Y: uniform[0], Text: "uniform", Color: chart.Blue, Bold: true, Bare: true},
			chart.Note{X: at[0], Y: monkey[0], Text: "Monkey", Color: chart.Vermillion, Bold: true, Bare: true},
		},
	}
}

func readsByMemory(s SharedMemory) chart.Panel {
	p := chart.Panel{
		Name: "Reads per lookup of an absent key (log scale)", Weight: 1.5,
		X: chart.Axis{Name: "Filter memory: bits per key", Min: 0, Max: s.Budgets[len(s.Budgets)-1]},
		Y: chart.Axis{Log: true, Format: chart.Thousands},
	}
	uniform, monkey := chart.Line{Label: "uniform", Color: chart.Blue}, chart.Line{Label: "Monkey", Color: chart.Vermillion}
	for _, l := range s.lines {
		uniform.X, uniform.Y = append(uniform.X, l.BitsPerKey), append(uniform.Y, l.Uniform)
		monkey.X, monkey.Y = append(monkey.X, l.BitsPerKey), append(monkey.Y, l.Monkey)
	}
	p.Marks = append(p.Marks, chart.VLine{At: s.BitsPerKey, Dash: chart.Dashed}, uniform, monkey)
	for by, color := range []chart.Color{chart.Blue, chart.Vermillion} {
		d := chart.Dots{Color: color}
		for _, m := range s.Measured {
			if m.Sharing == lsm.Sharing(by) {
				d.X, d.Y = append(d.X, m.BitsPerKey), append(d.Y, m.Reads)
				d.Low, d.High = append(d.Low, m.Low), append(d.High, m.High)
			}
		}
		p.Marks = append(p.Marks, d)
	}
	p.Marks = append(p.Marks,
		chart.Note{X: s.BitsPerKey, Y: s.at.Uniform, Text: fmt.Sprintf("%.3g reads", s.at.Uniform), Color: chart.Blue, Bold: true, Dot: true},
		chart.Note{X: s.BitsPerKey, Y: s.at.Monkey, Text: fmt.Sprintf("%.3g reads", s.at.Monkey), Color: chart.Vermillion, Bold: true, Dot: true})
	return p
}

func policyWords(p lsm.Policy) string {
	if p == lsm.LazyLevelling {
		return "lazy levelling"
	}
	return p.String()
}
