// Command screenshot makes the picture in the README: it runs the demo, signs
// in as one of its people, and writes what the browser shows.
//
//	go run ./transport/web/browsertest/screenshot -o docs/screenshot.png
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/homeline/homeline/transport/web/browsertest"
)

func main() {
	out := flag.String("o", "docs/screenshot.png", "file to write")
	person := flag.Int("person", 3, "whom to be: the place in the picker")
	path := flag.String("page", "/inbox", "the page to show")
	width := flag.Int64("width", 1280, "pixels")
	height := flag.Int64("height", 800, "pixels")
	flag.Parse()
	if err := run(*out, *person, *path, *width, *height); err != nil {
		fmt.Fprintln(os.Stderr, "screenshot:", err)
		os.Exit(1)
	}
}

func run(out string, person int, path string, width, height int64) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	folder, err := os.MkdirTemp("", "homeline-screenshot-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	program, err := browsertest.Build(ctx, folder)
	if err != nil {
		return err
	}
	demo, err := browsertest.StartDemo(ctx, program, folder+"/demo", "127.0.0.1:0")
	if err != nil {
		return err
	}
	picture, err := take(ctx, demo.URL, person, path, width, height)
	if err != nil {
		return err
	}
	if err := demo.Stop(); err != nil {
		return err
	}
	return os.WriteFile(out, picture, 0o644)
}

func take(ctx context.Context, url string, person int, path string, width, height int64) ([]byte, error) {
	browser, stop, err := browsertest.Chromium(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	err = chromedp.Do(browser,
		chromedp.EmulateViewport(width, height),
		chromedp.Navigate(url),
		chromedp.Click(chromedp.CSS(fmt.Sprintf(".picks li:nth-child(%d) button", person))),
		chromedp.WaitReady(chromedp.CSS("html[data-live]")),
		chromedp.Navigate(url+path),
		chromedp.WaitReady(chromedp.CSS("html[data-live]")),
	)
	if err != nil {
		return nil, err
	}
	return chromedp.Run(browser, chromedp.CaptureScreenshot())
}
