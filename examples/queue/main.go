// Command queue answers questions about queues and backpressure, one study each.
package main

import (
	"cloudconcepts/examples/queue/studies"
	"cloudconcepts/internal/study"
)

func main() { study.Main(studies.Program()) }
