// Package validation is for tests: it compares what a model gives with what a formula, a publication or a measurement
// says, and keeps every such comparison, so that VALIDATION.md can show them all.
//
// A test states a [Claim] and checks its cells:
//
//	gudkov := validation.Claim{Kind: validation.Published, Name: "...", Source: "...", Unit: "s"}
//	gudkov.Within(t, "1 Gbit/s, 300 ms", 97, r.Total, 1)
//
// The package of the test calls [Main] from its TestMain, which compares all cells with testdata/validation.csv. That file,
// and then VALIDATION.md and the table in README.md, are written anew by .ci/validate.
package validation
