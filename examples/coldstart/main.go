// Command coldstart answers questions about serverless cold starts, one study each.
package main

import (
	"cloudconcepts/examples/coldstart/studies"
	"cloudconcepts/internal/study"
)

func main() { study.Main(studies.Program()) }
