package main

import (
	"strings"
	"unicode/utf8"
)

const (
	shortAnswer  = 90  // characters that stand whole on the start page
	shortestLead = 35  // of what is cut
	longestLead  = 120 // of what is cut
)

// lead is the first part of an answer that says something by itself: all of a short one, else its first sentence or
// clause that is neither too short nor too long, else its beginning. A cut within a sentence is marked by an ellipsis.
func lead(answer string) string {
	if utf8.RuneCountInString(answer) <= shortAnswer {
		return answer
	}
	if sentence := clause(answer, ". "); sentence != "" {
		return sentence + "."
	}
	for _, end := range []string{"; ", ": "} {
		if part := clause(answer, end); part != "" {
			return part + " …"
		}
	}
	cut := answer[:longestLead]
	if bracket := strings.LastIndex(cut, " ("); bracket >= longestLead/2 {
		return cut[:bracket] + " …"
	}
	at := strings.LastIndex(cut, ", ")
	if at < longestLead/2 {
		at = strings.LastIndex(cut, " ")
	}
	return cut[:at] + " …"
}

// clause is what stands before one of these ends, from the start of the text on; it is empty if there is none of a good
// length.
func clause(text, end string) string {
	to := 0
	for part := range strings.SplitAfterSeq(text, end) {
		to += len(part)
		before, found := strings.CutSuffix(text[:to], end)
		n := utf8.RuneCountInString(before)
		if !found || n > longestLead {
			return ""
		}
		if n >= shortestLead && closed(before) && (end != ": " || !circumstance(before)) {
			return before
		}
	}
	return ""
}

// closed tells whether all brackets of a text are closed.
func closed(text string) bool { return strings.Count(text, "(") == strings.Count(text, ")") }

// circumstance tells whether a clause only says where or when something is true.
func circumstance(clause string) bool {
	first, _, _ := strings.Cut(clause, " ")
	return strings.Contains(" At Of With When Against From In ", " "+first+" ")
}
