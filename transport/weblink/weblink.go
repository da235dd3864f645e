// Package weblink finds the addresses of the web in what people write: those
// become links, and nothing else does (R11). Pages and mails show the same.
package weblink

import (
	"net/url"

	"mvdan.cc/xurls/v2"
)

// Piece is a run of a text.
type Piece struct {
	Text string
	Link bool // it is an address, of http or https
}

var addresses = xurls.Strict()

// Split cuts a text into pieces that are together the text. At most most of its
// addresses become links: finding them is what costs time, and who writes
// thousands means no good.
func Split(text string, most int) []Piece {
	var pieces []Piece
	end := 0
	for _, at := range addresses.FindAllStringIndex(text, most) {
		address := text[at[0]:at[1]]
		if !ofTheWeb(address) {
			continue
		}
		if at[0] > end {
			pieces = append(pieces, Piece{Text: text[end:at[0]]})
		}
		pieces = append(pieces, Piece{Text: address, Link: true})
		end = at[1]
	}
	if end < len(text) {
		pieces = append(pieces, Piece{Text: text[end:]})
	}
	return pieces
}

func ofTheWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
