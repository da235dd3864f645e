package storetest

var startTests = []test{}
