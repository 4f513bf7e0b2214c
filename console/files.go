package console

import (
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"shoushan/fault"
	"shoushan/posts"
)

// filePage serves a picture to the staff of the newsroom. Whatever is not a picture stays closed here: the same store keeps
// documents of applicants.
func (c *Console) file(v *visit) error {
	data, err := c.cfg.Files.File(v.ctx(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	kind := http.DetectContentType(data)
	if !strings.HasPrefix(kind, "image/") {
		return fault.New(fault.NotFound, "没有这张图片。")
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Cache-Control", "private, max-age=86400, immutable")
	v.w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = v.w.Write(data)
	return nil
}

// uploaded is what the editor's script gets for a picture.
type uploaded struct {
	ID       string `json:"id,omitempty"`
	Markdown string `json:"markdown,omitempty"`
	Problem  string `json:"problem,omitempty"`
}

// upload takes one picture and answers in JSON, for the editor's script.
func (c *Console) upload(v *visit) error {
	id, err := c.takePicture(v, "picture")
	return c.answerPicture(v, id, err)
}

// takePicture stores the uploaded picture in the form the platform accepts: type checked, re-encoded, without the traces
// of the camera.
func (c *Console) takePicture(v *visit, name string) (id string, err error) {
	f, _, err := v.r.FormFile(name)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "请选择一张图片。")
	}
	return c.storePicture(v, f)
}

// storePicture reads, prepares and keeps one picture, and closes it.
func (c *Console) storePicture(v *visit, f multipart.File) (id string, err error) {
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "图片没有传完，请重试。")
	}
	prepared, err := c.prepare(v, data)
	if err != nil {
		return "", err
	}
	return c.cfg.Files.SaveFile(v.ctx(), prepared)
}

func (c *Console) prepare(v *visit, data []byte) ([]byte, error) {
	release, err := c.openingTurn(v)
	if err != nil {
		return nil, err
	}
	defer release()
	prepared, _, err := posts.PreparePicture(data)
	return prepared, err
}

// openingTurn waits for one of the places in which uploads are unpacked.
func (c *Console) openingTurn(v *visit) (release func(), err error) {
	return wait(v.ctx(), c.opening, "现在上传的文件太多，请稍等片刻再试。")
}

func answerJSON(v *visit, status int, answer any) error {
	v.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	v.w.WriteHeader(status)
	return json.NewEncoder(v.w).Encode(answer)
}
