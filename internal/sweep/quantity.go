package sweep

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"cloudconcepts/internal/units"
)

// quantity reads a text where a number belongs, such as 8GiB, by the unit in which the field's name ends.
func quantity(name, text string, isDuration bool) (float64, error) {
	ends := func(suffix string) bool { return name == suffix || strings.HasSuffix(name, "_"+suffix) }
	switch {
	case isDuration || ends("ns"):
		d, err := units.ParseDuration(text)
		return float64(d), err
	case ends("bytes_per_s"):
		return units.ParseRate(text)
	case ends("bytes"):
		n, err := units.ParseBytes(text)
		return float64(n), err
	case ends("per_s"):
		return units.ParseFrequency(text)
	case ends("s"):
		d, err := units.ParseDuration(text)
		return d.Seconds(), err
	}
	if x, err := units.ParseFloat(text); err == nil {
		return x, nil
	}
	if n, err := units.ParseCount(text); err == nil {
		return float64(n), nil
	}
	if strings.HasSuffix(strings.TrimSpace(text), "%") {
		return units.ParseFraction(text)
	}
	return units.ParseFloat(text)
}

// numeric tells whether a field's name ends in a unit, so that it holds a number whatever it is a field of.
func numeric(name string) bool {
	for _, unit := range []string{"_ns", "_bytes", "_per_s", "_s"} {
		if strings.HasSuffix(name, unit) {
			return true
		}
	}
	return false
}

// number writes x for JSON, without an exponent if it is whole, which is what a field of whole numbers takes.
func number(x float64) json.Number {
	if x == math.Trunc(x) && math.Abs(x) < 1e18 {
		return json.Number(strconv.FormatInt(int64(x), 10))
	}
	return json.Number(strconv.FormatFloat(x, 'g', -1, 64))
}

// Split separates a name from the unit that it ends in, so that a statistic can stand between them: wait_p99 and _s.
func Split(name string) (stem, unit string) {
	for _, unit := range []string{"_bytes_per_s", "_gb_s", "_per_s", "_bytes", "_seconds", "_ns", "_s", "_usd", "_fraction", "_probability"} {
		if stem, ok := strings.CutSuffix(name, unit); ok && stem != "" {
			return stem, unit
		}
	}
	return name, ""
}

// Unit is the unit in which a name ends, as internal/study calls it: s, B, B/s, 1/s, fraction, $ or nothing.
func Unit(name string) string {
	_, unit := Split(name)
	switch unit {
	case "_bytes_per_s":
		return "B/s"
	case "_per_s":
		return "1/s"
	case "_bytes":
		return "B"
	case "_s", "_seconds":
		return "s"
	case "_ns":
		return "ns"
	case "_usd":
		return "$"
	case "_fraction", "_probability":
		return "fraction"
	}
	return ""
}
