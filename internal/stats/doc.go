// Package stats has what the models need to tell a measured number with its uncertainty: streaming moments, Student's t
// and the Clopper-Pearson interval, without a dependency.
package stats
