package console

import (
	"net/http"
	"slices"
	"strconv"

	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// spareRows is how many empty rows the page has for new paths.
const spareRows = 2

// pathRow is one path of the review as the form shows it.
type pathRow struct {
	Key    string // of its fields
	Usual  bool
	Path   posts.ReviewPath
	Rounds []roundChoice
}

// roundChoice is one round of a path: whether it is taken, and by whom.
type roundChoice struct {
	Round  posts.Round
	Name   string
	Taken  bool
	Always bool // 终审
	Who    []memberChoice
}

type memberChoice struct {
	ID, Name string
	Chosen   bool
}

type reviewPlanPage struct {
	frame
	Rows    []pathRow
	Origins []option
	Topics  []string
	MaySave bool
	Problem problem
	Seen    string // the plan as it is shown
}

func (c *Console) reviewPlan(v *visit) error {
	plan, err := c.cfg.Newsroom.ReviewPlan(v.ctx())
	if err != nil {
		return err
	}
	return c.showReviewPlan(v, http.StatusOK, plan, problem{})
}

func (c *Console) showReviewPlan(v *visit, status int, plan posts.ReviewPlan, why problem) error {
	members, err := c.cfg.Members.Members(v.ctx())
	if err != nil {
		return err
	}
	p := &reviewPlanPage{
		frame: frame{Title: "审核流程", Here: "/posts/reviewplan"}, MaySave: v.who.May(staff.ManageSettings), Problem: why,
		Origins: append([]option{{"", "原创和转载"}}, choices(posts.Origin.Chinese, posts.Original, posts.Repost)...),
	}
	if p.Topics, err = c.cfg.Newsroom.Topics(v.ctx()); err != nil {
		return err
	}
	stored, err := c.cfg.Newsroom.ReviewPlan(v.ctx())
	if err != nil {
		return err
	}
	p.Seen = markOf(stored)
	paths := slices.Clone(plan.Paths)
	if p.MaySave {
		paths = append(paths, make([]posts.ReviewPath, spareRows)...)
	}
	p.Rows = append(p.Rows, pathRowOf("usual", plan.Usual, members))
	for i, path := range paths {
		p.Rows = append(p.Rows, pathRowOf("path"+strconv.Itoa(i), path, members))
	}
	return c.show(v, status, "reviewplan", p)
}

func pathRowOf(key string, path posts.ReviewPath, members []staff.Member) pathRow {
	row := pathRow{Key: key, Usual: key == "usual", Path: path}
	for _, round := range posts.Rounds() {
		choice := roundChoice{Round: round, Name: round.Chinese(), Always: round == posts.Final, Taken: round == posts.Final || slices.Contains(path.Rounds, round)}
		right := staff.ReviewPosts
		if round == posts.Final {
			right = staff.ApprovePosts
		}
		for _, m := range members {
			chosen := slices.Contains(path.Who[round], m.ID)
			if m.May(right) || chosen {
				choice.Who = append(choice.Who, memberChoice{m.ID, m.Name, chosen})
			}
		}
		row.Rounds = append(row.Rounds, choice)
	}
	return row
}

func (c *Console) saveReviewPlan(v *visit) error {
	plan := posts.ReviewPlan{Usual: typedPath(v, "usual")}
	for i := 0; ; i++ {
		key := "path" + strconv.Itoa(i)
		if _, there := v.r.PostForm[key+"-name"]; !there {
			break
		}
		if v.form(key+"-name") != "" {
			plan.Paths = append(plan.Paths, typedPath(v, key))
		}
	}
	stored, err := c.cfg.Newsroom.ReviewPlan(v.ctx())
	if err != nil {
		return err
	}
	if seen := v.form("seen"); seen != "" && seen != markOf(stored) {
		err = fault.New(fault.Conflict, "您打开页面之后，别人保存过审核流程，您的提交没有生效。下面是您填写的；请在另一个窗口打开本页，对照现在的流程核对以后再保存。")
	} else {
		err = c.cfg.Newsroom.SaveReviewPlan(v.ctx(), v.who, plan)
	}
	if err != nil {
		p := c.explain(v, err)
		return c.showReviewPlan(v, p.Status, plan, p)
	}
	return c.redirect(v, "/posts/reviewplan", "审核流程已保存。以后送审的稿件按新的流程，已经送审的不变。")
}

func typedPath(v *visit, key string) posts.ReviewPath {
	path := posts.ReviewPath{
		Name: v.form(key + "-name"), Origin: posts.Origin(v.form(key + "-origin")), Topic: v.form(key + "-topic"),
		ApprovedSource: v.form(key+"-source") != "", Who: map[posts.Round][]string{},
	}
	for _, round := range posts.Rounds() {
		if round == posts.Final || v.form(key+"-"+string(round)) != "" {
			path.Rounds = append(path.Rounds, round)
			if who := v.r.PostForm[key+"-who-"+string(round)]; len(who) > 0 {
				path.Who[round] = who
			}
		}
	}
	return path
}
