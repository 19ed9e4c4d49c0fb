package studytest

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cloudconcepts/internal/study"
)

// WrongValues gives every flag of every study values that no flag of its kind can have. Each is a usage error of a few
// lines that names the flag, and nothing is printed or written.
func WrongValues(t *testing.T, p study.Program) {
	t.Helper()
	t.Chdir(t.TempDir()) // any file would appear here
	for _, s := range p.Studies() {
		flags := flagsOf(t, p, s.Name)
		require.Contains(t, flags, "runs")
		for flag, kind := range flags {
			for _, value := range wrong(kind) {
				stdout, err := Run(t, p, s.Name, "--quick", "--"+flag+"="+value)
				message := study.Message(p.Concept, err)
				short := value[:min(len(value), 40)]
				assert.Equal(t, 2, study.ExitCode(err), "%s --%s=%s: %s", s.Name, flag, short, message)
				assert.Contains(t, message, "--"+flag, "%s --%s=%s", s.Name, flag, short)
				assert.Less(t, len(message), 2000, "%s --%s=%s", s.Name, flag, short)
				assert.Empty(t, stdout, "%s --%s=%s", s.Name, flag, short)
			}
		}
	}
	assert.Empty(t, readAll(t, "."))
}

// wrong are texts that are no values of a flag of this kind, as the help names it.
func wrong(kind string) []string {
	list := strings.HasSuffix(kind, ",...")
	kind = strings.TrimSuffix(kind, ",...")
	values := []string{"", "NaN", "+Inf", "-Inf", "1e30s?", strings.Repeat("x", 10_000)}
	switch {
	case kind == "DIR":
		return []string{""}
	case kind == "TEXT":
		values = nil // any text may do
	case kind == "TIME":
		values = append(values, "-1s", "5", "5GiB", "1e30s", "9223372036854775807s", "106752d")
	case kind == "SIZE":
		values = append(values, "-1", "0.5", "5s", "1e300", "9223372036854775808", "4.9e-324")
	case kind == "COUNT":
		values = append(values, "-1", "0.5", "5s", "1e300", "9223372036854775808", "4.9e-324")
	case kind == "N":
		values = append(values, "0.5", "5s", "1e300", "18446744073709551616", "4.9e-324")
	case kind == "FRACTION":
		values = append(values, "-0.1", "1.1", "101%", "5s")
	case kind == "RATE":
		values = append(values, "-1", "5s", "1e400", strings.Repeat("9", 10_000))
	case kind == "NUMBER":
		values = append(values, "5s", "1e400")
	}
	if list {
		values = append(values, ",", strings.Repeat("1,", 10_000)+"1")
	}
	return values
}

// flagsOf are the flags of a study that take a value, and the kinds of their values, as its help lists them.
func flagsOf(t *testing.T, p study.Program, name string) map[string]string {
	t.Helper()
	help, err := Run(t, p, name, "--help")
	require.NoError(t, err)
	flags := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +--([a-z0-9-]+) (\S+)(?:  .*)?$`).FindAllStringSubmatch(help, -1) {
		flags[m[1]] = m[2]
	}
	return flags
}

// Interrupted interrupts a full run of every study soon after its start: it ends, as interrupted, and leaves nothing.
func Interrupted(t *testing.T, p study.Program) {
	t.Helper()
	for _, s := range p.Studies() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				time.Sleep(5 * time.Millisecond)
				cancel()
			}()
			var stdout bytes.Buffer
			err := p.Run(ctx, []string{s.Name, "--out", dir + "/out"}, &stdout, io.Discard)
			if err == nil {
				return // it was faster
			}
			assert.Equal(t, 130, study.ExitCode(err), "%v", err)
			assert.Empty(t, stdout.String())
			assert.NoDirExists(t, dir+"/out")
		})
	}
}
