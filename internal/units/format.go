package units

import (
	"math"
	"strconv"
	"strings"
)

// notFinite names the numbers that have no digits.
func notFinite(x float64) (string, bool) {
	switch {
	case math.IsNaN(x):
		return "n/a", true
	case math.IsInf(x, 1):
		return "infinite", true
	case math.IsInf(x, -1):
		return "-infinite", true
	}
	return "", false
}

// prefixed divides by the base until the number is readable and names the unit reached.
func prefixed(x, base float64, names []string) string {
	if x < 0 {
		return "-" + prefixed(-x, base, names)
	}
	i := 0
	for x >= base*0.9995 && i < len(names)-1 {
		x /= base
		i++
	}
	return significant(x) + names[i]
}

// significant rounds to three digits, or to a whole number from 1000 on, and drops trailing zeros.
func significant(x float64) string {
	if math.Abs(x) >= 999.5 {
		return whole(math.Round(x))
	}
	return trimmed(x, 3)
}

// trimmed rounds to so many digits, without an exponent and without trailing zeros.
func trimmed(x float64, digits int) string {
	if x == 0 {
		return "0"
	}
	decimals := digits - 1 - int(math.Floor(math.Log10(math.Abs(x))))
	text := strconv.FormatFloat(x, 'f', max(0, min(decimals, 18)), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

func whole(x float64) string { return separated(strconv.FormatFloat(x, 'f', 0, 64)) }

// separated puts a comma before every third digit from the right.
func separated(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if digits == "0" {
		return digits
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
