package mail_test

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/homeline/homeline/hub/roster"
)

var (
	tag     = regexp.MustCompile(`<(/?[A-Za-z!][A-Za-z0-9]*|.)`)
	address = regexp.MustCompile(`href="([^"]*)"`)
	ours    = regexp.MustCompile(`^/?(html|head|meta|title|style|body|div|table|tr|td|p|h1|a|b|br|span)$|^!DOCTYPE$|^!$`)
)

// FuzzWhatPeopleWriteIsNeverMarkup holds for names, subjects, schools and
// messages that all they can add to a mail is text, and links to the web.
func FuzzWhatPeopleWriteIsNeverMarkup(f *testing.F) {
	f.Add("Elena", "Broken wrist", "See https://lincoln.example/x?a=b&c")
	f.Add(`"><script>`, "</title>", "</td><img src=x onerror=y>\n<!--")
	f.Add("{{.}}\r\nBcc: x", "\u202e\u2066", "https://a.example/\"onclick=x http://[::1]/'>")
	f.Add("\xff\x00", "{name}", strings.Repeat("🎒 http://a.example\n", 1000))
	f.Fuzz(func(t *testing.T, name, subject, body string) {
		part := named(name, name)
		part.Conversation.Subject, part.Messages[0].Body = subject, body
		part.Schools = map[uuid.UUID]string{elena.ID: name}
		m := write(t, to(anabel, roster.RevealsFull, part))
		if strings.ContainsAny(m.Subject, "\r\n\x00") {
			t.Errorf("the subject is %q", m.Subject)
		}
		for _, found := range tag.FindAllStringSubmatch(m.HTML, -1) {
			if !ours.MatchString(found[1]) {
				t.Errorf("there is a %q", found[0])
			}
		}
		for _, found := range address.FindAllStringSubmatch(m.HTML, -1) {
			if u, err := url.Parse(strings.ReplaceAll(found[1], "&amp;", "&")); err != nil || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("it links to %q", found[1])
			}
		}
		if n := len(m.HTML); n > clipped {
			t.Errorf("it has %d bytes", n)
		}
	})
}

func TestTemplatesOfMailsHoldNoWordsOfTheirOwn(t *testing.T) {
	files, err := filepath.Glob("templates/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	code := regexp.MustCompile(`(?s)\{\{.*?\}\}|<style>.*?</style>|<[^>]*>|&[#a-z0-9]+;`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`\p{L}{2,}`).FindString(code.ReplaceAllString(string(b), "")); found != "" {
			t.Errorf("%s says %q", file, found)
		}
	}
}

// TestEveryTextOfAMailIsReadableOnItsGround, in the light, in the dark, and where
// a mailbox shows no styles.
func TestEveryTextOfAMailIsReadableOnItsGround(t *testing.T) {
	b, err := os.ReadFile("templates/frame.html")
	if err != nil {
		t.Fatal(err)
	}
	dark := map[string]string{}
	for _, rule := range regexp.MustCompile(`(?m)^\.([\w ]+)[^{]*\{(?:background-)?color:(#\w+)!important\}`).FindAllStringSubmatch(string(b), -1) {
		dark[rule[1]] = rule[2]
	}
	for _, pair := range [][2]string{
		{"#1a222e", "#fefefe"}, {"#515963", "#fefefe"}, {"#1a56c4", "#fefefe"}, {"#fbfaf7", "#1a56c4"},
		{dark["ink"], dark["sheet"]}, {dark["meta"], dark["sheet"]}, {dark["link"], dark["sheet"]}, {dark["button a"], dark["button"]},
	} {
		if !strings.Contains(string(b), pair[0]) || pair[1] == "" {
			t.Errorf("%v is no pair of the mail's: %v", pair, dark)
			continue
		}
		if c := contrast(t, pair[0], pair[1]); c < 5.6 {
			t.Errorf("%s on %s has a contrast of %.1f", pair[0], pair[1], c)
		}
	}
	if extreme := regexp.MustCompile(`(?i)#(fff|000|ffffff|000000)\b`).FindString(string(b)); extreme != "" {
		t.Errorf("there is a pure %s, which mailboxes turn round in the dark", extreme)
	}
}

// contrast is that of WCAG 2.2 between two colours.
func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", hex, err))
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
