package replicationplot

import (
	"strings"

	"cloudconcepts/internal/units"
	"cloudconcepts/replication"
)

// LawText is a law of random times in words: "1 ms + exponential 2 ms" for 1ms+exp:2ms, "500 µs" for const:500µs.
func LawText(l replication.Law) string {
	text, least := l.String(), ""
	if before, after, ok := strings.Cut(text, "+"); ok && !strings.Contains(before, ":") {
		text, least = after, spaced(before)+" + "
	}
	name, list, _ := strings.Cut(text, ":")
	parts := strings.Split(list, ",")
	for i, p := range parts {
		parts[i] = spaced(p)
	}
	names := map[string]string{"const": "", "exp": "exponential ", "lognormal": "log-normal ", "hyper": "hyperexponential "}
	if word, ok := names[name]; ok {
		name = word
	} else {
		name += " "
	}
	return least + name + strings.Join(parts, ", ")
}

// spaced writes a duration for people, and KEY=VALUE with a blank; all else stays.
func spaced(text string) string {
	if d, err := units.ParseDuration(text); err == nil && d > 0 {
		return units.FormatDuration(d)
	}
	if text == "0s" {
		return "0"
	}
	return strings.Replace(text, "=", " ", 1)
}

// lawList is the laws of some links in words.
func lawList(laws []replication.Law) string {
	words := make([]string, len(laws))
	for i, l := range laws {
		words[i] = LawText(l)
	}
	return strings.Join(words, " / ")
}

// waitText is what a commit waits for, in words: ANY 2, FIRST 1 (standby 2).
func waitText(a replication.Acks) string {
	text := strings.NewReplacer(":", " ", "(", " (standby ", ",", ", ").Replace(a.String())
	return strings.NewReplacer("any", "ANY", "first", "FIRST").Replace(text)
}
