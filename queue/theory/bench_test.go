package theory

import "testing"

// Every formula that sweeps call in numbers; the bare recursion of Erlang B is the measure of the machine.
func BenchmarkTheory(b *testing.B) {
	steady := func(q interface{ Solve() (Steady, error) }) func() float64 {
		return func() float64 { s, _ := q.Solve(); return s.WaitMean }
	}
	p99 := func(q interface{ Solve() (Steady, error) }) func() float64 {
		return func() float64 { s, _ := q.Solve(); return s.WaitQuantile(0.99) }
	}
	sojourn := func(q interface{ Solve() (Steady, error) }) func() float64 {
		return func() float64 { s, _ := q.Solve(); return s.SojournQuantile(0.99) }
	}
	for _, bench := range []struct {
		name string
		run  func() float64
	}{
		{"bare/recursion-1000", func() float64 {
			x := 1.0
			for k := 1.0; k <= 1000; k++ {
				x = 950 * x / (k + 950*x)
			}
			return x
		}},
		{"ErlangC/1000", func() float64 { return ErlangC(1000, 950) }},
		{"ErlangC/1000000", func() float64 { return ErlangC(1_000_000, 999_000) }},
		{"MMc/p99-sojourn", sojourn(MMc{3.2, 1, 4})},
		{"MMcK/solve", steady(MMcK{3.2, 1, 4, 100})},
		{"MMcK/p99-wait", p99(MMcK{3.2, 1, 4, 100})},
		{"MMcK/p99-sojourn", sojourn(MMcK{3.2, 1, 4, 100})},
		{"ErlangA/10", steady(ErlangA{12, 1, 10, 1})},
		{"ErlangA/10000", steady(ErlangA{10100, 1, 10000, 0.1})},
		{"MDc/4", steady(MDc{3.2, 1, 4})},
		{"MDc/100", steady(MDc{95, 1, 100})},
		{"MDc/p99-wait", p99(MDc{3.2, 1, 4})},
		{"MDc/p99-wait-load-0.99", p99(MDc{3.96, 1, 4})},
		{"GM1", steady(GM1{constGap{1.25}, 1})},
		{"MD1K/10", steady(MD1K{0.9, 1, 10})},
		{"MD1K/1000", steady(MD1K{0.9, 1, 1000})},
		{"BatchService", steady(BatchService{8, 1, 10})},
		{"Overload/10", func() float64 { g, _ := Overload{1.5, 1, 10}.Solve(); return g.LIFO }},
		{"Overload/10000", func() float64 { g, _ := Overload{1.5, 1, 10_000}.Solve(); return g.LIFO }},
		{"SystemMeanAt/20", func() float64 { x, _ := MM1{0.8, 1}.SystemMeanAt(20); return x }},
		{"SystemMeanAt/100000", func() float64 { x, _ := MM1{1, 1}.SystemMeanAt(100_000); return x }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			sum := 0.0
			for b.Loop() {
				sum += bench.run()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			if sum == 0 {
				b.Fatal("nothing computed")
			}
		})
	}
}
