package replymail

import (
	"net/textproto"
	"regexp"
	"strings"
)

// automatic says whether a program wrote a mail, so that it is neither taken for
// a reply nor answered (RFC 3834). domain is that of our own Message-IDs.
func automatic(in Incoming, domain string) bool {
	h := in.Header
	submitted, _, _ := strings.Cut(h.Get("Auto-Submitted"), ";")
	switch {
	case in.ReturnPath == "" || in.ReturnPath == "<>": // a bounce, or an answer to one
		return true
	case submitted != "" && !strings.EqualFold(strings.TrimSpace(submitted), "no"):
		return true
	case precedence[strings.ToLower(strings.TrimSpace(h.Get("Precedence")))]:
		return true
	case strings.HasPrefix(strings.ToLower(strings.TrimSpace(h.Get("Content-Type"))), "multipart/report"): // that it was read, or did not arrive
		return true
	case ours(h.Get("Message-Id"), domain):
		return true
	case away.MatchString(in.Subject):
		return true
	case robot.MatchString(in.From):
		return true
	}
	for _, name := range marks {
		if _, marked := h[name]; marked {
			return true
		}
	}
	return false
}

var precedence = map[string]bool{"bulk": true, "list": true, "junk": true, "auto_reply": true}

// marks are headers that only programs set, in their canonical form.
var marks = []string{
	"List-Id", "List-Unsubscribe", "List-Post",
	"X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From", "X-Mail-Autoreply",
	"X-Failed-Recipients", "X-Loop", "Delivered-By-The-Graces-Of-God",
}

// away are subjects of answers of those who are out of the office, in the forms
// that the common servers give them. A person's own reply begins with "Re:".
var away = regexp.MustCompile(`(?i)^\s*(auto(matic)?[- ]?(reply|response|svar)|auto:|out of (the )?office|` +
	`respuesta autom[aá]tica|fuera de (la )?oficina|r[eé]ponse automatique|automatische antwort|abwesenheitsnotiz|` +
	`resposta autom[aá]tica|risposta automatica|undeliver(able|ed)|delivery status notification|mail delivery (failed|system)|` +
	`returned mail|failure notice|no se puede entregar)`)

// robot are addresses that nobody writes from.
var robot = regexp.MustCompile(`(?i)^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)[@+]`)

// own are what Message-IDs of our mails begin with.
var own = regexp.MustCompile(`^<(notice|answer|held|signin|address|test)\.`)

// ours says whether a mail is one that we sent, come back.
func ours(messageID, domain string) bool {
	messageID = strings.ToLower(strings.TrimSpace(messageID))
	return own.MatchString(messageID) && strings.HasSuffix(messageID, "@"+strings.ToLower(domain)+">")
}

// mute says whether whoever sent a mail wants no answer from a program.
func mute(h textproto.MIMEHeader) bool {
	for word := range strings.SplitSeq(strings.ToLower(h.Get("X-Auto-Response-Suppress")), ",") {
		switch strings.TrimSpace(word) {
		case "all", "autoreply", "oof":
			return true
		}
	}
	return false
}
