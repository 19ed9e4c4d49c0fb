// Command bloom answers questions about Bloom filters, one study each.
package main

import (
	"cloudconcepts/examples/bloom/studies"
	"cloudconcepts/internal/study"
)

func main() { study.Main(studies.Program()) }
