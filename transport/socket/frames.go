package socket

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

const (
	opClose   = 0x8
	opPing    = 0x9
	opPong    = 0xa
	maskBytes = 4
	codeBytes = 2        // of a close, before its reason
	pieceSize = 64 << 10 // of a frame, which costs as much as a frame of its own
)

// errReason is for a close whose reason is not UTF-8.
var errReason = errors.New("the reason of a close is not valid UTF-8")

// frames follows the frames of a client (RFC 6455, 5.2) as their bytes pass by:
// how many they are, also those that the library answers or skips by itself. What
// is malformed is the library's to refuse.
type frames struct {
	header  [2 + 8 + maskBytes]byte
	have    int    // bytes of header
	left    uint64 // bytes of the payload that are still to come
	inside  bool   // of a payload
	passed  int    // bytes of payloads that no piece has been counted for
	closing bool   // it is the payload of a close
	mask    [maskBytes]byte
	reason  []byte // the payload of a close
}

// take passes bytes by. It returns how many of them are good, and what they cost
// in frames; an error is for what follows the good ones.
func (f *frames) take(p []byte) (good, cost int, err error) {
	begin := 0 // of the frame at hand, as far as it is in p
	for i := 0; i < len(p); {
		if !f.inside {
			if f.have == 0 {
				begin = i
			}
			f.header[f.have] = p[i]
			f.have, i = f.have+1, i+1
			if f.have < f.headerSize() {
				continue
			}
			f.open()
			cost++
		} else {
			n := len(p) - i
			if uint64(n) > f.left {
				n = int(f.left)
			}
			f.pass(p[i : i+n])
			i += n
		}
		for ; f.passed >= pieceSize; f.passed -= pieceSize {
			cost++
		}
		if f.left > 0 {
			continue
		}
		f.inside, f.have = false, 0
		if f.closing && len(f.reason) > codeBytes && !utf8.Valid(f.reason[codeBytes:]) {
			return begin, cost, errReason
		}
	}
	return len(p), cost, nil
}

// between reports whether what has passed by ends with a whole frame.
func (f *frames) between() bool { return f.have == 0 && !f.inside }

// headerSize is how many bytes the header has, as far as is known yet.
func (f *frames) headerSize() int {
	size := 2
	if f.have < size {
		return size
	}
	switch f.header[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if f.header[1]&0x80 != 0 {
		size += maskBytes
	}
	return size
}

// open reads the header.
func (f *frames) open() {
	length, rest := f.header[1]&0x7f, f.header[2:f.have]
	switch length {
	case 126:
		f.left, rest = uint64(binary.BigEndian.Uint16(rest)), rest[2:]
	case 127:
		f.left, rest = binary.BigEndian.Uint64(rest), rest[8:]
	default:
		f.left = uint64(length)
	}
	f.mask = [maskBytes]byte{}
	copy(f.mask[:], rest)
	f.inside, f.closing, f.reason = true, f.header[0]&0x0f == opClose, nil
}

func (f *frames) pass(p []byte) {
	if f.closing {
		for _, b := range p[:min(len(p), maxControl-len(f.reason))] {
			f.reason = append(f.reason, b^f.mask[len(f.reason)%maskBytes])
		}
	}
	f.left -= uint64(len(p))
	f.passed += len(p)
}

const maxControl = 125 // bytes of the payload of a control frame
