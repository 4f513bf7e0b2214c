package bot_test

import (
	"maps"
	"testing"

	"shoushan/bot"
)

// TestFlatBodies tells which bodies the short way takes, and that it reads them as the long way does.
func TestFlatBodies(t *testing.T) {
	for _, tt := range []struct {
		body string
		flat bool
	}{
		{textXML("1", "你好", noon), true},
		{textXML("1", "", noon), true},
		{textXML("1", "a]] > b & <c> 1]>2", noon), true},
		{eventXML("CLICK", "k", noon), true},
		{"<xml>\n\t<A>1 > 2</A> <B></B><A>2</A>\n</xml>\n", true},
		{"<xml></xml>", true},
		{"<xml><xml>1</xml></xml>", true},
		{massXML, false},
		{publishXML, false},
		{"", false},
		{"<xml>", false},
		{"<xml><A>1</A></xml>x", false},
		{"<xml><A>1</A></xml><xml></xml>", false},
		{"<xml>x<A>1</A></xml>", false},
		{"<xml><A>1</B></xml>", false},
		{"<xml><A>1</A", false},
		{"<xml><A>a&amp;b</A></xml>", false},
		{"<xml><A>a]]>b</A></xml>", false},
		{"<xml><A>a<![CDATA[b]]></A></xml>", false},
		{"<xml><A><![CDATA[b]]><![CDATA[c]]></A></xml>", false},
		{"<xml><A><![CDATA[b]]</A></xml>", false},
		{"<xml><A x='1'>b</A></xml>", false},
		{"<xml><A/></xml>", false},
		{"<xml><!-- c --><A>b</A></xml>", false},
		{"<xml><n:A>b</n:A></xml>", false},
		{"<xml><1>b</1></xml>", false},
		{"<xml><A>b\r\n</A></xml>", false},
		{"<xml><A>b\x01</A></xml>", false},
		{"<xml><A>b\xff</A></xml>", false},
		{"<xml><A>b\uffff</A></xml>", false},
		{"<?xml version=\"1.0\"?><xml></xml>", false},
	} {
		t.Run(tt.body, func(t *testing.T) {
			if flat := compareReaders(t, tt.body); flat != tt.flat {
				t.Errorf("flat = %v", flat)
			}
		})
	}
}

// compareReaders fails when the short way takes a body and reads it otherwise than the long way.
func compareReaders(t *testing.T, body string) (flat bool) {
	t.Helper()
	short, flat := bot.FlatFields(body)
	if !flat {
		return false
	}
	if long, err := bot.AnyFields(body); err != nil || !maps.Equal(short, long) {
		t.Errorf("%q: the short way reads %q, the long way %q, %v", body, short, long, err)
	}
	return true
}

// FuzzFlatXML looks for a body that the two readers read differently.
func FuzzFlatXML(f *testing.F) {
	f.Add(textXML("1", "你好", noon))
	f.Add("<xml>\n\t<A>1 > 2</A> <B></B><A><![CDATA[&<]]></A>\n</xml>\n")
	f.Add("<xml><A>]]></A><a:b/></xml>")
	f.Fuzz(func(t *testing.T, body string) { compareReaders(t, body) })
}
