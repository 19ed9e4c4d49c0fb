package study

// Usage makes an error one of the caller's, which ends the program with exit code 2.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{err}
}

// Suggestion is the text "; did you mean X?" with the candidate nearest to what was given, or nothing if none is near.
func Suggestion(given string, candidates []string) string { return suggestion(given, candidates, "") }
