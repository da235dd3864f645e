package control

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/homeline/homeline/hub/roster"
)

func people(n int) []roster.SnapshotPerson {
	var all []roster.SnapshotPerson
	for i := range n {
		all = append(all, roster.SnapshotPerson{SourcedID: fmt.Sprint(i), Given: "P", Grades: []string{"07"}})
	}
	return all
}

func TestChangesOfAnySizeComeThroughWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(0, 2*pieceSize+1)
		c := roster.Changes{Base: rapid.Int64().Draw(t, "base"), PutPeople: people(size.Draw(t, "people"))}
		for i := range size.Draw(t, "enrolments") {
			c.PutEnrolments = append(c.PutEnrolments, roster.SnapshotEnrolment{SourcedID: fmt.Sprint(i), Begin: roster.NewDate(2026, 9, 1)})
		}
		for i := range size.Draw(t, "removed") {
			c.RemoveEnrolments = append(c.RemoveEnrolments, fmt.Sprint(i))
			c.RemoveGuardianships = append(c.RemoveGuardianships, roster.SnapshotGuardianship{Guardian: fmt.Sprint(i)})
		}
		c.Summary.New = map[roster.Kind]int{roster.KindPerson: len(c.PutPeople)}
		var sent bytes.Buffer
		if err := sendChanges(&sent, c); err != nil {
			t.Fatal(err)
		}
		got, err := receiveChanges(&sent)
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Fatalf("%d people of %d came, %v", len(got.PutPeople), len(c.PutPeople), err)
		}
	})
}

func TestEveryListOfARosterIsSent(t *testing.T) {
	// A list that is added to the types and forgotten here would be lost.
	for what, c := range map[string]struct {
		value    reflect.Value
		transfer func(reflect.Value) any
	}{
		"state": {reflect.ValueOf(&roster.State{}), func(v reflect.Value) any {
			var b bytes.Buffer
			if err := sendState(&b, v.Elem().Interface().(roster.State)); err != nil {
				t.Fatal(err)
			}
			got, err := receiveState(&b)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}},
		"changes": {reflect.ValueOf(&roster.Changes{}), func(v reflect.Value) any {
			var b bytes.Buffer
			if err := sendChanges(&b, v.Elem().Interface().(roster.Changes)); err != nil {
				t.Fatal(err)
			}
			got, err := receiveChanges(&b)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}},
	} {
		fillLists(c.value.Elem())
		if got := c.transfer(c.value); !reflect.DeepEqual(got, c.value.Elem().Interface()) {
			t.Errorf("%s: sent %+v, came %+v", what, c.value.Elem(), got)
		}
	}
}

// fillLists puts one element into every list of a struct and those in it.
func fillLists(v reflect.Value) {
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Struct:
			fillLists(f)
		}
	}
}

func TestARosterThatIsCutOffIsNoRoster(t *testing.T) {
	var sent bytes.Buffer
	if err := sendState(&sent, roster.State{Version: 3, Snapshot: roster.Snapshot{People: people(pieceSize + 1)}}); err != nil {
		t.Fatal(err)
	}
	whole := bytes.TrimRight(sent.Bytes(), "\n")
	for _, cut := range []int{0, 1, len(whole) / 3, len(whole) / 2, len(whole) - 2, len(whole) - 1} {
		if _, err := receiveState(bytes.NewReader(whole[:cut])); err == nil {
			t.Errorf("the first %d of %d bytes passed for a roster", cut, len(whole))
		}
	}
}
