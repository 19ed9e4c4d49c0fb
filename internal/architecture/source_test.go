package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the module's folder, seen from here.
const root = "../.."

// models are the packages that simulate a concept; those that do not exist yet are left out.
func models(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, name := range []string{"bloom", "livemigration", "queue", "replication", "coldstart"} {
		if _, err := os.Stat(filepath.Join(root, name)); err == nil {
			list = append(list, name)
		}
	}
	require.NotEmpty(t, list)
	return list
}

// A source is a Go file.
type source struct {
	path string // from the root
	set  *token.FileSet
	file *ast.File
}

func (s source) folder() string        { return filepath.ToSlash(filepath.Dir(s.path)) }
func (s source) line(p token.Pos) int  { return s.set.Position(p).Line }
func (s source) at(p token.Pos) string { return s.set.Position(p).String() }

// in tells whether the file belongs to one of the packages or to a part of it, other than its charts.
func (s source) in(packages []string) bool {
	top, rest, _ := strings.Cut(s.folder(), "/")
	return slices.Contains(packages, top) && !strings.HasSuffix(rest, "plot")
}

// sources are all Go files of the module but the tests.
func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || isOutput(path)) {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		s := source{set: token.NewFileSet()}
		if s.path, err = filepath.Rel(root, path); err != nil {
			return err
		}
		s.file, err = parser.ParseFile(s.set, path, nil, parser.ParseComments)
		list = append(list, s)
		return err
	})
	require.NoError(t, err)
	require.Greater(t, len(list), 50)
	return list
}

// isOutput tells whether a folder holds results, which a program has marked with a .gitignore of its own.
func isOutput(folder string) bool {
	text, err := os.ReadFile(filepath.Join(folder, ".gitignore"))
	return err == nil && strings.TrimSpace(string(text)) == "*"
}
