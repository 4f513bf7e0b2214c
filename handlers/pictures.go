package handlers

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // decoded here, kept as JPEG
	"image/jpeg"
	_ "image/png" // likewise
	"slices"
	"time"

	_ "golang.org/x/image/webp" // likewise

	"shoushan/bot"
	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/staff"
)

// FetchPictureWork is the kind of background work that fetches a picture a citizen has sent.
const FetchPictureWork = "fetch_picture"

const (
	maxPictures   = 9
	maxPixels     = 40_000_000 // a picture that claims more is not unpacked
	pictureLife   = DraftTTL
	pictureJPEG   = 85               // quality
	fetchPatience = 10 * time.Minute // after which a picture that was not fetched counts as lost
)

// Media fetches what citizens send, at most three days later; bot.Client does.
type Media interface {
	DownloadMedia(ctx context.Context, mediaID string) (data []byte, contentType string, err error)
}

// Files keeps data, encrypted, addressed by their content.
type Files interface {
	SaveFile(ctx context.Context, data []byte) (id string, err error)
	// RemoveFile deletes a file that no record needs; there being none is no error.
	RemoveFile(ctx context.Context, id string) error
}

// Pictures takes pictures for an application that is being filled in: proof of identity, a letter of authority (条例第二十九条).
// They are fetched in the background, turned upright, re-encoded, so that places and other data inside them are gone, and kept
// encrypted.
type Pictures struct {
	Papers  bot.Papers
	Media   Media
	Files   Files
	Filed   Requests                                         // what became of them: a file that a request has is never deleted
	Enqueue func(ctx context.Context, kind, id string) error // asks for FetchPictureWork
	// Opening holds how many pictures are unpacked at once, each to a hundred megabytes and more; nil: no limit.
	Opening chan struct{}
	Now     func() time.Time
}

// sentPicture is a picture that a citizen has sent.
type sentPicture struct {
	ID      string    `json:"id"` // of the work
	MediaID string    `json:"media_id"`
	SentAt  time.Time `json:"sent_at"`
	File    string    `json:"file,omitempty"` // once it is kept
	Lost    bool      `json:"lost,omitempty"` // it was no picture, or is not there any more
	// Kind says what it was sent for.
	Kind disclosure.FileKind `json:"kind,omitempty"`
}

// waits reports whether the picture is still to be fetched.
func (s sentPicture) waits(now time.Time) bool {
	return s.File == "" && !s.Lost && now.Sub(s.SentAt) < fetchPatience
}

// add notes a picture and asks for it to be fetched. It returns how many there are.
func (p *Pictures) add(ctx context.Context, openID, mediaID string, kind disclosure.FileKind) (n int, err error) {
	sent := sentPicture{ID: rand.Text(), MediaID: mediaID, SentAt: p.Now().UTC(), Kind: kind}
	err = bot.ChangePaper(ctx, p.Papers, openID, pictureLife, func(all *[]sentPicture) (bool, error) {
		if len(*all) >= maxPictures {
			return false, fault.Newf(fault.Conflict, "一件申请最多附 %d 张图片，其他材料请交到窗口或者邮寄。", maxPictures)
		}
		*all = append(*all, sent)
		n = len(*all)
		return true, nil
	})
	if err != nil {
		return 0, err
	}
	err = bot.ChangePaper(ctx, p.Papers, "work:"+sent.ID, pictureLife, func(owner *string) (bool, error) { *owner = openID; return true, nil })
	if err != nil {
		return n, err
	}
	return n, p.Enqueue(ctx, FetchPictureWork, sent.ID)
}

// Fetch is the background work: it fetches one picture, cleans it and keeps it. It may run twice; a picture that was
// forgotten meanwhile is left alone. What can never succeed is marked as lost and no error.
func (p *Pictures) Fetch(ctx context.Context, id string) error {
	openID, err := bot.ReadPaper[string](ctx, p.Papers, "work:"+id)
	if err != nil || openID == "" {
		return err
	}
	all, err := bot.ReadPaper[[]sentPicture](ctx, p.Papers, openID)
	i := slices.IndexFunc(all, func(s sentPicture) bool { return s.ID == id })
	if err != nil || i < 0 || all[i].File != "" || all[i].Lost {
		return err
	}
	data, _, err := p.Media.DownloadMedia(ctx, all[i].MediaID)
	if err == nil {
		data, err = p.clean(ctx, data)
	}
	file := ""
	if err == nil {
		file, err = p.Files.SaveFile(ctx, data)
	}
	if err != nil && fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.Conflict {
		return fmt.Errorf("handlers: fetch a picture: %w", err) // tried again
	}
	if file != "" {
		if err := p.remember(ctx, openID, file); err != nil {
			return err
		}
	}
	return p.mark(ctx, openID, id, file)
}

// mark notes what became of a picture.
func (p *Pictures) mark(ctx context.Context, openID, id, file string) error {
	return bot.ChangePaper(ctx, p.Papers, openID, pictureLife, func(all *[]sentPicture) (bool, error) {
		for i := range *all {
			if (*all)[i].ID == id {
				(*all)[i].File, (*all)[i].Lost = file, file == ""
			}
		}
		return len(*all) > 0, nil
	})
}

// clean cleans a picture in its turn.
func (p *Pictures) clean(ctx context.Context, data []byte) ([]byte, error) {
	if p.Opening != nil {
		select {
		case p.Opening <- struct{}{}:
			defer func() { <-p.Opening }()
		case <-ctx.Done():
			return nil, fault.Wrap(fault.Unavailable, ctx.Err(), "图片还没有轮到，稍后再试。")
		}
	}
	return cleanPicture(data)
}

// cleanPicture turns a picture upright and re-encodes it as JPEG, on white where it was transparent: whatever else was in the
// file, such as the place where it was taken and how the camera was held, is gone.
func cleanPicture(data []byte) ([]byte, error) {
	conf, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || conf.Width <= 0 || conf.Height <= 0 || conf.Width > maxPixels/conf.Height {
		return nil, fault.Wrap(fault.Invalid, errors.Join(err, errNoPicture), "这不是能识别的图片。")
	}
	img, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "这张图片已损坏。")
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, posts.OnWhite(posts.Upright(img, data, format)), &jpeg.Options{Quality: pictureJPEG}); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "这张图片无法转换。")
	}
	return append(b.Bytes(), rand.Text()...), nil // what follows the end of a JPEG is not read; it makes the file one of its own
}

var errNoPicture = errors.New("handlers: not a picture")

// attachments returns the kept pictures for filing; lost tells how many did not get here. While one is still being fetched
// the answer is a Conflict that says to wait.
func (p *Pictures) attachments(ctx context.Context, openID string) (list []disclosure.Attachment, lost int, err error) {
	all, err := bot.ReadPaper[[]sentPicture](ctx, p.Papers, openID)
	for _, s := range all {
		switch {
		case s.waits(p.Now()):
			return nil, 0, fault.New(fault.Conflict, "您发的图片还在保存，请过半分钟再回复“确认”。")
		case s.File == "":
			lost++
		default:
			list = append(list, disclosure.Attachment{
				File: s.File, Name: fmt.Sprintf("申请人发来的图片%d.jpg", len(list)+1), Kind: cmp.Or(s.Kind, disclosure.IdentityProof),
				AddedBy: staff.Citizen.ID, AddedAt: s.SentAt,
			})
		}
	}
	return list, lost, err
}

// takesPictures reports whether a picture can belong to the application: one that is open, and to whose privacy notice the
// citizen has agreed.
func (c *Citizen) takesPictures(d *draft) bool {
	return c.Pictures != nil && d != nil && !d.Paused && !d.ConsentAt.IsZero()
}

// picture takes a picture for the open application.
func (c *Citizen) picture(ctx context.Context, m bot.Message, d draft) (bot.Reply, error) {
	n, err := c.Pictures.add(ctx, m.From, m.MediaID, sentFor(d))
	if err != nil {
		return bot.Reply{}, err
	}
	return c.told(&d, fmt.Sprintf("图片收到了，会和这件申请一起提交（第 %d 张，加密保存，只有经办人员能看）。不想附图片了，回复“删除图片”。", n)), nil
}

// sentFor tells what a picture is by the question that is open.
func sentFor(d draft) disclosure.FileKind {
	if d.Step == stepAuthority {
		return disclosure.AuthorityProof
	}
	return disclosure.IdentityProof
}

var dropPictures = []string{"删除图片", "不要图片", "删掉图片"}

func lostPictures(n int) error {
	return fault.Newf(fault.Conflict, "有 %d 张图片没能保存（可能不是图片，或者已经过期）。请回复“删除图片”后重新发送，再回复“确认”；不附图片也可以，删除后直接回复“确认”。", n)
}

// withPictures puts the pictures into the filing.
func (c *Citizen) withPictures(ctx context.Context, openID string, f disclosure.Filing) (disclosure.Filing, error) {
	if c.Pictures == nil {
		return f, nil
	}
	list, lost, err := c.Pictures.attachments(ctx, openID)
	if err == nil && lost > 0 {
		err = lostPictures(lost)
	}
	f.Attachments = list
	return f, err
}
