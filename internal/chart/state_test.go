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
			stateless(t, name, d)
		}
	}
}

// stateless allows only the variables named _ that check an interface.
func stateless(t *testing.T, file string, d ast.Decl) {
	if f, ok := d.(*ast.FuncDecl); ok {
		assert.NotEqual(t, "init", f.Name.Name, file)
	}
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR {
		return
	}
	for _, s := range g.Specs {
		for _, n := range s.(*ast.ValueSpec).Names {
			assert.Equal(t, "_", n.Name, "%s has a package variable", file)
		}
	}
}
