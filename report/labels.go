package report

import "strings"

// cellLabel returns a cell's Chinese name from its key: t3.new.natural is “一、本年新收政府信息公开申请数量 / 自然人”.
func cellLabel(key string) string {
	parts := strings.Split(key, ".")
	names := []string{}
	for i, part := range parts[1:] {
		switch {
		case parts[0] == "t3" && i == 0:
			names = append(names, rowLabel(part))
		case parts[0] == "t3":
			names = append(names, columnLabel(part))
		case parts[0] == "t4" && i == 0:
			names = append(names, groupLabel(part))
		default:
			names = append(names, resultLabel(part))
		}
	}
	return strings.Join(names, " / ")
}

func rowLabel(id string) string {
	switch id {
	case "r3":
		return "三(三)不予公开"
	case "r4":
		return "三(四)无法提供"
	case "r5":
		return "三(五)不予处理"
	case "received":
		return "本年新收与上年结转之和"
	}
	return officialForm().label(id)
}

func groupLabel(group string) string {
	switch group {
	case "reconsideration":
		return "行政复议"
	case "litigation_direct":
		return "未经复议直接起诉"
	case "litigation_after_reconsideration":
		return "复议后起诉"
	case "litigation":
		return "行政诉讼"
	case "remedies":
		return "行政复议与行政诉讼"
	}
	return group
}

func resultLabel(id string) string {
	switch id {
	case "upheld":
		return "结果维持"
	case "corrected":
		return "结果纠正"
	case "other":
		return "其他结果"
	case "pending":
		return "尚未审结"
	case "total":
		return "总计"
	case "made":
		return "本年制发件数"
	case "repealed":
		return "本年废止件数"
	case "valid":
		return "现行有效件数"
	}
	return id
}
