package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/homeline/homeline/static"
)

// assetsPath is where static files are. Below it, a file is served for ever
// under the version of all files, and to be asked about again without it.
const assetsPath = "/static/"

type assets struct {
	version string
	files   map[string]asset
}

type asset struct {
	kind        string
	plain, gzip []byte
}

func loadAssets() (*assets, error) {
	files, version, err := static.Assets()
	if err != nil {
		return nil, err
	}
	a := &assets{version: version, files: make(map[string]asset, len(files))}
	for name, b := range files {
		packed, err := pack(b)
		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", name, err)
		}
		a.files[name] = asset{kind: kindOf(name), plain: b, gzip: packed}
	}
	return a, nil
}

func pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// kindOf does not ask the machine, which may know no types at all.
func kindOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return mime.TypeByExtension(ext)
	}
}

// path is the address of a file, which changes with any file.
func (a *assets) path(name string) string { return assetsPath + a.version + "/" + name }

// scripts are the addresses of all modules of the browser client, for a page to
// ask for at once.
func (a *assets) scripts() []string {
	var list []string
	for name := range a.files {
		if path.Ext(name) == ".js" {
			list = append(list, a.path(name))
		}
	}
	slices.Sort(list)
	return list
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, assetsPath)
	keep := "no-cache"
	if rest, ok := strings.CutPrefix(name, a.version+"/"); ok {
		name, keep = rest, "public, max-age=31536000, immutable"
	}
	a.serve(w, r, name, keep)
}

func (a *assets) icon(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, "icons/homeline.svg", "public, max-age=86400")
}

func (a *assets) serve(w http.ResponseWriter, r *http.Request, name, keep string) {
	f, ok := a.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	tag := `"` + a.version + `"`
	h := w.Header()
	h.Set("Cache-Control", keep)
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.gzip
	}
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // a browser that has gone needs no answer
}
