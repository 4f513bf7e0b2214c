package simulator

// event is MASSSENDJOBFINISH with the originality verdict and the articles' links.
func (j *massJob) event(omitURLs bool) []node {
	verdict := j.Copyright
	if verdict == nil {
		verdict = &Copyright{}
	}
	var items, urls []node
	for _, it := range verdict.Items {
		items = append(items, branch("item",
			num("ArticleIdx", int64(it.ArticleIdx)), num("UserDeclareState", int64(it.UserDeclareState)),
			num("AuditState", int64(it.AuditState)), text("OriginalArticleUrl", it.OriginalArticleURL),
			num("OriginalArticleType", int64(it.OriginalArticleType)), num("CanReprint", int64(it.CanReprint)),
			num("NeedReplaceContent", int64(it.NeedReplaceContent)),
			num("NeedShowReprintSource", int64(it.NeedShowReprintSource))))
	}
	for _, a := range j.Articles {
		if !omitURLs {
			urls = append(urls, branch("item", num("ArticleIdx", int64(a.Idx)), text("ArticleUrl", a.URL)))
		}
	}
	return []node{
		num("MsgID", j.ID), text("Status", j.Reason), num("TotalCount", int64(j.Total)), num("FilterCount", int64(j.Sent)),
		num("SentCount", int64(j.Sent)), num("ErrorCount", 0),
		branch("CopyrightCheckResult", num("Count", int64(len(items))), branch("ResultList", items...),
			num("CheckState", int64(verdict.CheckState))),
		branch("ArticleUrlResult", num("Count", int64(len(urls))), branch("ResultList", urls...)),
	}
}

func (s *Server) massByID(id int64) (*massJob, error) {
	for _, job := range s.state.masses {
		if job.ID == id {
			return job, nil
		}
	}
	return nil, fail(40059)
}

func massGet(c *call, in struct {
	MsgID looseID `json:"msg_id"`
}) (any, error) {
	job, err := c.massByID(int64(in.MsgID))
	if err != nil {
		return nil, err
	}
	return obj{"msg_id": job.ID, "msg_status": job.Status}, nil
}

func massDelete(c *call, in struct {
	MsgID looseID `json:"msg_id"`
	Idx   int     `json:"article_idx"`
	URL   string  `json:"url"`
}) (any, error) {
	for _, job := range c.state.masses {
		for _, a := range job.Articles {
			if in.URL != "" && in.URL == a.URL {
				a.Deleted = true
				c.hub.send("articles", nil)
				return ok(nil), nil
			}
		}
	}
	job, err := c.massByID(int64(in.MsgID))
	if err != nil {
		return nil, err
	}
	if in.Idx < 0 || in.Idx > len(job.Articles) {
		return nil, fail(40060)
	}
	for _, a := range job.Articles {
		a.Deleted = a.Deleted || in.Idx == 0 || a.Idx == in.Idx
	}
	if len(job.Articles) == 0 {
		return nil, fail(40059) // only articles and videos can be deleted
	}
	job.Status = massDeleted
	c.hub.send("articles", nil)
	return ok(nil), nil
}

// preview shows a draft to one citizen, by openid or WeChat name (here: the citizen's id); the draft stays.
func preview(c *call, in massRequest) (any, error) {
	openID, _ := in.ToUser.(string)
	p := c.citizen(openID)
	if in.ToWXName != "" {
		p = c.citizen(in.ToWXName)
	}
	if p == nil {
		return nil, fail(40003)
	}
	d, err := c.massContent(in)
	if err != nil {
		return nil, err
	}
	for _, b := range c.massBubbles(&massJob{In: in}) {
		b.Via = "预览"
		if d != nil {
			b.Kind, b.Cards = "news", d.cards()
		}
		c.show(p, b)
	}
	return obj{"errcode": 0, "errmsg": "preview success", "msg_id": 1000000000 + c.next()}, nil
}

func speedGet(*call) (any, error) { return obj{"speed": 3, "realspeed": 15}, nil }

func speedSet(c *call, in struct {
	Speed int `json:"speed"`
}) (any, error) {
	if in.Speed < 0 || in.Speed > 4 {
		return nil, &apiError{code: 45083, text: "speed must between 0 and 4"}
	}
	return ok(nil), nil
}
