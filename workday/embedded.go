package workday

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

//go:embed data/workdays.json
var workdaysJSON []byte

//go:embed data/statutory.json
var statutoryJSON []byte

// Embedded returns the calendar of the notices that ship with the program: 2021 to 2026.
func Embedded() Calendar { return embedded() }

var embedded = sync.OnceValue(func() Calendar {
	var file struct {
		Notices []Notice `json:"notices"`
	}
	mustDecode("workdays.json", workdaysJSON, &file)
	return New(file.Notices...)
})

// statutoryHolidays maps the days that 放假办法 article 2 itself makes free to their names, for the years whose notices
// are not embedded. The eve of the Spring Festival is free since 2025.
var statutoryHolidays = sync.OnceValue(func() map[Date]string {
	var file struct {
		Lunar []struct {
			SpringFestival Date `json:"spring_festival"`
			Qingming       Date `json:"qingming"`
			DragonBoat     Date `json:"dragon_boat"`
			MidAutumn      Date `json:"mid_autumn"`
		} `json:"lunar"`
	}
	mustDecode("statutory.json", statutoryJSON, &file)
	days := map[Date]string{}
	for _, l := range file.Lunar {
		for offset := -1; offset <= 2; offset++ {
			days[l.SpringFestival.AddDays(offset)] = "春节"
		}
		days[l.Qingming], days[l.DragonBoat], days[l.MidAutumn] = "清明节", "端午节", "中秋节"
	}
	return days
})

// statutoryHoliday names the statutory holiday on d, or returns "". Solar holidays hold in every year, lunar ones as far
// as the embedded table reaches (2050).
func statutoryHoliday(d Date) string {
	switch {
	case d.Month() == time.January && d.Day() == 1:
		return "元旦"
	case d.Month() == time.May && d.Day() <= 2:
		return "劳动节"
	case d.Month() == time.October && d.Day() <= 3:
		return "国庆节"
	}
	return statutoryHolidays()[d]
}

func mustDecode(name string, data []byte, v any) {
	if err := json.Unmarshal(data, v); err != nil {
		panic(fmt.Sprintf("workday: embedded %s: %v", name, err))
	}
}
