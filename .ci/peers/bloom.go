package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// Keys of a filter, and keys that are added or asked for in one measurement.
const (
	smallFilter = 10_000
	largeFilter = 4_000_000
	batch       = 1_000_000
)

// work is what is measured: its name and the CPU seconds a key of each filter, round by round.
type work struct {
	name string
	cpu  [][]float64
}

// filterTables measures all filters in turn, with other keys in each round.
func filterTables(rounds int) (string, error) {
	var speed, truth strings.Builder
	speed.WriteString("| keys | | ns a key, bits-and-blooms |")
	for _, m := range makers()[1:] {
		fmt.Fprintf(&speed, " %s |", m.name)
	}
	speed.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(makers())) + "\n")
	truth.WriteString("| keys | filter | bits a key | false positives |\n| --- | --- | --- | --- |\n")
	for _, n := range []int{smallFilter, largeFilter} {
		works, wrong, bits, err := measureFilters(n, rounds)
		if err != nil {
			return "", err
		}
		for _, w := range works {
			fmt.Fprintf(&speed, "| %d | %s | %.1f |", n, w.name, median(w.cpu[0])*1e9)
			for i := range makers()[1:] {
				fmt.Fprintf(&speed, " %s |", spread(ratios(w.cpu[0], w.cpu[i+1])))
			}
			speed.WriteString("\n")
		}
		for i, m := range makers() {
			mean, e := meanAndError(wrong[i])
			if !(math.Abs(mean-falsePositives) < 0.05*falsePositives) {
				return "", fmt.Errorf("%s of %d keys: %g false positives, want about %g", m.name, n, mean, falsePositives)
			}
			fmt.Fprintf(&truth, "| %d | %s | %.2f | %.3f %% ± %.3f |\n", n, m.name, bits[i]/float64(n), mean*100, e*100)
		}
	}
	return speed.String() + "\n" + truth.String(), nil
}

func measureFilters(n, rounds int) (works []work, wrong [][]float64, bits []float64, err error) {
	count := len(makers())
	for _, name := range []string{"add", "find, absent", "find, present"} {
		works = append(works, work{name, make([][]float64, count)})
	}
	wrong, bits = make([][]float64, count), make([]float64, count)
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(n), uint64(round)))
		present, absent := randomKeys(r, max(n, batch)), randomKeys(r, batch)
		for i, m := range makers() {
			filters := make([]filter, max(n, batch)/n)
			for j := range filters {
				if filters[j], err = m.make(n); err != nil {
					return nil, nil, nil, err
				}
			}
			// The last filter is asked for what is in it, as often as for what is not.
			last, in := filters[len(filters)-1], present.part(max(n, batch)-n, n)
			var found, mistaken int
			add := cpuOf(func() {
				for j, f := range filters {
					f.add(present.part(j*n, n))
				}
			})
			foreign := cpuOf(func() { mistaken = last.has(absent) })
			own := cpuOf(func() {
				for range len(filters) {
					found += last.has(in)
				}
			})
			if found != n*len(filters) {
				return nil, nil, nil, fmt.Errorf("%s of %d keys: found %d of %d", m.name, n, found, n*len(filters))
			}
			for w, seconds := range []float64{add / float64(max(n, batch)), foreign / batch, own / float64(max(n, batch))} {
				works[w].cpu[i] = append(works[w].cpu[i], seconds)
			}
			wrong[i], bits[i] = append(wrong[i], float64(mistaken)/batch), float64(last.bits)
		}
	}
	return works, wrong, bits, nil
}

func randomKeys(r *rand.Rand, n int) keys {
	k := keys{make([]uint64, n), make([][8]byte, n)}
	for i := range n {
		k.numbers[i] = r.Uint64()
		binary.LittleEndian.PutUint64(k.bytes[i][:], k.numbers[i])
	}
	return k
}

// part are n keys from the given one on.
func (k keys) part(from, n int) keys { return keys{k.numbers[from : from+n], k.bytes[from : from+n]} }
