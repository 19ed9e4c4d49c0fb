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
  await Promise.all(images.map(i => i.decode().catch(() => 0)));
  document.querySelectorAll("details").forEach(d => d.open = true);
  parent.postMessage(JSON.stringify({
    width: innerWidth, overflow: document.documentElement.scrollWidth - innerWidth,
    images: images.length, broken: images.filter(i => i.naturalWidth == 0).length,
    wide: [...document.querySelectorAll(".figure,.scroll,pre")].filter(e => e.getBoundingClientRect().right > innerWidth).length,
    dark: images.filter(i => i.currentSrc == i.parentNode.querySelector("source").srcset).length,
    clipped: [...document.querySelectorAll("p,li,h1,h2,h3,pre,summary")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll")).length,
    height: document.documentElement.scrollHeight,
  }), "*");
});
</script>`

type seen struct{ Width, Overflow, Images, Broken, Wide, Dark, Clipped, Height int }

// TestThePageInABrowser looks at the page in headless Chromium: on a phone and on a wide screen, in both themes.
func TestThePageInABrowser(t *testing.T) {
	dir := write(t)
	page := read(t, dir, "index.html")
	probed := strings.Replace(page, `http-equiv="Content-Security-Policy"`, `name="no-policy"`, 1) + probe
	require.Greater(t, len(probed), len(page)+len(probe)-30)

	site := &site{pages: map[string]string{"/index.html": page, "/probed.html": probed}}
	server := httptest.NewServer(site)
	defer server.Close()
	for _, width := range []int{380, 1400} {
		for _, theme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d px, %s", width, theme), func(t *testing.T) {
				site.reset()
				site.pages["/frame.html"] = frame("probed.html", width, 3000)
				got := look(t, server.URL+"/frame.html", theme)
				assert.Equal(t, width, got.Width)
				assert.LessOrEqual(t, got.Overflow, 0, "the page is wider than the screen")
				assert.Zero(t, got.Broken, "pictures that do not show")
				assert.Zero(t, got.Wide, "boxes that are wider than the screen")
				assert.Zero(t, got.Clipped, "texts that are wider than the screen")
				assert.Equal(t, 2, got.Images)
				assert.Equal(t, map[string]int{"light": 0, "dark": 2}[theme], got.Dark, "pictures of the theme")

				site.reset()
				site.pages["/frame.html"] = frame("index.html", width, got.Height)
				shot := screenshot(t, server.URL+"/frame.html", theme, max(width, 500), got.Height)
				assert.Equal(t, []string{"/frame.html", "/index.html"}, site.reset(), "requests")
				r, _, _, _ := shot.At(width/2, 4).RGBA()
				assert.Equal(t, map[string]uint32{"light": 0xff, "dark": 0x0d}[theme], r>>8, "background")
			})
		}
	}
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
	dom := string(chromium(t, theme, 1400, 3000, "--virtual-time-budget=10000", "--dump-dom", url))
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
