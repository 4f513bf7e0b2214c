package handlers

// Button is one button of the account's menu. It either carries a key, which a tap sends to Handler, or opens a list of
// buttons.
type Button struct {
	Name string   `json:"name"`
	Key  string   `json:"key,omitempty"`
	Sub  []Button `json:"sub_button,omitempty"`
}

// Menu is the account's menu: at most three buttons of at most five each (Tencent: 自定义菜单). The links are sent as text
// when a button is tapped, so that the menu needs no registered domain and works before PUBLIC_URL is reachable.
func Menu() []Button {
	return []Button{
		{Name: "信息公开", Sub: []Button{
			{Name: "申请公开", Key: KeyApply},
			{Name: "查进度", Key: KeyProgress},
			{Name: "公开指南", Key: KeyGuide},
			{Name: "年度报告", Key: KeyReport},
		}},
		{Name: "最新发布", Key: KeyNews},
		{Name: "联系我们", Sub: []Button{
			{Name: "电话地址", Key: KeyPerson},
			{Name: "帮助", Key: KeyHelp},
		}},
	}
}
