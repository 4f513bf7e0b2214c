package storage

import "regexp"

// requestSchemas brings requests of older programs up to date, one step for each schema.
func requestSchemas() []migration { return []migration{reasonsApart} }

var untilInNote = regexp.MustCompile(`期限到(\d+)年(\d+)月(\d+)日`)

// reasonsApart gives what came of asking for reasons (条例第三十五条) a value of its own. The end of the period stood in the event
// alone.
func reasonsApart(record map[string]any) error {
	asked, ok := record["reasons_asked_on"].(string)
	if !ok {
		return nil
	}
	delete(record, "reasons_asked_on")
	until := asked
	events, _ := record["trail"].([]any)
	for _, e := range events {
		event, _ := e.(map[string]any)
		note, _ := event["note"].(string)
		if m := untilInNote.FindStringSubmatch(note); m != nil && event["action"] == "state_reasons" {
			until = m[1] + "-" + twoDigits(m[2]) + "-" + twoDigits(m[3])
		}
	}
	record["reasons"] = map[string]any{"asked_on": asked, "until": until}
	return nil
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
