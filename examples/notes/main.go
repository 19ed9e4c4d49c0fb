// Notes runs every study of every concept and writes a folder of study notes: a page per concept as Markdown, and
// everything in one self-contained HTML file.
//
//	go run ./examples/notes
package main

import (
	"context"
	"io"
	"os"

	"cloudconcepts/internal/study"
)

func main() {
	os.Exit(study.Process("notes", func(ctx context.Context, args []string, stdout, stderr io.Writer) error {
		return run(ctx, programs(), args, stdout, stderr)
	}))
}
