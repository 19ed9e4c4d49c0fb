// Command replication answers questions about replicated data, one study each.
package main

import (
	"cloudconcepts/examples/replication/studies"
	"cloudconcepts/internal/study"
)

func main() { study.Main(studies.Program()) }
