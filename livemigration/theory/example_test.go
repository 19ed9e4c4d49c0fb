package theory_test

import (
	"fmt"

	"cloudconcepts/livemigration/theory"
)

// How much memory stays dirty for ever when the guest writes faster than the
// link sends, in either semantics.
func ExampleUniformPlateau() {
	for _, lambda := range []float64{0.9, 1.1, 1.5, 3} {
		fmt.Printf("lambda %.1f: %4.1f %% round-based, %4.1f %% drained\n",
			lambda, 100*theory.UniformPlateau(lambda), 100*theory.DrainPlateau(lambda, 0))
	}
	// Output:
	// lambda 0.9:  0.0 % round-based,  0.0 % drained
	// lambda 1.1: 17.6 % round-based,  9.1 % drained
	// lambda 1.5: 58.3 % round-based, 33.3 % drained
	// lambda 3.0: 94.0 % round-based, 66.7 % drained
}

// 8 GiB at 1 Gbit/s under a guest that dirties half of what is sent.
func ExampleGeometricSeries() {
	g, ok := theory.GeometricSeries(8<<30, 125e6, 62.5e6, 0.3)
	fmt.Printf("%v: %d rounds, %.1f s in all, %.0f ms of downtime\n", ok, g.Rounds, g.Total, g.Downtime*1e3)
	// Output:
	// true: 8 rounds, 137.2 s in all, 268 ms of downtime
}
