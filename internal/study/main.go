package study

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Main runs the program with the process's arguments and ends the process. The first interruption stops it cleanly,
// a second one at once.
func Main(p Program) {
	os.Exit(Process(p.Concept, p.Run))
}

// Process runs a function as a process: signals end its context, its error is printed, and the exit code returned.
func Process(name string, run func(ctx context.Context, args []string, stdout, stderr io.Writer) error) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	signal.Ignore(syscall.SIGPIPE)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, Message(name, err))
	}
	return ExitCode(err)
}

// Message is what a program prints about an error: its name, and each of several errors on its own line. A line that
// quotes a very long value is cut in its middle, since it ends with what to do.
func Message(name string, err error) string {
	if errors.Is(err, context.Canceled) {
		return name + ": interrupted"
	}
	var lines []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if !strings.HasPrefix(line, name+": ") {
			line = name + ": " + line
		}
		lines = append(lines, shortened(line))
	}
	return strings.Join(lines, "\n")
}

// shortened cuts out the middle of a text that no one would read.
func shortened(text string) string {
	const head, tail = 200, 400
	runes := []rune(text)
	if len(runes) <= head+tail {
		return text
	}
	return string(runes[:head]) + " ... " + string(runes[len(runes)-tail:])
}
