// Package staff knows who works here, what each role may do, and keeps the trail of what was done.
//
// 政府信息公开条例 article 45 asks for a record of each stage (登记、审核、办理、答复、归档); Trail is that record, each entry
// bound by a hash to the one before it.
//
//	if !member.May(staff.SignReplies) {
//		return fault.New(fault.Forbidden, "您没有签发答复的权限。")
//	}
package staff
