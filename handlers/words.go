package handlers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes what a citizen typed safe to keep: valid UTF-8, no control characters but line breaks, full-width letters,
// digits and spaces as ordinary ones, nothing around it.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000' || r == '\u00a0' || r == '\t':
			return ' '
		case r >= '！' && r <= '～' && !strings.ContainsRune("，。！？；：（）", r):
			return r - 0xfee0
		case r == '\n':
			return r
		case unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.TrimSpace(text)
}

// word reduces a text to what is compared with the tables of words: no space, no punctuation at the ends, no quotes,
// small letters.
func word(text string) string {
	text = strings.Trim(clean(text), "。！？!?.,，、~；;：:“”\"'‘’「」【】[]()（） \n")
	return strings.ToLower(strings.ReplaceAll(text, " ", ""))
}

// The words that mean the same wherever they are said. Each list is compared with word(text) as a whole.
var (
	yesWords      = []string{"是", "是的", "确定", "确认", "对", "对的", "好", "好的", "yes", "y", "ok"}
	cancelWords   = []string{"取消", "取消申请", "不填了", "不申请了", "放弃", "删除草稿", "确定取消", "退出"}
	pauseWords    = []string{"暂停", "稍后", "以后再填", "等会再填", "先不填了", "离开"}
	resumeWords   = []string{"继续", "接着填", "继续填写", "继续申请", "恢复"}
	backWords     = []string{"上一步", "返回", "上一项", "后退"}
	restartWords  = []string{"重来", "重新开始", "重填", "重新填写", "确定重来"}
	editWords     = []string{"修改", "编辑", "更改"}
	summaryWords  = []string{"核对", "汇总", "看看填了什么", "查看草稿"}
	confirmWords  = []string{"确认", "确认提交", "提交", "确定", "确认无误", "没问题"}
	agreeWords    = []string{"同意", "我同意", "同意并继续", "已阅读并同意"}
	disagreeWords = []string{"不同意", "我不同意", "拒绝"}
	agentWords    = []string{"代办", "代理", "代申请", "替别人申请", "帮别人申请", "替别人办", "委托"}
	selfWords     = []string{"自己申请", "不代办", "本人申请", "自己办"}
	easyWords     = []string{"大字", "大字版", "大字模式", "简单", "简单点", "说简单点", "简明", "看不懂", "看不清", "老年版", "长辈版", "老人"}
	fullWords     = []string{"普通版", "标准版", "恢复普通", "详细版"}
	asIsWords     = []string{"就这样写", "就这样", "就是这个", "是", "是的", "对", "确定"}
	chatterWords  = []string{
		"你好", "您好", "在吗", "在不在", "有人吗", "谢谢", "谢谢你", "多谢", "好", "好的", "嗯", "嗯嗯", "哦", "ok", "hi", "hello",
		"早上好", "上午好", "下午好", "晚上好", "知道了", "收到", "等一下", "稍等", "",
	}
)

func said(text string, words []string) bool { return slices.Contains(words, word(text)) }

// The keys of the menu and of the entry points behind typed words.
const (
	KeyApply    = "APPLY"    // 申请公开
	KeyProgress = "PROGRESS" // 查进度
	KeyNews     = "NEWS"     // 最新发布
	KeyGuide    = "GUIDE"    // 公开指南
	KeyReport   = "REPORT"   // 年度报告
	KeyHelp     = "HELP"     // 帮助
	KeyPerson   = "PERSON"   // 人工: phone, counter, hours
)

// entry is one thing a citizen can come for.
type entry struct {
	key   string
	words []string // said as a whole
	hints []string // said as a part, when nothing else understands the text
}

var entries = []entry{
	{KeyApply, []string{"申请公开", "依申请公开", "我要申请", "信息公开申请", "政府信息公开申请", "申请", "申请信息公开", "1"}, []string{"申请公开", "信息公开", "公开申请", "想申请", "要申请", "申请"}},
	{KeyProgress, []string{"查进度", "进度", "查询进度", "办理进度", "我的申请", "进度查询", "2"}, []string{"进度", "办到哪", "查询码", "我的申请", "答复了吗", "有结果"}},
	{KeyNews, []string{"最新发布", "新闻", "最新消息", "最新", "文章", "3"}, []string{"新闻", "最新", "发布", "通知公告"}},
	{KeyGuide, []string{"公开指南", "指南", "信息公开指南"}, []string{"指南"}},
	{KeyReport, []string{"年度报告", "年报"}, []string{"年报", "年度报告"}},
	{KeyHelp, []string{"帮助", "怎么用", "help", "?", "菜单", "功能", "4"}, []string{"怎么用", "帮助"}},
	{KeyPerson, []string{"人工", "人工服务", "转人工", "联系我们", "电话", "联系电话", "地址", "上班时间", "办公时间"}, []string{"人工", "电话", "地址", "上班", "几点", "联系"}},
}

// entryNamed returns the key of the entry point that the text names as a whole, or "".
func entryNamed(text string) string {
	w := word(text)
	if strings.TrimSpace(text) == "?" || strings.TrimSpace(text) == "？" {
		w = "?"
	}
	for _, e := range entries {
		if slices.Contains(e.words, w) {
			return e.key
		}
	}
	return ""
}

// entryHinted returns the key of the first entry point that the text seems to mean, or "".
func entryHinted(text string) string {
	w := word(text)
	for _, e := range entries {
		if slices.ContainsFunc(e.hints, func(h string) bool { return strings.Contains(w, h) }) {
			return e.key
		}
	}
	return ""
}

var (
	numberForm  = regexp.MustCompile(`^\d{4}-\d{3,6}$`)
	lookupForm  = regexp.MustCompile(`^(\d{4}-\d{3,6})[ ,，、/:：;]+(?:查询码)?[ :：]*(\d{6})$`)
	addTo       = regexp.MustCompile(`^(?:我要)?补正(?:申请|材料)?[ :：，,]*(\d{4}-\d{3,6})?$`)
	takeBack    = regexp.MustCompile(`^(确定)?撤回(?:申请)?[ :：，,]*(\d{4}-\d{3,6})?$`)
	editForm    = regexp.MustCompile(`^(?:修改|改|编辑|更改)第?(\d{1,2}|[一二三四五六七八九])[项条个]?$`)
	nounForm    = regexp.MustCompile(`文件|名单|方案|公告|公示|通知|统计|标准|合同|协议|办法|规定|制度|记录|台账|批复|预算|决算|明细|数据|报告|清单|规划|图纸|决定|登记|档案`)
	question    = regexp.MustCompile(`[？?]\s*$|吗|呢|多久|几天|怎么|为什么|为啥|多少钱|能不能|可不可以|可以.*不`)
	chineseDigs = map[string]int{"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
)
