package units

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
)

func durationGrammar() grammar {
	return grammar{
		kind:    "duration",
		allowed: "numbers with ns, us, ms, s, m, h or d, at most 106751 days",
		example: "300ms, 4m12s or 1d12h",
		units: []unit{
			{"ns", 1},
			{"us", 1e3},
			{"µs", 1e3},
			{"μs", 1e3},
			{"ms", 1e6},
			{"s", 1e9},
			{"m", 60e9},
			{"h", 3600e9},
			{"d", 86400e9},
			{"min", 60e9},
		},
	}
}

// ParseDuration reads a duration in Go's syntax, and days: 300ms, 1.5s, 2d, 1d12h. A number needs a unit, except 0.
// Parts of a nanosecond are cut off.
func ParseDuration(s string) (time.Duration, error) {
	g := durationGrammar()
	rest := strings.TrimSpace(s)
	if rest == "0" {
		return 0, nil
	}
	if strings.HasPrefix(rest, "-") {
		return 0, g.fail(s, "it is negative")
	}
	if digits, _ := split(rest); strings.Trim(digits, "+-") == "" {
		return 0, g.fail(s, noNumber(rest))
	}
	sum := new(big.Rat)
	for rest != "" {
		part, after, err := nextPart(g, rest)
		if err != nil {
			return 0, g.fail(s, err.Error())
		}
		sum.Add(sum, part)
		rest = strings.TrimSpace(after)
	}
	n := new(big.Int).Quo(sum.Num(), sum.Denom())
	if !n.IsInt64() {
		return 0, g.fail(s, "it is too long")
	}
	return time.Duration(n.Int64()), nil
}

// nextPart cuts the first "12h" off and returns it in nanoseconds.
func nextPart(g grammar, s string) (*big.Rat, string, error) {
	i := 0
	for i < len(s) && (isDigit(s[i]) || s[i] == '.') {
		i++
	}
	digits, s := s[:i], strings.TrimLeft(s[i:], " ")
	r, ok := new(big.Rat).SetString(digits)
	if !ok {
		return nil, "", errors.New("this is not a number")
	}
	end := strings.IndexFunc(s, func(c rune) bool { return c == ' ' || c == '.' || '0' <= c && c <= '9' })
	if end < 0 {
		end = len(s)
	}
	name := s[:end]
	if name == "" {
		return nil, "", errors.New("a unit is missing")
	}
	for _, u := range g.units {
		if u.name == name {
			return r.Mul(r, new(big.Rat).SetFloat64(u.scale)), s[end:], nil
		}
	}
	return nil, "", errors.New("unknown unit \"" + name + "\"")
}

// FormatSeconds writes seconds for a reader: 290 ms, 12.1 s, 4 min 12 s, 2 h 3 min, 3 d 4 h.
func FormatSeconds(s float64) string {
	if text, ok := notFinite(s); ok {
		return text
	}
	if s < 0 {
		return "-" + FormatSeconds(-s)
	}
	switch {
	case s == 0:
		return "0 s"
	case s < 999.5e-9:
		return significant(s*1e9) + " ns"
	case s < 999.5e-6:
		return significant(s*1e6) + " µs"
	case s < 999.5e-3:
		return significant(s*1e3) + " ms"
	case s < 59.95:
		return significant(s) + " s"
	case s < 3599.5:
		return twoParts(math.Round(s), 60, " min", " s")
	case s < 86400-30:
		return twoParts(math.Round(s/60), 60, " h", " min")
	case s < 365*86400:
		return twoParts(math.Round(s/3600), 24, " d", " h")
	}
	if text := significant(s / (365.25 * 86400)); text != "1" {
		return text + " years"
	}
	return "1 year"
}

// FormatDuration writes a duration for a reader, like FormatSeconds.
func FormatDuration(d time.Duration) string { return FormatSeconds(d.Seconds()) }

func twoParts(n float64, per float64, large, small string) string {
	text := whole(math.Floor(n/per)) + large
	if rest := math.Mod(n, per); rest > 0 {
		text += " " + whole(rest) + small
	}
	return text
}

// DurationText writes a duration for the command line, exactly: 300ms, 1d12h, 4m12s.
func DurationText(d time.Duration) string {
	const day = 24 * time.Hour
	if d == 0 {
		return "0s"
	}
	if d < 0 {
		return d.String()
	}
	text := ""
	if d >= 2*day || d == day {
		text = strconv.FormatInt(int64(d/day), 10) + "d"
		d %= day
	}
	if d == 0 {
		return text
	}
	rest := d.String()
	if strings.HasSuffix(rest, "m0s") {
		rest = strings.TrimSuffix(rest, "0s")
	}
	if strings.HasSuffix(rest, "h0m") {
		rest = strings.TrimSuffix(rest, "0m")
	}
	return text + rest
}
