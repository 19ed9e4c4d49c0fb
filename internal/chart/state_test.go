package chart

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Figures are drawn in parallel and must not influence each other: the package
// has no variables and no init.
func TestNoState(t *testing.T) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, file := range files {
		name := file.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				assert.NotEqual(t, "init", d.Name.Name, name)
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					onlyChecks(t, name, d)
				}
			}
		}
	}
}

// onlyChecks allows the var _ I = T{} that checks an interface.
func onlyChecks(t *testing.T, file string, d *ast.GenDecl) {
	for _, s := range d.Specs {
		for _, n := range s.(*ast.ValueSpec).Names {
			assert.Equal(t, "_", n.Name, "%s has a package variable", file)
		}
	}
}
