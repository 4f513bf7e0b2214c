package console

import (
	"net/http"

	"shoushan/disclosure"
	"shoushan/staff"
)

type helpPage struct {
	frame
	Profile disclosure.Organ
	Roles   []roleChoice
}

func (c *Console) help(v *visit) error {
	return c.show(v, http.StatusOK, "help", &helpPage{
		frame: frame{Title: "使用帮助", Here: "/help"}, Profile: c.cfg.Organ, Roles: roleChoices(staff.Roles()),
	})
}
