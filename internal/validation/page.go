package validation

import (
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// casesPath is the page of all cases of a package, from its folder.
var casesPath = filepath.Join("testdata", "validation.md")

// A packet is a package with its claims.
type packet struct {
	folder string // from the root
	claims []claimed
}

// claimed is a claim with its cells.
type claimed struct {
	Claim
	cells []Cell
}

// worst is the cell that is nearest to the end of its tolerance, or farthest behind it.
func (c claimed) worst() Cell {
	return slices.MaxFunc(c.cells, func(a, b Cell) int {
		x, y := strain(a), strain(b)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// strain is the difference in tolerances.
func strain(c Cell) float64 {
	if c.Difference() == 0 {
		return 0
	}
	return math.Abs(c.Difference()) / c.Tolerance
}

// largest is the largest relative difference among the cells that are not 0.
func (c claimed) largest() float64 {
	most := 0.0
	for _, x := range c.cells {
		if x.Want != 0 {
			most = max(most, math.Abs(x.Difference()/x.Want))
		}
	}
	return most
}

// gaps counts the cells that are known to be off.
func (c claimed) gaps() int {
	n := 0
	for _, x := range c.cells {
		if x.Gap != "" {
			n++
		}
	}
	return n
}

// collect reads the cells of all packages below the folders of a root, in their order.
func collect(root string, folders ...string) ([]packet, error) {
	var list []packet
	for _, folder := range folders {
		first := len(list)
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, path) {
				return err
			}
			cells, err := read(name)
			dir, _ := filepath.Rel(root, filepath.Dir(filepath.Dir(name)))
			list = append(list, packet{folder: filepath.ToSlash(dir), claims: grouped(cells)})
			return err
		})
		if err != nil {
			return nil, err
		}
		slices.SortFunc(list[first:], func(a, b packet) int { return strings.Compare(a.folder, b.folder) })
	}
	return list, nil
}

// grouped are the claims of cells, the measured ones first, then the published ones, by name.
func grouped(cells []Cell) []claimed {
	var list []claimed
	for _, c := range cells {
		if len(list) == 0 || list[len(list)-1].Name != c.Claim.Name {
			list = append(list, claimed{Claim: c.Claim})
		}
		last := &list[len(list)-1]
		last.cells = append(last.cells, c)
	}
	slices.SortStableFunc(list, func(a, b claimed) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return list
}

// page is VALIDATION.md.
func page(list []packet) string {
	var b strings.Builder
	claims, cells, gaps := count(list)
	fmt.Fprintf(&b, `# Validation

What the models are checked against: %d comparisons in %d claims. Each is made by a test; this page is written from what the
tests compared, and a test fails when it is out of date. A claim is theory (a closed form or an exact computation), published (a
paper, a manual, a source text) or measured (on a real system). The line of a claim shows the case that is nearest to the end of
its tolerance; the link at a package's head leads to all of them. What is allowed follows from the digits that are printed, the
error of a measurement or four standard errors of a simulation; the tests say which.

## Known gaps

`, cells, claims)
	if gaps == 0 {
		b.WriteString("None.\n")
	} else {
		fmt.Fprintf(&b, "%d of the %d comparisons are off by more than their tolerance, for a known reason. A test fails when one closes.\n\n", gaps, cells)
		b.WriteString("| package | claim | off | farthest case | expected | ours | difference | why |\n| --- | --- | ---: | --- | ---: | ---: | ---: | --- |\n")
		for _, p := range list {
			p.gaps(&b)
		}
	}
	b.WriteString("\n## Packages\n\n| package | measured | published | theory | known gaps |\n| --- | ---: | ---: | ---: | ---: |\n")
	for _, p := range list {
		p.summary(&b)
	}
	for _, p := range list {
		p.section(&b)
	}
	return b.String()
}

func count(list []packet) (claims, cells, gaps int) {
	for _, p := range list {
		claims += len(p.claims)
		for _, c := range p.claims {
			cells += len(c.cells)
			gaps += c.gaps()
		}
	}
	return claims, cells, gaps
}

// gaps are the claims with known gaps, a line for each reason.
func (p packet) gaps(b *strings.Builder) {
	for _, c := range p.claims {
		for _, why := range c.reasons() {
			off := slices.DeleteFunc(slices.Clone(c.cells), func(x Cell) bool { return x.Gap != why })
			x := claimed{c.Claim, off}.worst()
			fmt.Fprintf(b, "| `%s` | %s | %d of %d | %s | %s | %s | %s | %s |\n", p.folder, escape(c.Name), len(off), len(c.cells), escape(x.Name),
				digits(x.Want, c.Unit), digits(x.Got, c.Unit), difference(x), escape(why))
		}
	}
}

// reasons of known gaps, each once.
func (c claimed) reasons() []string {
	var list []string
	for _, x := range c.cells {
		if x.Gap != "" && !slices.Contains(list, x.Gap) {
			list = append(list, x.Gap)
		}
	}
	return list
}

// summary is how much a package is compared with.
func (p packet) summary(b *strings.Builder) {
	cells, gaps := map[Kind]int{}, 0
	for _, c := range p.claims {
		cells[c.Kind] += len(c.cells)
		gaps += c.gaps()
	}
	fmt.Fprintf(b, "| [%s](#%s) | %d | %d | %d | %d |\n", p.folder, strings.ReplaceAll(p.folder, "/", ""), cells[Measured], cells[Published], cells[Theory], gaps)
}

func (p packet) section(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n[All cases](%s/%s)\n\n", p.folder, p.folder, filepath.ToSlash(casesPath))
	b.WriteString("| claim | kind | source | cases | worst case | expected | ours | difference | allowed | |\n" +
		"| --- | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | --- |\n")
	for _, c := range p.claims {
		x := c.worst()
		fmt.Fprintf(b, "| %s | %s | %s | %d | %s | %s | %s | %s | %s | %s |\n", escape(c.Name), c.Kind, escape(c.Source), len(c.cells),
			escape(x.Name), digits(x.Want, c.Unit), digits(x.Got, c.Unit), difference(x), allowed(x), verdict(x))
	}
}

// cases is the page of all cases of a package.
func (p packet) cases() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: all cases\n\nAll that the tests of this package compare, written by them. VALIDATION.md, at the top, has the sources.\n\n| claim | case | expected | ours | difference | allowed | |\n"+
		"| --- | --- | ---: | ---: | ---: | ---: | --- |\n", p.folder)
	for _, c := range p.claims {
		for _, x := range c.cells {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", escape(c.Name), escape(x.Name), digits(x.Want, c.Unit), digits(x.Got, c.Unit),
				difference(x), allowed(x), verdict(x))
		}
	}
	return b.String()
}

func verdict(c Cell) string {
	switch {
	case c.Gap != "":
		return "gap"
	case c.Passes():
		return "pass"
	}
	return "FAIL"
}

// digits is a number with its unit, with six digits.
func digits(x float64, unit string) string {
	return strings.TrimSpace(short(x, 6) + " " + unit)
}

// short is a number of so many digits.
func short(x float64, digits int) string {
	text := strconv.FormatFloat(x, 'g', digits, 64)
	if math.Abs(x) < 1e6 && strings.Contains(text, "e+") {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strings.Replace(strings.Replace(text, "e+", "e", 1), "e0", "e", 1)
}

// difference is relative where it can be.
func difference(c Cell) string { return share(c.Difference(), c.Want) }

func allowed(c Cell) string { return share(c.Tolerance, c.Want) }

func share(x, of float64) string {
	switch {
	case x == 0:
		return "0"
	case of == 0 || math.IsInf(of, 0):
		return short(x, 2)
	}
	return short(100*x/math.Abs(of), 2) + " %"
}

func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`, "_", `\_`).Replace(text)
}

// replaced is the text with other lines between the two marks of that name.
func replaced(text, mark, lines string) (string, error) {
	begin, end := "<!-- "+mark+" -->\n", "<!-- end of "+mark+" -->\n"
	before, rest, found := strings.Cut(text, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return "", fmt.Errorf("no lines between %q and %q", begin, end)
	}
	return before + begin + lines + end + after, nil
}

// settlePage writes a file, or wants it to hold the text.
func settlePage(file, text string, write bool) error {
	if write {
		return os.WriteFile(file, []byte(text), 0o644)
	}
	old, err := os.ReadFile(file)
	if err == nil && string(old) != text {
		err = fmt.Errorf("%s is out of date: .ci/validate writes it anew", filepath.Base(file))
	}
	return err
}
