package filter

import "cloudconcepts/internal/rng"

// keys are the present and the absent keys of a test, by number: hashes of the even and of the odd steps of one sequence.
type keys struct{ base uint64 }

func keysOf(seed uint64, filter int) keys { return keys{rng.Seed(seed, uint64(filter), 0)} }

func (k keys) present(i uint64) uint64 { return Hash64(k.base + 2*i*golden) }
func (k keys) absent(i uint64) uint64  { return Hash64(k.base + (2*i+1)*golden) }
