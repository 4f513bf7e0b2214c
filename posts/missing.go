package posts

import "slices"

// missingPictures lists the files of the draft that are not on the platform.
func missingPictures(p Post) []string {
	return slices.DeleteFunc(p.pictures(), func(id string) bool { return p.Publication.Images[id] != "" })
}

// pictures lists the files that the draft shows, those of its companions too.
func (p Post) pictures() []string {
	if p.Content.Kind == PictureMessage {
		return slices.Clone(p.Content.Gallery)
	}
	all := Pictures(p.Content.Markdown)
	for _, c := range p.Bundle {
		all = append(all, Pictures(c.Content.Markdown)...)
	}
	return all
}

// missingCovers lists the articles of the draft, from 0, whose covers are not on the platform.
func missingCovers(p Post) []int {
	var missing []int
	if p.Publication.CoverMediaID == "" && p.Content.Kind == News {
		missing = append(missing, 0)
	}
	for i, c := range p.Bundle {
		if c.Cover == "" {
			missing = append(missing, i+1)
		}
	}
	return missing
}
