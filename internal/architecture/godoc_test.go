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

// TestQuotedDocumentationExists wants every "go doc ./package Name" in a study to run as it stands: go doc takes one name.
func TestQuotedDocumentationExists(t *testing.T) {
	quoted := regexp.MustCompile(`go doc (\./[\w/]+)((?:(?:,| and)? [A-Z][\w.]*\w)*)`)
	found := 0
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.folder(), "examples/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, s.path))
		require.NoError(t, err)
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			args := append([]string{"doc", m[1]}, strings.Fields(m[2])...)
			cmd := exec.CommandContext(t.Context(), "go", args...)
			cmd.Dir = root
			out, err := cmd.CombinedOutput()
			assert.NoError(t, err, "%s: %s: %s", s.path, m[0], out)
			assert.LessOrEqual(t, len(args), 3, "%s: %s: one command for each name", s.path, m[0])
			found++
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
