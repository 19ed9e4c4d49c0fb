package architecture

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuotedDocumentationExists wants every name behind a "go doc ./package" in a study to be one of that package.
func TestQuotedDocumentationExists(t *testing.T) {
	quoted := regexp.MustCompile(`go doc (\./[\w/]+)((?:(?:,| and)? [A-Z][\w.]+)+)`)
	found := 0
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.folder(), "examples/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, s.path))
		require.NoError(t, err)
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			for _, name := range regexp.MustCompile(`[A-Z][\w.]*\w`).FindAllString(m[2], -1) {
				cmd := exec.CommandContext(t.Context(), "go", "doc", m[1], name)
				cmd.Dir = root
				out, err := cmd.CombinedOutput()
				assert.NoError(t, err, "%s: go doc %s %s: %s", s.path, m[1], name, out)
				found++
			}
		}
	}
	assert.Greater(t, found, 20)
}

// twoScreens of text hold 110 lines.
const twoScreens = 110

func TestDocumentationFitsOnTwoScreens(t *testing.T) {
	for _, model := range models(t) {
		for _, pkg := range goList(t, "./"+model+"/...") {
			if strings.Contains(pkg, "/internal/") {
				continue
			}
			cmd := exec.CommandContext(t.Context(), "go", "doc", pkg)
			cmd.Dir = root
			out, err := cmd.Output()
			require.NoError(t, err)
			text := string(out)
			assert.LessOrEqual(t, strings.Count(text, "\n"), twoScreens, "go doc %s", pkg)
			if !strings.HasSuffix(pkg, "plot") {
				assert.Contains(t, text, "# The question", "go doc %s", pkg)
			}
		}
	}
}
