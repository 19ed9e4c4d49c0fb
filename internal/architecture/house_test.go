package architecture

import (
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	mostLines         = 300 // of a file
	mostFunctionLines = 60
	deepestNesting    = 3
)

func TestModelsAreIndependentAndSmall(t *testing.T) {
	all := models(t)
	for _, model := range all {
		for _, dependency := range dependencies(t, model) {
			for _, other := range all {
				inside := dependency == "cloudconcepts/"+other || strings.HasPrefix(dependency, "cloudconcepts/"+other+"/")
				assert.False(t, other != model && inside, "%s imports %s", model, dependency)
			}
			for _, heavy := range []string{"gonum.org/v1/plot", "github.com/spf13/pflag", "cloudconcepts/internal/study", "cloudconcepts/internal/chart"} {
				assert.False(t, strings.HasPrefix(dependency, heavy), "%s reaches %s", model, dependency)
			}
		}
	}
}

// dependencies are all packages that a model and its parts reach, but for its charts.
func dependencies(t *testing.T, model string) []string {
	t.Helper()
	parts := goList(t, "./"+model+"/...")
	parts = slices.DeleteFunc(parts, func(part string) bool { return strings.HasSuffix(part, "plot") })
	list := goList(t, append([]string{"-deps"}, parts...)...)
	require.Contains(t, list, parts[0])
	return list
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = root
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	require.NoError(t, err)
	require.NotEmpty(t, out)
	return strings.Fields(string(out))
}

// The functions and types of math/rand/v2 and of time that a model may use: those that need no global state.
var (
	pureRandom = []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}
	impureTime = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
)

func TestModelsArePure(t *testing.T) {
	folders := models(t)
	for _, s := range sources(t) {
		if !s.in(folders) {
			continue
		}
		for _, i := range s.file.Imports {
			assert.NotEqual(t, `"math/rand"`, i.Path.Value, "%s: use internal/rng", s.at(i.Pos()))
		}
		for _, d := range s.file.Decls {
			checkState(t, s, d)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				checkCall(t, s, selector)
			}
			return true
		})
	}
}

func checkCall(t *testing.T, s source, selector *ast.SelectorExpr) {
	t.Helper()
	if of, ok := selector.X.(*ast.Ident); ok && of.Obj == nil {
		name := selector.Sel.Name
		assert.False(t, of.Name == "time" && slices.Contains(impureTime, name), "%s: time.%s in a model", s.at(selector.Pos()), name)
		global := of.Name == "rand" && !slices.Contains(pureRandom, name)
		assert.False(t, global, "%s: rand.%s draws from a global stream; use internal/rng", s.at(selector.Pos()), name)
	}
}

// checkState refuses init functions and package variables that can change.
func checkState(t *testing.T, s source, d ast.Decl) {
	t.Helper()
	if f, ok := d.(*ast.FuncDecl); ok {
		assert.False(t, f.Recv == nil && f.Name.Name == "init", "%s: func init in a model", s.at(f.Pos()))
		return
	}
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.VAR {
		return
	}
	for _, spec := range g.Specs {
		v, ok := spec.(*ast.ValueSpec)
		allowed := ok && (v.Names[0].Name == "_" || isError(v) || isEmbedded(g.Doc) || isEmbedded(v.Doc))
		assert.True(t, allowed, "%s: variable %s of the package in a model", s.at(spec.Pos()), v.Names[0].Name)
	}
}

func isError(v *ast.ValueSpec) bool {
	if len(v.Values) != 1 {
		return false
	}
	call, ok := v.Values[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	return ok && (f.Sel.Name == "New" || f.Sel.Name == "Errorf") && strings.HasPrefix(strings.ToLower(v.Names[0].Name), "err")
}

func isEmbedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

func TestRoomsAreSmall(t *testing.T) {
	for _, s := range sources(t) {
		lines := s.set.File(s.file.Pos()).LineCount()
		assert.LessOrEqual(t, lines-1, mostLines, "%s: lines of the file", s.path)
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			assert.LessOrEqual(t, s.line(f.End())-s.line(f.Pos())+1, mostFunctionLines, "%s: lines of %s", s.at(f.Pos()), f.Name.Name)
			assert.LessOrEqual(t, nesting(f.Body), deepestNesting, "%s: nesting of %s", s.at(f.Pos()), f.Name.Name)
		}
	}
}

// nesting is how deep if, for, switch and select stand inside one another; an else if is no deeper than its if.
func nesting(n ast.Node) int {
	deepest := 0
	ast.Inspect(n, func(inner ast.Node) bool {
		if inner == n {
			return true
		}
		switch block := inner.(type) {
		case *ast.IfStmt:
			deepest = max(deepest, chain(block))
			return false
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			deepest = max(deepest, 1+nesting(inner))
			return false
		}
		return true
	})
	return deepest
}

func chain(i *ast.IfStmt) int {
	deepest := 1 + nesting(i.Body)
	if i.Init != nil {
		deepest = max(deepest, nesting(i.Init))
	}
	switch rest := i.Else.(type) {
	case *ast.IfStmt:
		deepest = max(deepest, chain(rest))
	case *ast.BlockStmt:
		deepest = max(deepest, 1+nesting(rest))
	}
	return max(deepest, nesting(i.Cond))
}

func TestNames(t *testing.T) {
	for _, s := range sources(t) {
		name := s.file.Name.Name
		for _, vague := range []string{"util", "utils", "common", "helpers", "misc"} {
			assert.NotEqual(t, vague, name, s.path)
			assert.NotEqual(t, vague, path.Base(s.folder()), s.path)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				assert.False(t, stutters(name, spec.Name.Name), "%s: %s.%s stutters", s.at(spec.Pos()), name, spec.Name.Name)
			}
			return true
		})
	}
}

// stutters tells whether a type's name starts with the whole word of its package's.
func stutters(pkg, name string) bool {
	if len(name) <= len(pkg) || !strings.EqualFold(name[:len(pkg)], pkg) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(name[len(pkg):])
	return unicode.IsUpper(next)
}

func TestStutters(t *testing.T) {
	assert.True(t, stutters("queue", "QueueConfig"))
	assert.False(t, stutters("queue", "Queue"))
	assert.False(t, stutters("par", "Parameter"))
	assert.False(t, stutters("queue", "Config"))
}

func TestTopLevelHoldsOnlyWhatBelongsThere(t *testing.T) {
	allowed := append([]string{
		".ci", ".git", ".gitignore", ".gitattributes", "BENCHMARKS.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md",
		"VALIDATION.md", "docs", "examples", "go.mod", "go.sum", "internal",
	}, models(t)...)
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, e := range entries {
		output := e.IsDir() && isOutput(filepath.Join(root, e.Name()))
		assert.True(t, output || slices.Contains(allowed, e.Name()), "%s does not belong at the top level", e.Name())
	}
}
