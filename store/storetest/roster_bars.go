package storetest

var barTests, searchTests, borderTests, factsTests []rosterTest
