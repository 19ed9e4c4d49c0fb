// Command livemigration answers questions about live migration, one study each.
package main

import (
	"cloudconcepts/examples/livemigration/studies"
	"cloudconcepts/internal/study"
)

func main() { study.Main(studies.Program()) }
