package strict

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Keys are the keys that mean something in a request.
type Keys struct {
	exact  map[string]bool
	folded map[string]string // from the folded form to the right one
}

// KeysOf returns the keys of the JSON objects that fill these structs, at all
// levels.
func KeysOf(requests ...any) *Keys {
	k := &Keys{exact: map[string]bool{}, folded: map[string]string{}}
	for _, r := range requests {
		k.take(reflect.TypeOf(r))
	}
	return k
}

func (k *Keys) take(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		k.take(t.Elem())
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			k.exact[name] = true
			k.folded[fold(name)] = name
			k.take(f.Type)
		}
	}
}

// inOtherCase returns the key that this one is but for its case.
func (k *Keys) inOtherCase(key []byte) (right string, other bool) {
	if k == nil || k.exact[string(key)] {
		return "", false
	}
	right, other = k.folded[fold(string(key))]
	return right, other
}

// few is up to how many keys are compared one by one.
const few = 12

// names are the keys of one object.
type names struct {
	list   []string
	folded map[string]string // once there are more than a few
	room   [few]string
}

// add returns the key that was there before and is the same but for case.
func (n *names) add(key []byte) (before string, twice bool) {
	if n.folded == nil {
		if n.list == nil {
			n.list = n.room[:0]
		}
		if i := slices.IndexFunc(n.list, func(had string) bool { return strings.EqualFold(had, string(key)) }); i >= 0 {
			return n.list[i], true
		}
		if len(n.list) < few {
			n.list = append(n.list, string(key))
			return "", false
		}
		n.folded = make(map[string]string, 4*few)
		for _, had := range n.list {
			n.folded[fold(had)] = had
		}
	}
	f := fold(string(key))
	if before, twice = n.folded[f]; !twice {
		n.folded[f] = string(key)
	}
	return before, twice
}

// fold gives all spellings that strings.EqualFold takes for the same one form.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				return r + ('a' - 'A')
			}
			return r
		}
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		if 'A' <= least && least <= 'Z' {
			least += 'a' - 'A'
		}
		return least
	}, s)
}
