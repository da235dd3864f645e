package browsertest

import "testing"

func TestALetterAndTheNumberArriveWithoutReloading(t *testing.T) {
	s := open(t)
	conversation := s.letter("ortiz", "Field trip", "We go to the museum on Friday.", s.to("ana", "leo"))
	ana := s.window("ana", how{})
	ana.open("/inbox")
	ana.unread(1)
	ana.sees("Field trip", "1 new", "We go to the museum on Friday.")
	stayed := ana.stay()

	s.reply("ortiz", conversation, "Bring a lunch.")
	ana.unread(2)
	ana.sees("2 new", "Bring a lunch.")

	s.letter("chen", "Lab coats", "Please bring one.", s.to("ana", "leo"))
	ana.unread(3)
	ana.sees("Lab coats", "Please bring one.")
	stayed()
}
