package inbound

import (
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"
)

// mailWith is a mail of parts, each with its own headers.
func mailWith(kind string, parts ...string) string {
	return "From: Rosa <rosa@mail.example>\nTo: " + answerTo + "\nMessage-ID: <1@x>\nMIME-Version: 1.0\nContent-Type: multipart/" + kind +
		"; boundary=\"b\"\n\n--b\n" + strings.Join(parts, "\n--b\n") + "\n--b--\n"
}

const (
	plainPart = "Content-Type: text/plain; charset=utf-8\n\nYes.\n"
	htmlPart  = "Content-Type: text/html; charset=utf-8\n\n<p>Yes, <b>in</b> HTML.</p>\n"
	photo     = "Content-Type: image/jpeg; name=IMG_1.jpeg\nContent-Disposition: inline; filename=IMG_1.jpeg\nContent-Transfer-Encoding: base64\n\n/9j/4AAQ\n"
	logo      = "Content-Type: image/png\nContent-Disposition: inline; filename=logo.png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\niVBORw==\n"
	document  = "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-ID: <f_1>\nContent-Transfer-Encoding: base64\n\nJVBERg==\n"
)

func TestTheTextOfAMailIsFoundAmongItsParts(t *testing.T) {
	header := "From: Rosa <rosa@mail.example>\nMIME-Version: 1.0\n"
	for name, c := range map[string]struct {
		mail, text  string
		attachments int
	}{
		"no MIME at all":        {"From: rosa@mail.example\n\nYes.\n", "Yes.", 0},
		"in two forms":          {mailWith("alternative", plainPart, htmlPart), "Yes.", 0},
		"HTML alone":            {header + htmlPart, "Yes, in HTML.", 0},
		"HTML beside nothing":   {mailWith("alternative", "Content-Type: text/plain\n\n \n", htmlPart), "Yes, in HTML.", 0},
		"with a photograph":     {mailWith("mixed", plainPart, photo), "Yes.", 1},
		"around a photograph":   {mailWith("mixed", plainPart, photo, "Content-Type: text/plain\n\nAnd no.\n"), "Yes.\n\nAnd no.", 1},
		"nothing but a file":    {mailWith("mixed", document), "", 1},
		"with a logo":           {mailWith("related", htmlPart, logo), "Yes, in HTML.", 0},
		"with a letter in it":   {mailWith("mixed", plainPart, "Content-Type: message/rfc822\n\nSubject: x\n\nother\n"), "Yes.", 1},
		"with a text as a file": {mailWith("mixed", plainPart, "Content-Type: text/plain; name=a.txt\nContent-Disposition: attachment\n\nother\n"), "Yes.", 1},
		"signed":                {mailWith("signed", plainPart, "Content-Type: application/pgp-signature; name=s.asc\n\n-----BEGIN\n"), "Yes.", 0},
		"Latin 1":               {header + "Content-Type: text/plain; charset=iso-8859-1\n\nma\xf1ana\n", "mañana", 0},
		"Windows":               {header + "Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\n=93S=ED=94\n", "“Sí”", 0},
		"Base64":                {header + "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nU8OtLg==\n", "Sí.", 0},
		"an unknown set":        {header + "Content-Type: text/plain; charset=x-klingon\n\nYes.\n", "Yes.", 0},
		"an unknown encoding":   {header + "Content-Type: text/plain\nContent-Transfer-Encoding: x-uu\n\nYes.\n", "", 0},
		"a kind that is none":   {header + "Content-Type: text\n\nYes.\n", "Yes.", 0},
		"flowed":                {header + "Content-Type: text/plain; charset=utf-8; format=flowed\n\nA line that goes \non here.\n\n> quoted and \n> on.\n-- \nRosa\n", "A line that goes on here.\n\n> quoted and on.\n-- \nRosa", 0},
		"flowed without spaces": {header + "Content-Type: text/plain; format=flowed; delsp=yes\n\nA long li \nne.\n", "A long line.", 0},
		"no set at all":         {header + "Content-Type: text/plain\n\nma\xf1ana\n", "mañana", 0},
		"no set, as HTML":       {header + "Content-Type: text/html\n\n<meta charset=iso-8859-1><p>ma\xf1ana\n", "mañana", 0},
		"no set, in UTF-8":      {header + "Content-Type: text/plain\n\nmañana\n", "mañana", 0},
		"HTML with a footer":    {mailWith("mixed", htmlPart, "Content-Type: text/plain\n\nConfidential.\n"), "Yes, in HTML.\n\nConfidential.", 0},
		"HTML before its plain": {mailWith("alternative", htmlPart, plainPart), "Yes.", 0},
		"a picture between":     {mailWith("mixed", plainPart, logo, "Content-Type: text/html\n\n<p>And <b>no</b>.</p>\n"), "Yes.\n\nAnd no.", 0},
		"a gateway's banner":    {mailWith("mixed", "Content-Type: text/plain\n\nCAUTION: external mail.\n", htmlPart), "Yes, in HTML.", 0},
		"plain that is none":    {mailWith("alternative", "Content-Type: text/plain\n\nThis is a multi-part message in HTML. Your mail client cannot show it.\n", htmlPart), "Yes, in HTML.", 0},
		"plain that is part":    {mailWith("alternative", plainPart, "Content-Type: text/html\n\n<p>Yes. And please tell him to bring his coat.</p>\n"), "Yes. And please tell him to bring his coat.", 0},
		"two that differ":       {mailWith("alternative", plainPart, "Content-Type: text/html\n\n<p>We come at five.</p>\n"), "Yes.\n\nWe come at five.", 0},
		"invisible plain":       {mailWith("alternative", "Content-Type: text/plain; charset=utf-8\n\n\u00a0\u200b\n", htmlPart), "Yes, in HTML.", 0},
		"text with a name":      {header + "Content-Type: text/plain; name=mail.txt\n\nYes.\n", "Yes.", 0},
		"beside TNEF":           {mailWith("mixed", plainPart, "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Disposition: attachment\n\nx\n"), "Yes.", 0},
		"beside an invitation":  {mailWith("alternative", plainPart, "Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n"), "Yes.", 0},
		"a large second form":   {mailWith("alternative", plainPart, "Content-Type: text/html\n\n<p>Yes.</p><img src='data:image/png;base64,"+strings.Repeat("A", 2*maxText)+"'>\n"), "Yes.", 0},
		"signed by PGP":         {header + "Content-Type: text/plain\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nYes.\n- -- or no\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n", "Yes.\n-- or no", 0},
		"one form unreadable":   {mailWith("alternative", "Content-Type: text/plain; charset=x-foo\n\n\xfd\xfc\xfb\n", htmlPart), "Yes, in HTML.", 0},
		"HTML after plain":      {mailWith("mixed", plainPart, htmlPart), "Yes.\n\nYes, in HTML.", 0},
		"cut off":               {"From: rosa@mail.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nYes.", "Yes.", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := parse([]byte(strings.ReplaceAll(c.mail, "\n", "\r\n")))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(m.text); got != c.text || m.attachments != c.attachments || m.from != "rosa@mail.example" || m.unreadable != (name == "an unknown encoding") || m.cut {
				t.Errorf("it says %q with %d attachments, from %q; want %q, %d", got, m.attachments, m.from, c.text, c.attachments)
			}
		})
	}
}

func TestWhatNobodyCanReadIsSaidToBeSo(t *testing.T) {
	header := "From: Rosa <rosa@mail.example>\nMIME-Version: 1.0\n"
	for name, mail := range map[string]string{
		"a set that is not known": header + "Content-Type: text/plain; charset=x-foo\n\n\xfd\xfc\xfb\n",
		"another set than said":   header + "Content-Type: text/plain; charset=utf-8\n\n\xba\xc3\xb5\xc4\xa3\xac\xd6\xec\n",
		"PGP":                     header + "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n-----END PGP MESSAGE-----\n",
		"PGP in MIME":             mailWith("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1\n", "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n"),
		"S/MIME":                  header + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIAG\n",
		"one text of two":         mailWith("mixed", plainPart, "Content-Type: text/plain; charset=x-foo\n\n\xfd\xfc\xfb\n"),
	} {
		if m, err := parse([]byte(mail)); err != nil || !m.unreadable || strings.ContainsRune(m.text, utf8.RuneError) {
			t.Errorf("%s: read as %q, %v", name, m.text, err)
		}
	}
}

func TestHTMLIsReadAsAPersonReadsIt(t *testing.T) {
	for _, c := range []struct{ html, text string }{
		{"<p>One</p><p>Two &amp; <i>three</i></p>", "One\n\nTwo & three"},
		{"<div>One<br>Two</div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"},
		{"<head><title>x</title><style>p{}</style></head><body>Yes\n  please<script>alert(1)</script></body>", "Yes please"},
		{"Yes.<blockquote><p>asked</p><blockquote>before</blockquote></blockquote>No.", "Yes.\n> asked\n\n>> before\nNo."},
		{"&nbsp;", ""},
		{"Write &amp;lt; for &lt;, and R&amp;amp;D", "Write &lt; for <, and R&amp;D"},
		{"<head><style>p{}</style><p>Yes</p>", "Yes"}, // nothing ends the head
		{"<p>a<p>b", "a\nb"},
		{"<p>times:</p><table><tr><td>Monday</td><td>8:00</td></tr><tr><td></td><th>Tuesday</th><td>9:30</td></tr></table>", "times:\n\nMonday | 8:00\nTuesday | 9:30"},
		{"<pre>line one\nline  two\n\n  three</pre>", "line one\nline  two\n\n  three"},
		{"<div style='white-space: pre-wrap'>one\ntwo<div>three</div>\nfour</div>five\nsix", "one\ntwo\nthree\n\nfour\nfive six"},
		{`thanks <img alt="👍" src="https://x.example/1.png"> and <a href="https://docs.example/x">this form</a>`, "thanks 👍 and this form <https://docs.example/x>"},
		{`<a href="https://www.docs.example/x/">docs.example/x</a>, <a href="https://docs.example/y?z=1">https://docs.example/y?z=1</a>`, "docs.example/x, https://docs.example/y?z=1"},
		{`<a href="mailto:a@b.example">a@b.example</a> <a href="mailto:a@b.example">write</a> <a name="x">y</a> <a href="javascript:x">z</a>`, "a@b.example write <a@b.example> y z"},
		{`<img alt="logo.png"><img alt="Acme Corp">x`, "x"},
		{"pick up at <s>3 pm</s> 5 pm", "pick up at ~~3 pm~~ 5 pm"},
		{`at <span style="text-decoration:line-through">3 <b>pm</b> <span>or 4</span> </span>5 pm, <del>not</del><strike>e</strike>`, "at ~~3 pm or 4~~ 5 pm, ~~not~~~~e~~"},
		{"<ul><li>milk</li><li>bread</li></ul><ol start=3><li>one<li>two</ol>x", "- milk\n- bread\n3. one\n4. two\nx"},
		{"Rosa<br><span class=gmail_signature_prefix>-- </span><br>Tel", "Rosa\n-- \nTel"},
		{"<table><tr><td>a</td></tr><tr><td>b</td></tr></table>c", "a\nb\n\nc"},
	} {
		got := textOf(c.html)
		for strings.Contains(got, "\n\n\n") {
			t.Errorf("%q has two empty lines: %q", c.html, got)
			break
		}
		if got != c.text {
			t.Errorf("%q is %q, want %q", c.html, got, c.text)
		}
	}
}

func TestGmailsHTMLAloneIsReadWithoutWhatItQuotes(t *testing.T) {
	html := `<div dir="ltr">We come at 5.<div><br></div><div>Rosa</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">` +
		`On Tue, Nov 24, 2026 at 9:12 AM Lincoln School &lt;<a href="mailto:homeline@mg.school.example">homeline@mg.school.example</a>&gt; wrote:<br></div>` +
		`<blockquote class="gmail_quote" style="margin:0"><div>1 new message from Ms Ortiz<br><a href="https://homeline.school.example/conversations/1">Read</a></div></blockquote></div>`
	if got := visible(t, textOf(html), ours); got != "We come at 5.\n\nRosa" {
		t.Errorf("found %q", got)
	}
}

func TestAMailOfManyPartsIsReadAsFarAsThat(t *testing.T) {
	parts := make([]string, 5_000)
	for i := range parts {
		parts[i] = plainPart
	}
	m, err := parse([]byte(strings.ReplaceAll(mailWith("mixed", parts...), "\n", "\r\n")))
	if err != nil || strings.Count(m.text, "Yes.") != maxParts-1 {
		t.Errorf("%d parts were read, %v", strings.Count(m.text, "Yes."), err)
	}
	for i := range parts {
		parts[i] = plainPart + strings.Repeat("x", maxText/2)
	}
	if m, err = parse([]byte(strings.ReplaceAll(mailWith("mixed", parts[:20]...), "\n", "\r\n"))); err != nil || len(m.text) > maxText+maxParts {
		t.Errorf("%d bytes of text were read, %v", len(m.text), err)
	}
	deep := "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
	if _, err := parse([]byte("From: rosa@mail.example\r\n" + strings.Repeat(deep, 5_000))); err != nil {
		t.Error(err)
	}
}

// The library reads the header of a part whole: a mail of 24 MB that is nothing
// else took 2 GB.
func TestThePartOfAMailThatIsAllHeaderIsLeftOut(t *testing.T) {
	for name, header := range map[string]string{
		"of many lines": strings.Repeat("A: x\r\n", 1<<20), "of one": "A: " + strings.Repeat("x", 8<<20) + "\r\n", "without an end": strings.Repeat("A: x\r\n--b\r\n", 1<<19),
	} {
		raw := strings.ReplaceAll(mailWith("mixed", plainPart, "CUT\n\nNo.\n"), "\n", "\r\n")
		mail := []byte(strings.ReplaceAll(raw, "CUT\r\n", header))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := parse(mail)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; err != nil || strings.TrimSpace(m.text) != "Yes." || took > 8<<20 {
			t.Errorf("%s: it says %q, %v, and took %d bytes", name, m.text, err, took)
		}
	}
	long := strings.Repeat("-- \r\nno header\r\n\r\n", 1<<16)
	if m, err := parse([]byte("From: rosa@mail.example\r\n\r\n" + long)); err != nil || len(m.text) < maxText/2 {
		t.Errorf("of a long text %d bytes are left, %v", len(m.text), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(mailWith("alternative", plainPart, htmlPart, photo)))
	f.Add([]byte(strings.ReplaceAll(mailWith("mixed", document, logo), "\n", "\r\n")))
	f.Add([]byte("From: =?utf-8?q?Rosa_=F0?= <rosa@mail.example>, x\r\nFrom: y\r\nContent-Type: text/plain; format=flowed\r\n\r\n>> a \n> b \n"))
	f.Add([]byte("Content-Type: text/html\r\n\r\n<blockquote><p>a</blockquote></blockquote><style>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := parse(raw)
		if err == nil {
			visible(t, m.text, ours)
		}
		if len(m.text) > 8*maxText {
			t.Errorf("%d bytes of text are read", len(m.text))
		}
	})
}
