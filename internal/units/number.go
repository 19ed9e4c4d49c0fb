package units

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// A grammar is one kind of quantity: a number followed by one of some units.
type grammar struct {
	kind    string
	allowed string
	example string
	units   []unit
}

// A unit is a name that may follow a number, and what the number is then multiplied by.
type unit struct {
	name  string
	scale float64
}

func (g grammar) fail(value, problem string) error {
	return &Error{Kind: g.kind, Value: value, Problem: problem, Allowed: g.allowed, Example: g.example}
}

// parse reads a number and its unit and returns the product; it is never NaN, infinite or negative.
func (g grammar) parse(s string) (float64, error) {
	text := strings.TrimSpace(s)
	digits, name := split(text)
	if strings.Trim(digits, "+-") == "" {
		return 0, g.fail(s, noNumber(text))
	}
	x, err := strconv.ParseFloat(digits, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, g.fail(s, "the number is too large")
	}
	if err != nil {
		return 0, g.fail(s, "this is not a number")
	}
	scale, ok := g.scale(name)
	if !ok {
		return 0, g.fail(s, g.unknown(name))
	}
	if math.Signbit(x) && x != 0 {
		return 0, g.fail(s, "it is negative")
	}
	x = scaled(digits, x, scale)
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0, g.fail(s, "the number is too large")
	}
	return math.Abs(x), nil
}

// scaled multiplies without rounding twice: a unit that is a power of ten moves the decimal exponent of the text.
func scaled(digits string, x, scale float64) float64 {
	exp := math.Round(math.Log10(scale))
	if scale == 1 || math.Pow(10, exp) != scale || strings.ContainsAny(digits, "eE") {
		return x * scale
	}
	if y, err := strconv.ParseFloat(digits+"e"+strconv.Itoa(int(exp)), 64); err == nil {
		return y
	}
	return x * scale
}

// scale finds a unit. Capitals matter only where they tell bytes (B) from bits (b).
func (g grammar) scale(name string) (float64, bool) {
	for _, u := range g.units {
		if u.name == name {
			return u.scale, true
		}
	}
	for _, u := range g.units {
		if strings.EqualFold(u.name, name) && strings.Contains(u.name, "B") == strings.Contains(name, "B") {
			return u.scale, true
		}
	}
	return 0, false
}

func (g grammar) unknown(name string) string {
	problem := "unknown unit " + strconv.Quote(name)
	for _, u := range g.units {
		if strings.EqualFold(u.name, name) {
			return problem + ", did you mean " + u.name + "?"
		}
	}
	return problem
}

// split cuts "1.5GiB" into "1.5" and "GiB"; an exponent stays with the number.
func split(s string) (digits, name string) {
	i := 0
	for i < len(s) && (isNumeric(s[i]) || isExponent(s, i)) {
		i++
	}
	return strings.ReplaceAll(s[:i], "_", ""), strings.TrimSpace(s[i:])
}

func isDigit(c byte) bool   { return '0' <= c && c <= '9' }
func isNumeric(c byte) bool { return isDigit(c) || c == '.' || c == '_' || c == '-' || c == '+' }

func isExponent(s string, i int) bool {
	if i == 0 || (s[i] != 'e' && s[i] != 'E') || !(isDigit(s[i-1]) || s[i-1] == '.') {
		return false
	}
	rest := strings.TrimLeft(s[i+1:], "+-")
	return rest != "" && isDigit(rest[0])
}

func noNumber(text string) string {
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case "":
		return "it is empty"
	case "nan":
		return "NaN is not a quantity"
	case "inf", "infinity":
		return "it must be finite"
	}
	return "it does not start with a number"
}
