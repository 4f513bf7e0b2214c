package report

// RuleRecords holds a report's cells against the records that they count.
const RuleRecords = "RECORDS"

// CheckRecords returns the cells in which a report differs from what the organ's records count to (Draft). It finds what no
// sum can: a wrong number of permits, which stands alone in its cell.
func CheckRecords(a, counted Annual) []Violation {
	var out []Violation
	told := a.Cells()
	for _, kc := range counted.keyed() {
		cell, there := told[kc.key]
		if !there || cell.Known() && cell.Number == kc.cell.Number {
			continue
		}
		out = append(out, fail(RuleRecords, kc.key, Side(cell.Number.String()), side(kc.cell.Number),
			"“%s”填的是 %s，而记录统计的结果是 %s。", cellLabel(kc.key), cell, kc.cell.Number))
	}
	return out
}
