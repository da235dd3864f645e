package inbound

import "testing"

func TestALineWithWhichAProgramSignsIsTakenOff(t *testing.T) {
	for _, line := range []string{
		"Sent from my iPhone", "Sent from my iPad", "Sent from my Apple Watch", "Sent from my Galaxy", "Sent from my Samsung Galaxy smartphone.",
		"Sent from my Verizon, Samsung Galaxy smartphone", "Sent from my T-Mobile 4G LTE Device", "Sent via the Samsung Galaxy S21 5G, an AT&T 5G smartphone",
		"Sent from Yahoo Mail on Android", "Sent from Yahoo Mail for iPhone", "Sent from the all new AOL app for iOS", "Sent from AOL Mobile Mail", "Get the new AOL app: mail.mobile.aol.com",
		"Yahoo Mail: Search, Organize, Conquer", "Sent from Xfinity Connect App", "Sent with Proton Mail secure email.", "Sent from Proton Mail mobile", "Sent from ProtonMail for iOS",
		"Get Outlook for iOS<https://aka.ms/o0ukef>", "Get Outlook for Android", "Sent from Outlook for iOS <https://aka.ms/o0ukef>", "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
		"Sent from Mail for Windows 10", "Sent from my phone", "Sent from my mobile device", "Sent from Gmail Mobile", "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
		"Sent from my phone, please excuse typos!", "Sent from my iPhone. Please excuse any typos.", "Virus-free.www.avast.com", "Libre de virus.www.avast.com", "Virus-free. www.avast.com <https://www.avast.com/sig-email>",
		"Enviado desde mi iPhone", "Enviado desde mi Galaxy", "Enviado desde mi Samsung Mobile de Claro", "Obtener Outlook para Android<https://aka.ms/AAb9ysg>", "Enviado desde Yahoo Mail para Android", "Enviado desde mi celular",
		"Enviado do meu iPhone", "Envoyé de mon iPhone", "Von meinem iPhone gesendet", "Gesendet von meinem iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPhone", "Skickat från min iPhone", "Sendt fra min iPhone",
		"发自我的iPhone", "發自我的 iPhone", "从我的iPhone发送", "나의 iPhone에서 보냄", "내 iPhone에서 보냄", "iPhoneから送信", "Gửi từ iPhone của tôi", "Được gửi từ iPhone của tôi", "Отправлено с iPhone", "Надіслано з iPhone",
		"Wysłane z iPhone'a", "iPhone'umdan gönderildi", "Ipinadala mula sa aking iPhone", "Sent from TypeApp", "Sent from Samsung tablet.",
	} {
		for _, before := range []string{"Yes.\n\n", "Yes.\n"} {
			if got := joined(unsigned([]string{before[:4], before[5:], line})); got != "Yes." {
				t.Errorf("%q stays: %q", line, got)
			}
		}
	}
}

func TestWhatOnlyReadsLikeASignatureStays(t *testing.T) {
	for _, line := range []string{
		"Sent via mail yesterday, on its way.", "Sent with Leo today, number of my phone is on it", "Enviado con Leo, va junto con su celular", "Sent from my desk, is much easier then my mobile phone.",
		"Sent by mail today", "Sent from school at noon", "Sent from my iPhone because the computer is broken", "Enviado por correo", "Gesendet mit der Post", "--", "- Rosa", "Rosa", "Tel. 555 0100",
		"Get the form from Leo", "Envoyé par la poste", "The iPhone was sent from my home", "Sent with Leo", "Sent from home", "Sent from my office", "Yahoo!", "Mail",
	} {
		if got := joined(unsigned([]string{"Yes.", "", line})); got != "Yes.\n\n"+line {
			t.Errorf("%q is taken off: %q", line, got)
		}
		if got := joined(unsigned([]string{line})); got != line {
			t.Errorf("%q alone is taken off: %q", line, got)
		}
	}
}
