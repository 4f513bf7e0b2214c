package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"shoushan/fault"
	"shoushan/staff"
	"shoushan/workday"
)

// Publish seals the report: what was approved, still true, without a FAIL. Figures that moved since the approval are named.
func (p *Press) Publish(ctx context.Context, by staff.Member, year int) (Edition, error) {
	if err := by.Require(staff.PublishPosts, "发布年度报告"); err != nil {
		return Edition{}, err
	}
	return p.update(ctx, year, func(e *Edition) error {
		records, err := p.Records(ctx, year)
		if err != nil {
			return err
		}
		w, err := p.workOn(ctx, *e, records.Year(year))
		if err != nil {
			return err
		}
		if err := e.mayPublish(w); err != nil {
			return err
		}
		seal, err := p.seal(ctx, by, *e, w.Annual, records)
		if err != nil {
			return err
		}
		if err := e.move(Publish); err != nil {
			return err
		}
		e.Seals = append(slices.Clone(e.Seals), seal)
		e.note(by, p.Now(), Publish, fmt.Sprintf("发布第%d版并封存，校验值 %s。", seal.No, seal.Hash[:12]), "条例第四十九条、第五十条")
		e.Writers, e.Reviews, e.ApprovedHash, e.ApprovedAs, e.Correcting = nil, nil, "", nil, ""
		return nil
	})
}

func (e Edition) mayPublish(w Work) error {
	if !e.Can(Publish) {
		return e.move(Publish)
	}
	if e.ApprovedHash != w.Annual.Fingerprint() {
		moved := "文字"
		if changes := Compare(*e.ApprovedAs, w.Annual); len(changes) > 0 {
			moved = changes[0].String()
		}
		return fault.Newf(fault.Conflict, "审定以后报告有了变化（%s），请退回重新审核。", moved)
	}
	return mustPass(w.Findings, "发布")
}

// seal makes the next version: dated, with the list of all corrections, in every format.
func (p *Press) seal(ctx context.Context, by staff.Member, e Edition, annual Annual, records Records) (Seal, error) {
	s := Seal{No: len(e.Seals) + 1, At: p.Now().UTC().Truncate(time.Millisecond), By: by.ID, ByName: by.Name, Annual: annual, Prose: e.Prose}
	if s.Annual.SignedOn.IsZero() {
		s.Annual.SignedOn = workday.Of(s.At)
	}
	s.Counted = records.counted(e.Year)
	if before, ok := e.Published(); ok {
		s.Previous, s.Reason = before.Hash, e.Correcting
		if s.Changes = Compare(before.Annual, s.Annual); len(s.Changes) == 0 {
			return Seal{}, fault.New(fault.Conflict, "和已发布的报告相比没有变化，没有什么可以更正的。")
		}
	}
	s.Annual.Corrections = correctionLines(append(slices.Clone(e.Seals), s))
	for _, f := range p.Formats {
		file, err := p.save(ctx, f, s.Annual)
		if err != nil {
			return Seal{}, err
		}
		s.Files = append(s.Files, file)
	}
	s.Hash = s.sum()
	return s, nil
}

func (p *Press) save(ctx context.Context, f Format, a Annual) (SealedFile, error) {
	var out bytes.Buffer
	if err := f.Write(&out, a); err != nil {
		return SealedFile{}, err
	}
	id, err := p.Vault.SaveFile(ctx, out.Bytes())
	if err != nil {
		return SealedFile{}, err
	}
	hash := sha256.Sum256(out.Bytes())
	return SealedFile{"report." + f.Extension, id, hex.EncodeToString(hash[:]), out.Len()}, nil
}
