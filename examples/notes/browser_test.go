//go:build external

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// probe is added to a copy of the page and tells its frame what a reader would see.
const probe = `<script>
addEventListener("load", async () => {
  const images = [...document.images];
  document.querySelectorAll("details").forEach(d => { d.removeAttribute("name"); d.open = true });
  images.forEach(i => i.loading = "eager");
  await Promise.all(images.map(i => i.decode().catch(() => 0)));
  const box = e => e.getBoundingClientRect();
  parent.postMessage(JSON.stringify({
    width: innerWidth, overflow: document.documentElement.scrollWidth - innerWidth,
    images: images.length, broken: images.filter(i => i.naturalWidth == 0 || box(i).width < 200 || box(i).height < 100).length,
    wide: [...document.querySelectorAll(".figure,.scroll,pre")].filter(e => box(e).right > innerWidth).length,
    dark: images.filter(i => i.currentSrc == new URL(i.parentNode.querySelector("source").srcset).href).length,
    clipped: [...document.querySelectorAll("p,li,h1,h2,h3,pre,summary")].filter(e => box(e).right > innerWidth + 1 && !e.closest(".scroll,nav")).length,
    height: document.documentElement.scrollHeight,
  }), "*");
});
</script>`

type seen struct{ Width, Overflow, Images, Broken, Wide, Dark, Clipped, Height int }

// probed is a copy of a page with the probe, which its own policy would forbid.
func probed(t *testing.T, page string) string {
	t.Helper()
	const policy = `http-equiv="Content-Security-Policy"`
	require.Contains(t, page, policy)
	return strings.Replace(page, policy, `name="no-policy"`, 1) + probe
}

// TestThePageInABrowser looks at the page in headless Chromium: on a phone and on a wide screen, in both themes.
func TestThePageInABrowser(t *testing.T) {
	dir := write(t)
	page := read(t, dir, "index.html")
	onEveryScreen(t, page, func(t *testing.T, site *site, url string, width int, theme string) {
		t.Helper()
		site.pages["/frame.html"] = frame("probed.html", width, 3000)
		got := look(t, url+"/frame.html", theme)
		check(t, got, width, theme, 2)

		site.reset()
		site.pages["/frame.html"] = frame("index.html", width, got.Height)
		shot := screenshot(t, url+"/frame.html", theme, max(width, 500), got.Height)
		assert.Equal(t, []string{"/frame.html", "/index.html"}, site.reset(), "requests")
		r, _, _, _ := shot.At(width/2, 4).RGBA()
		assert.Equal(t, map[string]uint32{"light": 0xff, "dark": 0x0d}[theme], r>>8, "background")
	})
}

// TestTheRealNotesInABrowser does the same with the notes that a reader gets, from a server and as a file.
func TestTheRealNotesInABrowser(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), programs(), []string{"--quick", "--out", dir}, &out, t.Output()))
	studies := 0
	for _, p := range programs() {
		studies += len(p.Studies())
	}
	require.Contains(t, out.String(), fmt.Sprintf("%d of %d questions answered.", studies, studies))
	page := read(t, dir, "index.html")
	for _, id := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		require.Equal(t, 1, strings.Count(page, `id="`+id[1]+`"`), "the target of #%s", id[1])
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "probed.html"), []byte(probed(t, page)), 0o600))
	onEveryScreen(t, page, func(t *testing.T, site *site, url string, width int, theme string) {
		t.Helper()
		site.pages["/frame.html"] = frame("probed.html", width, 3000)
		check(t, look(t, url+"/frame.html", theme), width, theme, studies)

		site.reset()
		site.pages["/frame.html"] = frame("index.html", width, 1000)
		screenshot(t, url+"/frame.html", theme, max(width, 500), 1000)
		assert.Equal(t, []string{"/frame.html", "/index.html"}, site.reset(), "requests")

		path := filepath.Join(dir, fmt.Sprintf("frame-%d-%s.html", width, theme))
		require.NoError(t, os.WriteFile(path, []byte(frame("probed.html", width, 3000)), 0o600))
		check(t, look(t, "file://"+path, theme), width, theme, studies)
		chromium(t, theme, 1400, 1000, "--virtual-time-budget=10000", "--dump-dom", "file://"+filepath.Join(dir, "index.html"))
	})
}

// onEveryScreen serves a page, and a copy with the probe, and looks at them on each screen.
func onEveryScreen(t *testing.T, page string, see func(t *testing.T, site *site, url string, width int, theme string)) {
	t.Helper()
	site := &site{pages: map[string]string{"/index.html": page, "/probed.html": probed(t, page)}}
	server := httptest.NewServer(site)
	defer server.Close()
	for _, width := range []int{380, 1400} {
		for _, theme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d px, %s", width, theme), func(t *testing.T) { see(t, site, server.URL, width, theme) })
		}
	}
}

// check says what is wrong with a page of so many pictures.
func check(t *testing.T, got seen, width int, theme string, pictures int) {
	t.Helper()
	assert.Equal(t, width, got.Width)
	assert.LessOrEqual(t, got.Overflow, 0, "the page is wider than the screen")
	assert.Zero(t, got.Broken, "pictures that do not show")
	assert.Zero(t, got.Wide, "boxes that are wider than the screen")
	assert.Zero(t, got.Clipped, "texts that are wider than the screen")
	assert.Equal(t, pictures, got.Images)
	assert.Equal(t, map[string]int{"light": 0, "dark": pictures}[theme], got.Dark, "pictures of the theme")
}

// frame is a page that shows another one as wide as a phone, which Chromium's own window cannot be.
func frame(page string, width, height int) string {
	return fmt.Sprintf(`<!DOCTYPE html><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<style>body { margin: 0 } iframe { border: 0; display: block }</style><pre id="seen" hidden></pre>
<script>addEventListener("message", e => { document.getElementById("seen").textContent = e.data })</script>
<iframe src="%s" width="%d" height="%d"></iframe>`, page, width, height)
}

// A site serves pages and remembers what it was asked for.
type site struct {
	mu    sync.Mutex
	pages map[string]string
	asked []string
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.Path)
	text, ok := s.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, text)
}

// reset returns what was asked for, and forgets it.
func (s *site) reset() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// look returns what the probe saw.
func look(t *testing.T, url, theme string) seen {
	t.Helper()
	dom := string(chromium(t, theme, 1400, 3000, "--virtual-time-budget=30000", "--dump-dom", url))
	_, rest, found := strings.Cut(dom, `<pre id="seen" hidden="">`)
	require.True(t, found, dom)
	text, _, _ := strings.Cut(rest, "</pre>")
	var got seen
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(text)), &got), text)
	return got
}

func screenshot(t *testing.T, url, theme string, width, height int) image.Image {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), "page.png")
	chromium(t, theme, width, height, "--virtual-time-budget=10000", "--screenshot="+path, url)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	shot, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	return shot
}

// chromium runs the browser, returns what it printed, and fails if the page complained in the console.
func chromium(t *testing.T, theme string, width, height int, args ...string) []byte {
	t.Helper()
	scheme := map[string]string{"light": "1", "dark": "0"}[theme]
	args = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--hide-scrollbars",
		"--enable-logging=stderr", "--user-data-dir=" + t.TempDir(), "--blink-settings=preferredColorScheme=" + scheme,
		fmt.Sprintf("--window-size=%d,%d", width, height),
	}, args...)
	cmd := exec.CommandContext(t.Context(), "chromium", args...)
	cmd.WaitDelay = 10 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), stderr.String())
	for line := range strings.Lines(stderr.String()) {
		assert.NotContains(t, line, "CONSOLE")
	}
	return stdout.Bytes()
}
