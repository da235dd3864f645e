package inbound

import (
	"regexp"
	"slices"
)

const maxSignature = 12 // lines

// device is the line with which a telephone or a mail program signs.
var device = regexp.MustCompile(`(?i)^[ \t(<*_]*(sent (from|via|with)|get outlook|enviado (desde|con|a trav[eé]s)|(obtener|descargar|obtén) outlook|` +
	`envoyé (depuis|de|à partir)|télécharger outlook|von meinem|gesendet (von|mit|aus)|outlook für|inviato da|scarica outlook|` +
	`enviado (do|a partir)|verzonden (met|vanaf)|verstuurd vanaf|skickat från|sendt fra)\b.{0,80}` +
	`\b(iphone|ipad|phone|android|outlook|mail|galaxy|samsung|mobile|m[oó]vil|celular|tel[eé]fono|tablet|app|device|dispositivo|yahoo|huawei|xiaomi|` +
	`proton\w*|handy|mobiltelefon|mobilger[aä]t|portable|windows|ios|telefoon|mobil|blackberry|gmail|aol)\b[^.!?<>]{0,80}\.?([<(]?https?://[^\s<>]{1,200}[>)]?)?$`)

// unsigned is lines without a signature at their end: what stands below "-- ",
// or a last paragraph with which a telephone signs.
func unsigned(lines []string) []string {
	lines = trimmed(lines)
	for i := max(0, len(lines)-maxSignature-1); i < len(lines); i++ {
		if lines[i] == "--" && !slices.ContainsFunc(lines[i:], marked) {
			lines = trimmed(lines[:i])
			break
		}
	}
	for len(lines) > 0 && device.MatchString(lines[len(lines)-1]) && (len(lines) == 1 || lines[len(lines)-2] == "") {
		lines = trimmed(lines[:len(lines)-1])
	}
	return lines
}
