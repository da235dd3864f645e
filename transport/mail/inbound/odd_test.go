package inbound

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// oddMails are mails that are written as none should be, and what one reads in them.
var oddMails = map[string]string{
	"odd/b64-junk.eml":                 "words here",
	"odd/b64-two.eml":                  "wordshere",
	"odd/ct-dangling.eml":              "words",
	"odd/cte-8-bit.eml":                "words",
	"odd/cte-empty.eml":                "words",
	"odd/cte-plain.eml":                "words",
	"odd/cte-utf8.eml":                 "words",
	"odd/html-comment.eml":             "words",
	"odd/html-dangling-quote.eml":      "words",
	"odd/html-lt.eml":                  "fever <39 words",
	"odd/html-unclosed-style.eml":      "words",
	"odd/mbox-line.eml":                "words",
	"odd/multipart-boundary-space.eml": "words",
	"odd/multipart-no-boundary.eml":    "words",
	"odd/nested-rfc822.eml":            "words",
	"odd/qp-bad.eml":                   "one =ZZ two = three\nfour",
	"odd/qp-ctl.eml":                   "words \n here\nmore words after",
	"odd/qp-softspace.eml":             "onetwo words",
	"odd/space-before-colon.eml":       "words",
	"charsets/big5.eml":                "好的",
	"charsets/cp850.eml":               "José",
	"charsets/cp874.eml":               "ครับ",
	"charsets/cp936.eml":               "好的",
	"charsets/cp949.eml":               "네",
	"charsets/html-meta.eml":           "Да",
	"charsets/hz.eml":                  "好的",
	"charsets/iso-8859-15.eml":         "José €",
	"charsets/iso8859-1.eml":           "José",
	"charsets/koi8.eml":                "Да, придём",
	"charsets/mac.eml":                 "José",
	"charsets/utf8-unders.eml":         "José",
	"charsets/xmac.eml":                "José",
}

func TestAMailIsReadHoweverOddlyItIsWritten(t *testing.T) {
	for _, folder := range []string{"odd", "charsets"} {
		files, err := filepath.Glob("testdata/" + folder + "/*.eml")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				raw, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				want, ok := oddMails[folder+"/"+filepath.Base(file)]
				if !ok {
					t.Fatal("nothing says what is in it")
				}
				m, err := parse(mended(raw))
				if got := strings.TrimSpace(m.text); err != nil || got != want || m.from != "a@example.com" || m.unreadable {
					t.Errorf("read %q from %q, %v, want %q", got, m.from, err, want)
				}
			})
		}
	}
}

func TestALineOfAHeaderThatIsNoFieldIsLeftOut(t *testing.T) {
	const from = "From: Rosa <rosa@mail.example>\n"
	for name, c := range map[string]struct{ mail, text string }{
		"a scanner's":             {from + "X Virus Scan: clean\nSubject: x\n\nYes.\n", "Yes."},
		"without a colon":         {from + "garbage\nSubject: x\n\nYes.\n", "Yes."},
		"a colon alone":           {from + ": x\nSubject: x\n\nYes.\n", "Yes."},
		"with an ö":               {from + "X-Prüfung: ja\nSubject: x\n\nYes.\n", "Yes."},
		"not folded":              {"Received: from a by b\nby c; Tue, 1 Dec 2026 11:45:00 -0500\n" + from + "Subject: x\n\nYes.\n", "Yes."},
		"not folded, folded":      {"Received: from a by b\nby c; Tue,\n 1 Dec 2026 11:45:00 -0500\n" + from + "Subject: x\n\nYes.\n", "Yes."},
		"of a mailbox":            {"From rosa@mail.example Tue Nov 24 09:00:00 2026\n" + from + "Subject: x\n\nYes.\n", "Yes."},
		"of a mailbox, quoted":    {">From rosa@mail.example Tue Nov 24 09:00:00 2026\n" + from + "Subject: x\n\nYes.\n", "Yes."},
		"nothing before the body": {from + "Subject: x\nYes, we come.\n\nRosa\n", "Yes, we come.\n\nRosa"},
		"continued first":         {" x\n" + from + "Subject: x\n\nYes.\n", "Yes."},
		"no body":                 {from + "garbage\nSubject: x", ""},
	} {
		for _, end := range []string{"\n", "\r\n"} {
			m, err := parse(mended([]byte(strings.ReplaceAll(c.mail, "\n", end))))
			if got := strings.TrimSpace(m.text); err != nil || got != c.text || m.from != "rosa@mail.example" || m.subject != "x" {
				t.Errorf("%s: read %q, subject %q, from %q, %v", name, got, m.subject, m.from, err)
			}
		}
	}
	whole := from + "Subject: x\n y\n\nX Virus: in the body\n"
	if got := mended([]byte(whole)); string(got) != whole {
		t.Errorf("a mail that is as it should be is %q", got)
	}
}

func TestWhomAMailIsFromIsReadHoweverItIsWritten(t *testing.T) {
	for from, want := range map[string]string{
		"Sophie Abbott <s@x.example>": "s@x.example", "S@X.example": "s@x.example", "Abbott, Sophie <s@x.example>": "s@x.example",
		"s@x.example <s@x.example>": "s@x.example", "Sophie A. Abbott [Home] <s@x.example>": "s@x.example", "S\xf6phie <s@x.example>": "s@x.example",
		"=?utf-8?q?Sophie Abbott?= <s@x.example>": "s@x.example", `"Abbott, S." <s@x.example>`: "s@x.example", "Sophie <s@x.example": "s@x.example",
		"other@x.example <s@x.example>": "", "a@x.example, b@x.example": "", "Sophie": "", "": "", "<>": "", "undisclosed-recipients:;": "",
	} {
		if got := senderOf(from); got != want {
			t.Errorf("%q is from %q, want %q", from, got, want)
		}
	}
}

func TestTextIsReadWhateverItsSetIsCalled(t *testing.T) {
	for _, c := range []struct{ set, raw, want string }{
		{"iso-8859-1", "Jos\xe9 can\x92t come \x96 5 \x80", "José can’t come – 5 €"},
		{"utf-8", "Jos\xe9 can\x92t come ma\xf1ana", "José can’t come mañana"},
		{"us-ascii", "José can’t", "José can’t"}, {"iso-8859-1", "José can’t", "José can’t"}, {"x-foo", "plain", "plain"}, {"x-foo", "José", "José"},
		{"utf-8", "S\xed", "Sí"}, {"latin1", "\xa1\xa1S\xed!!", "¡¡Sí!!"}, {"", "ma\xf1ana", "mañana"},
		{"gb2312", "\xba\xc3\xb5\xc4\xa3\xac\xd6\xec\xe9\x46\xbb\xf9", "好的，朱镕基"}, {"gb18030", "\x819\xee9", "㐀"}, {"ks_c_5601-1987", "\xb3\xd7 \x8cc", "네 똠"},
		{"utf-7", "Jos+AOk- comes 1 +- 1", "José comes 1 + 1"}, {"unicode-1-1-utf-7", "+ZeVnLIqe-", "日本語"},
		{"", "\x1b$B$O$$\x1b(B", "はい"}, {"us-ascii", "\x1b$B$O$$\x1b(B", "はい"}, {"iso-2022-jp", "\x1b$B$O$$\x1b(B", "はい"},
		{"Shift_JIS", "\x82\xcd\x82\xa2", "はい"}, {"cp932", "\x82\xcd\x82\xa2\x87@", "はい①"}, {"ms949", "\xb3\xd7", "네"}, {"windows-1251", "\xc4\xe0", "Да"},
		{"cp1251", "\xc4\xe0", "Да"}, {"charset=utf-8", "é", "é"}, {`"utf-8"`, "é", "é"}, {"utf-16", "\xff\xfeJ\x00\xe9\x00", "Jé"}, {"UTF-16LE", "J\x00\xe9\x00", "Jé"},
		{"koi8-u", "\xe4\xc1", "Да"}, {"x-mac-cyrillic", "\x84\xe0", "Да"}, {"iso-8859-8-i", "\xeb\xef", "כן"}, {"macintosh", "Jos\x8e", "José"}, {"cp437", "Jos\x82", "José"},
		{"iso-2022-kr", "\x1b$)C\x0e3W 0!?d\x0f, ok\n", "네 가요, ok\n"}, {"us-ascii", "\x1b$)C\x0e3W\x0f", "네"},
		{"tis-620", "\xa4\xc3\xd1\xba", "ครับ"}, {"euc-jp", "\xa4\xcf\xa4\xa4", "はい"}, {"big5-hkscs", "\xa6n", "好"}, {"windows-1258", "V\xe2ng", "Vâng"},
	} {
		if got, ok := textIn([]byte(c.raw), c.set, false); clean(got) != c.want || !ok {
			t.Errorf("%q called %s is %q, %t; want %q", c.raw, c.set, got, ok, c.want)
		}
	}
}

// What an encoding is called, and what is called base64 and is none.
func TestWhatIsSentIsReadWhateverItsEncodingIsCalled(t *testing.T) {
	for _, c := range []struct{ encoding, raw, want string }{
		{"quoted/printable", "Jos=C3=A9", "José"}, {"Quoted_Printable", "Jos=C3=A9", "José"}, {"BASE64 (x)", "Sm9zw6k=", "José"}, {"x-base64", "Sm9zw6k=", "José"},
		{"base64", "Leo is sick today, he stays at home.\n\nRosa", "Leo is sick today, he stays at home.\n\nRosa"}, {"base64", "Yes we come", "Yes we come"}, {"base64", "Yes!", "Yes!"},
		{"base64", "Sm9z*w6k=", "José"}, {"base64", "\r\n Sm9zw6k= \r\n\r\n-- list\r\n", "José"},
	} {
		if got, cut, ok := transferred([]byte(c.raw), c.encoding, maxText); string(got) != c.want || cut || !ok {
			t.Errorf("%q called %s is %q, %t, %t", c.raw, c.encoding, got, cut, ok)
		}
	}
	if _, _, ok := transferred([]byte("begin 644 x"), "X-UUencode", maxText); ok {
		t.Error("UUencode is read")
	}
}

func TestTextThatCannotBeReadIsNeverGuessedAt(t *testing.T) {
	for _, c := range []struct{ set, raw string }{
		{"x-foo", "\xc4\xe0\xc4\xe0"}, {"utf-8", "\xba\xc3\xb5\xc4\xa3\xac\xd6\xec"}, {"", "\xcf\xf0\xe8\xe2\xe5\xf2"}, {"us-ascii", "\x81\x8d\x8f"},
		{"shift_jis", "\x82"}, {"utf-7", "+A-"}, {"euc-kr", "\xff\xfe\x01"}, {"iso-8859-1", "\xcf\xf0\xe8\xe2\xe5\xf2 \xe2\xf1\xe5\xec"},
	} {
		if got, ok := textIn([]byte(c.raw), c.set, false); ok {
			t.Errorf("%q called %s is read as %q", c.raw, c.set, got)
		}
	}
}

func FuzzTextIn(f *testing.F) {
	for _, set := range []string{"", "utf-8", "utf-7", "gb2312", "iso-2022-jp", "hz-gb-2312", "utf-16", "cp949", "x-foo"} {
		f.Add([]byte("Jos\xe9 \x1b$B$O$$\x1b(B +AOk- ~{:C5D~}"), set)
	}
	f.Fuzz(func(t *testing.T, raw []byte, set string) {
		text, _ := textIn(raw, set, len(raw)%2 == 0)
		if text = clean(text); !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) || strings.ContainsAny(text, "\x00\x1b\x7f\u202e\u0085") {
			t.Errorf("%q called %q is %q", raw, set, text)
		}
	})
}

func FuzzTransferred(f *testing.F) {
	f.Add([]byte("=41=\n= x=ZZ=\r\n=3"), "quoted-printable")
	f.Add([]byte("d29y*ZHM=\naGVyZQ\n\n____\n"), "base64")
	f.Fuzz(func(t *testing.T, raw []byte, encoding string) {
		if got, cut, _ := transferred(raw, encoding, 100); len(got) > 100 || cut && len(got) < 100 {
			t.Errorf("%d bytes are read, cut is %t", len(got), cut)
		}
	})
}
