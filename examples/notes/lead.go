package main

import "strings"

const (
	shortAnswer = 90  // characters that stand whole on the start page
	longestLead = 120 // of what is cut
)

// lead is the first part of an answer that says something by itself: all of a short one, else its first clause, else
// its beginning.
func lead(answer string) string {
	if len(answer) <= shortAnswer {
		return answer
	}
	for _, end := range []string{". ", ": ", "; "} {
		clause, _, found := strings.Cut(answer, end)
		if found && len(clause) <= longestLead && closed(clause) && (end != ": " || !circumstance(clause)) {
			return clause + "."
		}
	}
	cut := answer[:longestLead]
	at := max(strings.LastIndex(cut, ", "), strings.LastIndex(cut, " ("))
	if at < longestLead/2 || !closed(cut[:at]) {
		at = strings.LastIndex(cut, " ")
	}
	return cut[:at] + " …"
}

// closed tells whether all brackets of a text are closed.
func closed(text string) bool { return strings.Count(text, "(") == strings.Count(text, ")") }

// circumstance tells whether a clause only says where or when something is true.
func circumstance(clause string) bool {
	first, _, _ := strings.Cut(clause, " ")
	return strings.Contains(" At Of With When Against From In ", " "+first+" ")
}
