package validation

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// questions are the five of README.md.
func questions() []question {
	return []question{
		{
			"Why does my migration never finish?", "livemigration", "rounds",
			"Rounds of a live migration: each sends what became dirty in the one before",
			[]against{
				{"livemigration", []string{"total time on QEMU 7.2", "bytes sent by QEMU 7.2"}, "time and traffic of migrations measured on QEMU 7.2"},
				{"livemigration", []string{"predicted total time of a 32 GiB memcached guest by link and downtime limit"}, "published predictions for a memcached guest"},
			},
		},
	}
}

// TestPages wants VALIDATION.md and the table of README.md to be what the packages' cells say, or writes them.
func TestPages(t *testing.T) {
	list, err := collect(root, "livemigration", "bloom", "queue", "replication", "coldstart")
	require.NoError(t, err)
	for _, p := range list {
		for _, c := range p.claims {
			for _, x := range c.cells {
				assert.True(t, x.Passes() != (x.Gap != ""), "%s: %s, %s", p.folder, c.Name, x.Name)
			}
		}
	}
	require.NoError(t, settlePage(filepath.Join(root, "VALIDATION.md"), page(list), *update))

	readme := filepath.Join(root, "README.md")
	old, err := os.ReadFile(readme)
	require.NoError(t, err)
	rows, err := table(list, questions())
	require.NoError(t, err)
	text, err := replaced(string(old), "questions", rows)
	require.NoError(t, err)
	require.NoError(t, settlePage(readme, text, *update))
}
