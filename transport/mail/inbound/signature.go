package inbound

import (
	"regexp"
	"strings"
)

// maxSignature is how many lines may stand below "-- ", which RFC 3676 has programs
// put above a signature; people do not end a line of two dashes with a space.
const maxSignature = 40

// Devices and programs that sign by themselves.
const (
	deviceNames = `(?:the |my |mi |meu |mon |meinem |il mio |mijn |min |moj\w+ )?(?:apple watch|iphone(?:['’]a)?(?: \d{1,2}\w*)?|ipad|ipod|mac|galaxy(?: [\w-]{1,12}){0,3}|samsung(?: (?:galaxy|mobile|tablet|device|smartphone)(?: [\w-]{1,12}){0,3})?|` +
		`android(?: (?:phone|device|phone with k-9 mail|device with k-9 mail))?|blackberry(?: \w{1,12}){0,3}|huawei(?: \w{1,12}){0,2}|xiaomi(?: \w{1,12}){0,2}|` +
		`windows (?:phone|mobile)|verizon(?:,? samsung galaxy smartphone| wireless \w{1,12}(?: \w{1,12})?)?|t-mobile(?: \w{1,12}){0,3}|at&t(?: \w{1,12}){0,3}|nokia(?: \w{1,12}){0,2}|pixel(?: \w{1,12}){0,2}|motorola(?: \w{1,12}){0,2}|lg(?: \w{1,12}){0,2})`
	programNames = `(?:(?:the )?(?:all[ -]new )?aol(?: mobile)? app(?: (?:for|on) (?:ios|android|iphone|ipad))?|aol(?: mobile)? mail(?: on \w{1,12})?|typeapp|(?:mobile )?mail\.ru(?: \w{1,12}){0,3}|yahoo(?:!)? mail(?: (?:on|for|pour|auf|en|para|per|su) \w{1,12})?|gmail(?: mobile)?|` +
		`outlook(?: (?:mobile|for ios|for android|for windows|für ios|für android|para ios|para android|pour ios|pour android|per ios|per android|voor ios|voor android))?|mail (?:for|für|para|pour|per|voor) windows(?: 10)?|windows[ -]mail|` +
		`proton ?mail(?: (?:mobile|secure email|for ios|for android))?|proton mail secure email|xfinity connect(?: (?:mobile )?app)?|mailbird|thunderbird(?: \w{1,12}){0,3}|k-9 mail|spark|airmail(?: for \w{1,12})?|blue ?mail(?: for \w{1,12})?|` +
		`gmx(?: \w{1,12}){0,2}|web\.de(?: \w{1,12}){0,2}|zoho mail|fastmail|superhuman|hey|nine|edison mail|newton mail|canary|my mobile(?: phone| device)?|my phone|my (?:cell|cell ?phone|smart ?phone|tablet|mobile tablet)|mi (?:m[oó]vil|celular|tel[eé]fono|tableta?))`
	excuse = `(?:[.,;!]? (?:so )?(?:please )?(?:excuse|pardon|forgive) (?:(?:any|the|my|all) )?(?:typos|typing errors|brevity|errors|mistakes)(?: and (?:typos|brevity|errors))?[.!]*)?`
	sentBy = `(?:sent (?:from|via|with|using)|enviado (?:desde|con|por|do|de|a trav[eé]s de|a partir do)|envoyé (?:depuis|de|à partir de)|(?:gesendet |von |versendet )?(?:von|mit|aus)|inviato (?:da|dal)|verzonden (?:met|vanaf|via)|verstuurd vanaf|skickat från|sendt fra|lähetetty|wysłane z|enviat des de|odesláno z)`
)

// devices are whole lines with which telephones and mail programs sign. They are
// exact: words around them are a person's.
var devices = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^` + sentBy + `:? (?:` + deviceNames + `|` + programNames + `)(?:, an? (?:at&t|verizon|t-mobile)(?: \w{1,12}){1,3})?\.?` + excuse + `$`),
	regexp.MustCompile(`(?i)^(?:sent (?:from|on)|enviado desde) (?:my|mi) \w{1,12}(?: phone| iphone)?[,.;]? (?:so )?(?:please )?(?:excuse|pardon|forgive|disculpe[ns]?) (?:(?:any|the|my|all|los|las|mis)\s)?(?:typos|typing errors|brevity|errors|mistakes|errores|faltas)(?: and (?:typos|brevity|errors))?[.!]*$`),
	regexp.MustCompile(`(?i)^(?:get|obtener|obtén|descargar?|télécharger|obtenir|holen sie sich|laden sie|scarica|ottieni|baixar?|obter|download) outlook (?:for|para|pour|für|per|voor) (?:ios|android|windows|mac)$`),
	regexp.MustCompile(`(?i)^outlook (?:for|für|para|pour|per) (?:ios|android|windows) (?:herunterladen|beziehen)$`),
	regexp.MustCompile(`(?i)^(?:von mein\w{0,2} ` + deviceNames + ` (?:gesendet|verschickt)|diese nachricht wurde von mein\w{0,2} ` + deviceNames + ` gesendet)\.?$`),
	regexp.MustCompile(`(?i)^get the new aol app:? (?:https?://)?mail\.mobile\.aol\.com/?$`),
	regexp.MustCompile(`(?i)^yahoo mail: (?:search, organize, conquer|busca, organiza, conquista|recherchez, organisez, conquérez)$`),
	regexp.MustCompile(`(?i)^(?:virus-free|libre de virus|sans virus|virenfrei|senza virus|livre de vírus)\.? ?(?:https?://)?www\.avast\.com/?$`),
	regexp.MustCompile(`(?i)^this e?-?mail has been (?:checked|scanned) for viruses by (?:avast|avg)(?: antivirus)?(?: software)?\.?$`),
	regexp.MustCompile(`(?i)^https?://www\.(?:avast|avg)\.com/\S{0,200}$`),
	// The order of words is another there.
	regexp.MustCompile(`(?i)^(?:发自|從|从)我的? ?(?:iphone|ipad|apple watch|华为手机|小米手机|手机)(?: ?(?:傳送|发送|寄出))?$`),
	regexp.MustCompile(`(?i)^(?:發自|传自|傳自)我的? ?(?:iphone|ipad|手機)$`),
	regexp.MustCompile(`(?i)^(?:나의|내) ?(?:iphone|ipad|galaxy|apple watch|갤럭시|아이폰)(?: ?[\w가-힣]{0,10})?에서 (?:보냄|보냈습니다)\.?$`),
	regexp.MustCompile(`(?i)^(?:iphone|ipad|apple watch)から送信$`),
	regexp.MustCompile(`(?i)^(?:được )?(?:đã )?gửi từ (?:điện thoại |thiết bị )?(?:iphone|ipad|galaxy|samsung|android|apple watch)(?: của tôi)?\.?$`),
	regexp.MustCompile(`(?i)^(?:отправлено|надіслано|отправлен|изпратено|послато) (?:с|з|со|із|от|из|від) (?:моего |мого |моя |мобильной )?(?:iphone|ipad|apple watch|galaxy|samsung|android|почты mail\.ru|яндекс\.почты|мобильного|телефона)(?: \w{1,12})?\.?$`),
	regexp.MustCompile(`(?i)^отправлено из (?:мобильной )?(?:почты mail\.ru|яндекс\.почты|outlook|gmail)(?: для \w{1,12})?\.?$`),
	regexp.MustCompile(`(?i)^(?:iphone|ipad|android)[’']?(?:umdan|imden|umdan|'?dan)? gönderildi\.?$`),
	regexp.MustCompile(`(?i)^(?:مرسل|أُرسلت|أرسلت|تم الإرسال) من (?:الـ ?)?(?:iphone|ipad|جهاز|هاتفي)(?: الخاص بي)?\.?$`),
	regexp.MustCompile(`(?i)^(?:נשלח מ-?ה?-?)(?:iphone|ipad|טלפון)(?: שלי)?\.?$`),
	regexp.MustCompile(`(?i)^(?:ipinadala mula sa|ipinadala gamit ang) (?:aking )?(?:iphone|ipad)\.?$`),
	regexp.MustCompile(`(?i)^ส่งจาก (?:iphone|ipad)(?: ของฉัน)?$`),
}

// linkAfter is the link that some of these lines lead to.
var linkAfter = regexp.MustCompile(`\s*[<(\[]?\s*(?:https?://|www\.)[^\s<>]{1,300}[>)\]]?$`)

// linkWithin is one in brackets, as programs write it behind a word.
var linkWithin = regexp.MustCompile(`\s?<https?://[^\s<>]{1,300}>`)

// isDevice reports whether a line is one with which a telephone or a program signs.
func isDevice(line string) bool {
	line = strings.Trim(strings.Map(visibleRune, line), " \t*_()<>[]")
	if line == "" || len(line) > 400 {
		return false
	}
	line = strings.Join(strings.Fields(linkWithin.ReplaceAllString(line, "")), " ")
	bare := strings.Trim(linkAfter.ReplaceAllString(line, ""), " \t*_()<>[]")
	for _, device := range devices {
		if device.MatchString(line) || bare != "" && device.MatchString(bare) {
			return true
		}
	}
	return false
}

// maxDevices are lines of that kind at the end of a reply.
const maxDevices = 5

// unsigned is lines without a signature at their end that is certain to be one:
// what stands below "-- ", and lines with which devices and programs sign.
func unsigned(lines []string) []string {
	lines = trimmed(withoutDevices(trimmed(lines)))
	for i := max(0, len(lines)-maxSignature-1); i < len(lines); i++ {
		if unbreakable(lines[i]) == "-- " {
			return trimmed(withoutDevices(trimmed(lines[:i])))
		}
	}
	return lines
}

func unbreakable(line string) string { return strings.ReplaceAll(line, "\u00a0", " ") }

func withoutDevices(lines []string) []string {
	for range maxDevices {
		if len(lines) == 0 || !isDevice(lines[len(lines)-1]) {
			break
		}
		lines = trimmed(lines[:len(lines)-1])
	}
	return lines
}
