package console_test

import (
	"shoushan/posts"
	"shoushan/staff"
)

// shotsOf lists every page worth looking at, each as the role that works with it.
func shotsOf(s seeded) []shot {
	return append(deskShots(s), []shot{
		{"login", "", "/login", ""},
		{"home-author", staff.Author, "/", ""},
		{"home-approver", staff.Approver, "/", ""},
		{"home-desk", staff.RequestDesk, "/", ""},
		{"home-admin", staff.Administrator, "/", ""},
		{"posts", staff.Author, "/posts", ""},
		{"posts-published", staff.Author, "/posts?state=published", ""},
		{"post-draft", staff.Author, "/posts/" + s.posts[posts.Draft], ""},
		{"post-review", staff.Reviewer, "/posts/" + s.posts[posts.InReview], ""},
		{"post-approved", staff.Approver, "/posts/" + s.posts[posts.Approved], ""},
		{"post-unknown", staff.Approver, "/posts/" + s.posts[posts.OutcomeUnknown], ""},
		{"post-published", staff.Approver, "/posts/" + s.posts[posts.Published], ""},
		{"post-approval", staff.Approver, "/posts/" + s.posts[posts.Published] + "/approval", ""},
		{"editor-new", staff.Author, "/posts/new", ""},
		{"editor", staff.Author, "/posts/" + s.posts[posts.Draft] + "/edit", ""},
		{"editor-typing", staff.Author, "/posts/new", typingScript},
		{"editor-gallery", staff.Author, "/posts/new", `new Promise(r => { document.getElementById("kind-newspic").click(); setTimeout(() => r(1), 3500) })`},
		{"post-failed", staff.Approver, "/posts/" + s.posts[posts.Failed], ""},
		{"post-awaiting", staff.Approver, "/posts/" + s.posts[posts.AwaitingPerson], ""},
		{"post-mass", staff.Approver, "/posts/" + s.posts[posts.Approved] + "?to=all", ""},
		{"post-mass-tag", staff.Approver, "/posts/" + s.posts[posts.Approved] + "?to=tag", ""},
		{"timetable", staff.Approver, "/posts/calendar", ""},
		{"timetable-week", staff.Approver, "/posts/calendar?view=week", ""},
		{"queue", staff.Approver, "/posts/queue", ""},
		{"bundle", staff.Approver, "/posts/" + s.posts[posts.Scheduled] + "/bundle", ""},
		{"revisions", staff.Author, "/posts/" + s.posts[posts.Draft] + "/revisions", ""},
		{"differences", staff.Reviewer, "/posts/differences", ""},
		{"rules", staff.Approver, "/posts/rules", ""},
		{"reviewplan", staff.Administrator, "/posts/reviewplan", ""},
		{"elsewhere", staff.Author, "/posts/elsewhere", ""},
		{"silence", staff.Administrator, "/silence", ""},
		{"readings", staff.Approver, "/readings", ""},
		{"readings-none", staff.Approver, "/readings?month=2026-01", ""},
		{"post-import", staff.Approver, "/import/posts", ""},
		{"matching", staff.Approver, "/matching", `new Promise(r => { const d = document.querySelector("#matching details"); if (d) d.open = true; r(1) })`},
		{"matching-none", staff.Approver, "/matching?month=2025-02", ""},
		{"tallies", staff.Approver, "/tallies", ""},
		{"tallies-month", staff.Approver, "/tallies?year=2026&part=m10", ""},
		{"tallies-empty", staff.Approver, "/tallies?year=2021", ""},
		{"tally-list", staff.Approver, "/tallies/list?year=2026&part=q3&kind=repost", ""},
		{"quarter", staff.Approver, "/tallies/quarter?year=2026&quarter=3", ""},
		{"figures", staff.RequestDesk, "/figures", ""},
		{"figure-list", staff.RequestDesk, "/figures/2026/account.original", ""},
		{"figure-zero", staff.RequestDesk, "/figures/2021/portal.items", ""},
		{"tables", staff.RequestDesk, "/tables", ""},
		{"tables-author", staff.Author, "/tables?year=2025", ""},
		{"registers", staff.RequestDesk, "/registers", ""},
		{"registers-empty", staff.Approver, "/registers?kind=行政强制", ""},
		{"entry-new", staff.RequestDesk, "/registers/new?kind=行政规范性文件", ""},
		{"entry", staff.RequestDesk, "/registers/" + s.entry, ""},
		{"entry-read", staff.Approver, "/registers/" + s.entry, ""},
		{"import", staff.RequestDesk, "/registers/import", ""},
		{"figure-entries", staff.RequestDesk, "/figures/2026/t2.行政事业性收费", ""},
		{"report", staff.Approver, "/report", ""},
		{"report-published", staff.Author, "/report?year=2025", ""},
		{"report-approved", staff.Administrator, "/report?year=2024", ""},
		{"report-review", staff.Reviewer, "/report?year=2023", ""},
		{"report-correcting", staff.RequestDesk, "/report?year=2022", ""},
		{"report-edit", staff.RequestDesk, "/report/2026/edit", ""},
		{"report-edit-last", staff.RequestDesk, "/report/2022/edit", `new Promise(r => { document.querySelectorAll("details").forEach(d => d.open = true); r(1) })`},
		{"check", staff.Approver, "/report/check", ""},
		{"merge", staff.Approver, "/report/merge", ""},
		{"members", staff.Administrator, "/members", ""},
		{"member", staff.Administrator, "/members/sun", ""},
		{"organ", staff.Administrator, "/organ", ""},
		{"jobs", staff.Administrator, "/jobs", ""},
		{"account", staff.Approver, "/account", ""},
		{"help", staff.Approver, "/help", ""},
		{"forbidden", staff.Author, "/members", ""},
		{"missing", staff.Author, "/nowhere", ""},
	}...)
}

// deskShots are those of the request desk.
func deskShots(s seeded) []shot {
	return []shot{
		{"requests", staff.RequestDesk, "/requests", ""},
		{"requests-empty", staff.RequestDesk, "/requests?queue=payment", ""},
		{"remedies", staff.RequestDesk, "/remedies", ""},
		{"calendar", staff.Administrator, "/calendar", ""},
		{"calendar-desk", staff.RequestDesk, "/calendar", ""},
		{"export", staff.RequestDesk, "/requests/export", ""},
		{"export-approver", staff.Approver, "/requests/export", ""},
		{"case-reminded", staff.RequestDesk, "/requests/" + s.requests["soon"], ""},
		{"case-notice", staff.Approver, "/requests/" + s.requests["notice"], ""},
		{"case-consulting", staff.RequestDesk, "/requests/" + s.requests["consulting"], ""},
		{"sheet-review", staff.Approver, "/requests/" + s.requests["signoff"] + "/sheets/review", ""},
		{"sheet-register", staff.RequestDesk, "/requests/" + s.requests["closed"] + "/sheets/register", ""},
		{"requests-signoff", staff.Approver, "/requests?queue=signoff", ""},
		{"redact", staff.RequestDesk, "/requests/" + s.requests["overdue"] + "/files/1/redact", `new Promise(r => { const f = document.getElementById("redact-boxes"); f.value = "10 20 40 20"; f.dispatchEvent(new Event("input")); r(1) })`},
		{"proactive", staff.RequestDesk, "/proactive", ""},
		{"proactive-case", staff.RequestDesk, "/proactive/" + s.requests["closed"], ""},
		{"concerns", staff.RequestDesk, "/concerns", ""},
		{"concerns-approver", staff.Approver, "/concerns?all=1", ""},
		{"concern", staff.RequestDesk, "/concerns/" + s.concern, ""},
		{"concern-new", staff.RequestDesk, "/concerns/new", ""},
		{"intake", staff.RequestDesk, "/requests/new", ""},
		{"case-unopened", staff.RequestDesk, "/requests/" + s.requests["unopened"], ""},
		{"case-handling", staff.RequestDesk, "/requests/" + s.requests["handling"] + "?outcome=r2", ""},
		{"case-more", staff.RequestDesk, "/requests/" + s.requests["handling"], `new Promise(r => { document.getElementById("more-verbs").open = true; document.querySelectorAll("#more-verbs details").forEach((d, i) => { d.open = i < 2 }); r(1) })`},
		{"case-picked", staff.RequestDesk, "/requests/" + s.requests["handling"], `new Promise(r => { document.getElementById("verb-form-decide").open = true; const p = document.getElementById("pick-outcome"); p.value = "r4_1"; p.dispatchEvent(new Event("change", {bubbles: true})); setTimeout(() => r(document.querySelector("[name=search_record]") ? 1 : 0), 800) })`},
		{"menu", staff.RequestDesk, "/requests", `new Promise(r => { document.getElementById("menu-toggle").click(); r(1) })`},
		{"case-overdue", staff.RequestDesk, "/requests/" + s.requests["overdue"], ""},
		{"case-signoff", staff.Approver, "/requests/" + s.requests["signoff"], ""},
		{"case-delivery", staff.RequestDesk, "/requests/" + s.requests["delivery"], ""},
		{"case-closed", staff.RequestDesk, "/requests/" + s.requests["closed"], ""},
		{"why", staff.RequestDesk, "/requests/" + s.requests["handling"] + "/why", ""},
		{"letter", staff.Approver, "/requests/" + s.requests["signoff"] + "/letters/2", ""},
	}
}

// typingScript fills the editor with a text that has something to say about.
const typingScript = `new Promise(done => {
	const set = (id, value) => { const e = document.getElementById(id); e.value = value; e.dispatchEvent(new Event("input", {bubbles: true})) };
	set("editor-title", "我镇布署冬季清洁取暖安全检查工作暨森林防火、道路交通安全工作推进会议精神传达");
	set("editor-markdown", "来源：新华社\n\n截止目前，全镇共排查 120 户。联系电话 13800138000。\n\n## 下一步\n\n- 继续排查\n- 及时整改");
	document.getElementById("origin-original").click();
	setTimeout(() => done(1), 4500);
})`
