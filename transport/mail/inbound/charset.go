package inbound

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// sets are names of character sets that mail programs write and the tables of the
// web do not have, without what is neither letter nor digit.
var sets = map[string]encoding.Encoding{
	"cp949": korean.EUCKR, "ms949": korean.EUCKR, "windows949": korean.EUCKR, "xwindows949": korean.EUCKR, "uhc": korean.EUCKR, "ksc56011989": korean.EUCKR,
	"cp932": japanese.ShiftJIS, "ms932": japanese.ShiftJIS, "windows932": japanese.ShiftJIS, "mskanji": japanese.ShiftJIS,
	"cp50220": japanese.ISO2022JP, "cp50221": japanese.ISO2022JP, "iso2022jpms": japanese.ISO2022JP, "iso2022jp1": japanese.ISO2022JP, "iso2022jp2": japanese.ISO2022JP,
	"cp51932": japanese.EUCJP, "ujis": japanese.EUCJP, "eucjpms": japanese.EUCJP,
	"cp936": simplifiedchinese.GB18030, "ms936": simplifiedchinese.GB18030, "windows936": simplifiedchinese.GB18030,
	"gb2312": simplifiedchinese.GB18030, "gbk": simplifiedchinese.GB18030, "xgbk": simplifiedchinese.GB18030, "euccn": simplifiedchinese.GB18030, "gb": simplifiedchinese.GB18030,
	"hzgb2312": simplifiedchinese.HZGB2312, "hz": simplifiedchinese.HZGB2312,
	"cp950": traditionalchinese.Big5, "ms950": traditionalchinese.Big5, "windows950": traditionalchinese.Big5, "big5hkscs": traditionalchinese.Big5,
	"macroman": charmap.Macintosh, "xmacroman": charmap.Macintosh, "mac": charmap.Macintosh, "xmac": charmap.Macintosh, "applemacroman": charmap.Macintosh, "macintosh": charmap.Macintosh,
	"xmaccyrillic": charmap.MacintoshCyrillic, "maccyrillic": charmap.MacintoshCyrillic,
	"koi8": charmap.KOI8R, "koi8r": charmap.KOI8R, "koi8u": charmap.KOI8U, "koi8ru": charmap.KOI8U,
	"cp437": charmap.CodePage437, "ibm437": charmap.CodePage437, "cp850": charmap.CodePage850, "ibm850": charmap.CodePage850, "850": charmap.CodePage850,
	"cp852": charmap.CodePage852, "ibm852": charmap.CodePage852, "cp855": charmap.CodePage855, "cp858": charmap.CodePage858, "ibm00858": charmap.CodePage858,
	"cp860": charmap.CodePage860, "cp862": charmap.CodePage862, "cp863": charmap.CodePage863, "cp865": charmap.CodePage865, "cp866": charmap.CodePage866, "ibm866": charmap.CodePage866,
	"cp874": charmap.Windows874, "windows874": charmap.Windows874, "tis620": charmap.Windows874,
	"ansi": charmap.Windows1252, "ansix341968": charmap.Windows1252, "latin1": charmap.Windows1252, "iso88591": charmap.Windows1252, "isolatin1": charmap.Windows1252,
	"latin9": charmap.ISO8859_15, "latin0": charmap.ISO8859_15,
}

// western are sets of one byte a character in which programs send what is another.
var western = map[string]bool{"": true, "usascii": true, "ascii": true, "ansi": true, "latin1": true, "iso88591": true, "windows1252": true, "cp1252": true, "iso885915": true, "7bit": true, "8bit": true}

// setNamed finds a character set by a name, whatever is odd about how it is written;
// nil if there is none of that name, or it is UTF-8.
func setNamed(name string) (set encoding.Encoding, plain string) {
	name = strings.ToLower(strings.Trim(name, " \t\"'<>;,"))
	name = strings.TrimPrefix(name, "charset=")
	plain = strings.Map(func(r rune) rune {
		if r < 'a' && (r < '0' || r > '9') || r > 'z' {
			return -1
		}
		return r
	}, name)
	if known, ok := sets[plain]; ok {
		return known, plain
	}
	if digits, ok := strings.CutPrefix(plain, "cp125"); ok {
		name = "windows-125" + digits
	}
	if digits, ok := strings.CutPrefix(plain, "iso8859"); ok {
		name = "iso-8859-" + strings.Trim(digits, "ei")
	}
	for _, find := range []func(string) (encoding.Encoding, error){htmlindex.Get, ianaindex.MIME.Encoding} {
		if known, err := find(name); err == nil && known != nil && known != encoding.Replacement {
			return known, plain
		}
	}
	return nil, plain
}

// textIn reads text of a part, whose header names a set. readable says whether every
// character of it could be read: no other is ever guessed at.
func textIn(b []byte, name string, isHTML bool) (text string, readable bool) {
	set, plain := setNamed(name)
	if isHTML && (plain == "" || plain == "usascii") {
		if found, is, _ := charset.DetermineEncoding(b[:min(len(b), 1024)], "text/html"); is != "utf-8" && is != "windows-1252" {
			set, plain = found, is
		}
	}
	switch {
	case (western[plain] || plain == "utf8" || set == nil) && japaneseEscape.Match(b):
		set = japanese.ISO2022JP
	case (western[plain] || plain == "iso2022kr" || plain == "utf8") && bytes.Contains(b, koreanDesignator):
		set, b = korean.EUCKR, shiftedOut(b)
	case plain == "utf7" || plain == "unicode11utf7":
		return utf7(b)
	case bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")):
		set, _ = htmlindex.Get("utf-16")
	case utf8.Valid(b) && (set == nil || western[plain] || strings.HasPrefix(plain, "utf8") || strings.HasPrefix(plain, "unicode")):
		return string(b), true
	case strings.HasPrefix(plain, "utf8") || western[plain]:
		single, ok := set.(*charmap.Charmap)
		if !ok {
			return mixed(b, charmap.Windows1252, maxOdd)
		}
		return mixed(b, single, maxSaidOdd)
	case set == nil:
		return "", false
	}
	out, err := set.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		if utf8.Valid(b) { // it is what it is, whatever it is called
			return string(b), true
		}
		return "", false
	}
	return string(out), true
}

// japaneseEscape begins characters of ISO-2022-JP.
var japaneseEscape = regexp.MustCompile(`\x1b(?:\$[B@]|\([BJI])`)

// koreanDesignator begins a text in ISO-2022-KR, and shift-out and shift-in stand around
// its Korean characters, which are those of EUC-KR without their highest bit.
var koreanDesignator = []byte("\x1b$)C")

func shiftedOut(b []byte) []byte {
	const shiftOut, shiftIn = 0x0e, 0x0f
	out, high := make([]byte, 0, len(b)), byte(0)
	for _, c := range bytes.ReplaceAll(b, koreanDesignator, nil) {
		switch {
		case c == shiftOut:
			high = 0x80
		case c == shiftIn:
			high = 0
		case c > ' ':
			out = append(out, c|high)
		default:
			out = append(out, c)
		}
	}
	return out
}

// How many bytes in a row may not be UTF-8 in what is western: more are of another
// script, and would be read as nonsense. maxSaidOdd is for what is said to be western.
// From one more of them on they may not be half of a text.
const (
	maxOdd     = 3
	maxSaidOdd = 6
)

// mixed reads UTF-8, and what is not as of a set of one byte a character, or as
// Windows-1252, which programs send under all names.
func mixed(b []byte, single *charmap.Charmap, most int) (text string, readable bool) {
	var out strings.Builder
	odd, all, run := 0, 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		all++
		if r != utf8.RuneError || size > 1 {
			run = 0
		} else {
			odd++
			if r = single.DecodeByte(b[0]); 0x80 <= r && r < 0xa0 {
				r = charmap.Windows1252.DecodeByte(b[0])
			}
			if run++; run > most || r == utf8.RuneError || 0x80 <= r && r < 0xa0 {
				return "", false
			}
		}
		out.WriteRune(r)
		b = b[size:]
	}
	return out.String(), odd <= most || 2*odd < all
}

var utf7Run = regexp.MustCompile(`\+([A-Za-z0-9+/]*)-?`)

// utf7 reads RFC 2152.
func utf7(b []byte) (text string, readable bool) {
	readable = true
	out := utf7Run.ReplaceAllFunc(b, func(run []byte) []byte {
		coded := bytes.TrimSuffix(run[1:], []byte("-"))
		if len(coded) == 0 {
			return []byte("+")
		}
		raw, err := base64.RawStdEncoding.DecodeString(string(coded))
		if err != nil || len(raw) < 2 {
			readable = false
			return nil
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		}
		return []byte(string(utf16.Decode(units)))
	})
	if !utf8.Valid(out) || bytes.ContainsRune(out, utf8.RuneError) {
		return "", false
	}
	return string(out), readable
}

// escapes are codes of terminals.
var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// clean is text without what a message may not hold: control characters, and marks
// that turn round what stands after them.
func clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u2028", "\n", "\u2029", "\n\n", "\u0085", "\n").Replace(text)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == utf8.RuneError:
			return '?' // whoever sent it had it already
		case r < ' ', 0x7f <= r && r < 0xa0, 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0xfeff, 0xfff9 <= r && r <= 0xfffb, 0xe0000 <= r && r < 0xe0020:
			return -1
		}
		return r
	}, escapes.ReplaceAllString(text, ""))
}
