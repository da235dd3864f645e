package socket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
)

// clientFrame is a masked frame.
func clientFrame(first byte, payload []byte) []byte {
	mask := []byte{1, 2, 3, 4}
	out := []byte{first}
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), uint64(n))
	}
	out = append(out, mask...)
	for i, b := range payload {
		out = append(out, b^mask[i%4])
	}
	return out
}

// Whatever pieces the bytes come in, the same frames are counted.
func TestFramesAreCountedHoweverTheirBytesCome(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		var all []byte
		want := 0
		for range 30 {
			size := []int{0, 1, 125, 126, 200, 70_000}[r.IntN(6)]
			first := []byte{0x81, 0x01, 0x80, 0x00, 0x89, 0x8a}[r.IntN(6)]
			all = append(all, clientFrame(first, make([]byte, size))...)
			want++
		}
		pieces := 0
		got := 0
		var f frames
		for rest := all; len(rest) > 0; {
			n := min(len(rest), 1+r.IntN(100_000))
			good, cost, err := f.take(rest[:n])
			if good != n || err != nil {
				t.Fatalf("seed %d: %d of %d, %v", seed, good, n, err)
			}
			got += cost
			rest = rest[n:]
			pieces++
		}
		if extra := len(all) / pieceSize; got < want || got > want+extra {
			t.Fatalf("seed %d: %d frames in %d pieces, want %d and at most %d more for their size", seed, got, pieces, want, extra)
		}
	}
}

func TestACloseWhoseReasonIsNotUTF8IsNoticedAndWhatCameBeforeItPasses(t *testing.T) {
	before := clientFrame(0x81, []byte("hello"))
	for payload, want := range map[string]error{
		"": nil, "\x03\xe8": nil, "\x03\xe8bye": nil, "\x03\xe8\xff": errReason, "\x03\xe8\xed\xa0\x80": errReason, "\x03": nil,
		"\x03\xe8" + string(bytes.Repeat([]byte("é"), 61)): nil,
	} {
		all := append(bytes.Clone(before), clientFrame(0x88, []byte(payload))...)
		var f frames
		good, _, err := f.take(all)
		if !errors.Is(err, want) || err != nil && good != len(before) || err == nil && good != len(all) {
			t.Errorf("%q: %d good of %d, %v", payload, good, len(all), err)
		}
		f = frames{}
		err = nil
		for i := 0; i < len(all) && err == nil; i++ {
			_, _, err = f.take(all[i : i+1])
		}
		if !errors.Is(err, want) {
			t.Errorf("%q byte by byte: %v", payload, err)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(clientFrame(0x88, []byte("\x03\xe8bye")), 3)
	f.Add([]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5}, 1)
	f.Fuzz(func(t *testing.T, raw []byte, step int) {
		if step <= 0 {
			return
		}
		var watch frames
		for len(raw) > 0 {
			n := min(step, len(raw))
			good, cost, err := watch.take(raw[:n])
			if good < 0 || good > n || cost < 0 || cost > n+1 || len(watch.reason) > maxControl {
				t.Fatalf("%d of %d good, %d frames", good, n, cost)
			}
			if err != nil {
				return
			}
			raw = raw[n:]
		}
	})
}
