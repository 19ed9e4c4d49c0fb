package bloom

import (
	"fmt"
	"strings"
	"testing"

	"cloudconcepts/internal/validation"
)

// TestMain keeps what the tests compare in testdata/validation.csv.
func TestMain(m *testing.M) { validation.Main(m) }

func theory(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Theory, Name: name, Source: source, Unit: unit}
}

func published(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Published, Name: name, Source: source, Unit: unit}
}

func measured(name, source, unit string) validation.Claim {
	return validation.Claim{Kind: validation.Measured, Name: name, Source: source, Unit: unit}
}

// The claims of several tests.
var (
	classicalRate = theory("textbook false positive rate", "(1 - e^(-kn/m))^k, computed independently", "")
	exactRate     = theory("exact false positive rate of independent positions",
		"sum over the law of the set bits (Bose et al. 2008), computed independently in rationals and to 15 digits", "")
	fillMean           = theory("mean number of set bits", "m (1 - a) with a = (1 - 1/m)^(kn)", "bits")
	fillSD             = theory("standard deviation of the number of set bits", "sqrt(m (m-1) c + m a - m^2 a^2) with a = (1 - 1/m)^(kn), c = (1 - 2/m)^(kn)", "bits")
	differentPositions = theory("exact rate with k different positions per key", "sum over r of (-1)^r C(k,r) [C(m-r,k)/C(m,k)]^n", "")
	probesRead         = theory("bits read by a lookup of an absent key", "(1 - fill^k)/(1 - fill)", "bits")
	idealRate          = theory("best textbook rate, with a fraction of a hash", "e^(-b (ln 2)^2)", "")
	blockedExact       = theory("exact rate of a blocked filter", "sum over i of Poisson(i; B/b) exact(B, i, k), computed independently", "")
	splitBlock         = theory("rate of a split-block filter", "sum over i of Poisson(i; 256/b) (1 - (31/32)^i)^8, computed independently", "")
	measuredRate       = theory("rate of filters built here", "the layout's exact rate, within four standard errors", "")
	ourHashes          = theory("best whole number of hashes by the textbook rate", "the better neighbour of b ln 2", "")
)

// filterOf names a filter by its shape.
func filterOf(bits, keys uint64, hashes int) string {
	name := fmt.Sprintf(" %d bits, %d keys, %d hashes", bits, keys, hashes)
	return strings.TrimSpace(strings.NewReplacer(" 1 bits", " 1 bit", " 1 keys", " 1 key", " 1 hashes", " 1 hash").Replace(name))
}
