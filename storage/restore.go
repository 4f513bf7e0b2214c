package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/disclosure"
	"shoushan/fault"
	"shoushan/posts"
	"shoushan/report"
	"shoushan/staff"
	"shoushan/workday"
)

// Restore fills an empty store from an archive; a store that holds anything is a Conflict. The archive is read and checked
// to its end before anything is written. Afterwards nothing is sent again: what was on its way to readers when the backup
// was made waits for a person, because nobody can tell what happened later. An archive without the header and the ending
// that Backup writes is refused: nothing would show that it was altered.
func (s *Store) Restore(ctx context.Context, r io.Reader) error { return s.restore(ctx, r, true) }

// RestoreUnsigned is Restore for an archive made by hand, which may lack header and ending. Whoever calls it vouches for
// the file: it can say anything.
func (s *Store) RestoreUnsigned(ctx context.Context, r io.Reader) error {
	return s.restore(ctx, r, false)
}

func (s *Store) restore(ctx context.Context, r io.Reader, signed bool) error {
	if err := s.mustBeEmpty(ctx); err != nil {
		return err
	}
	spool, err := os.CreateTemp(s.filesDir, ".restore-*")
	if err != nil {
		return cannotWrite(err)
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	if _, err := io.Copy(spool, r); err != nil {
		return cannotWrite(err)
	}
	madeAt, err := s.replay(spool, signed, s.checkLine)
	if err != nil {
		return err
	}
	if err := s.rdb.Set(ctx, s.keys.restoring(), s.now().UTC().String(), 0).Err(); err != nil {
		return unavailable(err, "begin the restore")
	}
	w := &restorer{s: s, p: s.rdb.Pipeline(), madeAt: madeAt, highest: map[string]int{}}
	if _, err := s.replay(spool, signed, func(l line) error { return w.put(ctx, l) }); err != nil {
		return err
	}
	return errors.Join(w.finish(ctx), unavailable(s.rdb.Del(ctx, s.keys.restoring()).Err(), "end the restore"))
}

// mustBeEmpty looks at what every account that is in use has.
func (s *Store) mustBeEmpty(ctx context.Context) error {
	k := s.keys
	n, err := s.rdb.Exists(ctx, k.all("request"), k.all("post"), k.all("member"), k.serials(), k.notices(), k.prose(), k.registers()).Result()
	if err != nil {
		return unavailable(err, "look whether the store is empty")
	}
	if n > 0 {
		return fault.New(fault.Conflict, "这里已经有数据了。恢复只能在空的数据库上进行，请换一个空的 Redis 或数据目录。")
	}
	return nil
}

// mustBeWhole refuses a store in which a restore was cut off.
func (s *Store) mustBeWhole(ctx context.Context) error {
	n, err := s.rdb.Exists(ctx, s.keys.restoring()).Result()
	if err != nil {
		return unavailable(err, "look for an unfinished restore")
	}
	if n > 0 {
		return fault.New(fault.Conflict, "上一次恢复没有完成，数据不完整。请清空这个 Redis 或数据目录，再重新恢复。")
	}
	return nil
}

// replay reads the spooled archive from its start and returns when it was made, now for one made by hand.
func (s *Store) replay(spool io.ReadSeeker, signed bool, each func(line) error) (madeAt time.Time, err error) {
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return madeAt, fmt.Errorf("storage: read archive: %w", err)
	}
	in := newArchiveReader(spool, s.ring)
	in.signed = signed
	for {
		l, err := in.next()
		if errors.Is(err, io.EOF) {
			return in.madeAt(s.now()), nil
		}
		if err != nil {
			return madeAt, err
		}
		if err := each(l); err != nil {
			return madeAt, fault.Wrap(fault.KindOf(err), fmt.Errorf("storage: archive line %d: %w", in.lines, err),
				fmt.Sprintf("备份文件第 %d 行（%s）不能恢复：%v", in.lines, l.Kind, err))
		}
	}
}

// checkLine reports whether a line can be restored, without writing anything.
func (s *Store) checkLine(l line) error {
	switch l.Kind {
	case lineFile:
		_, err := s.ring.open(filePlace+l.ID, l.Data)
		return err
	case lineKept, lineDraft:
		return checkBrief(l)
	case lineWaiting, lineAnchored, lineSetting, lineRegisters, lineOrgan, lineProse, lineNotice, lineAnchor, lineSerial:
		return decodeLine(l)
	}
	for _, t := range s.tables.each() {
		if t.name() == l.Kind {
			return t.check(l)
		}
	}
	return fault.Newf(fault.Invalid, "不认识的内容“%s”，备份可能来自更新的版本。", l.Kind)
}

// decodeLine checks that the record of a line is what its kind says.
func decodeLine(l line) error {
	var v any
	switch l.Kind {
	case lineOrgan:
		v = new(disclosure.Organ)
	case lineProse:
		v = new(report.Prose)
	case lineNotice:
		v = new(workday.Notice)
	case lineRegisters:
		v = new(report.Registers)
	case lineSerial:
		v = new(int)
	case lineAnchor:
		v = new(Anchor)
	case lineSetting:
		v = new(any)
	default:
		return nil
	}
	if err := json.Unmarshal(l.Record, v); err != nil {
		return fault.Wrap(fault.Invalid, err, "内容的格式不对。")
	}
	return nil
}

// restorer writes lines through a pipeline: the store is empty and nobody else is there.
type restorer struct {
	s       *Store
	p       redis.Pipeliner
	madeAt  time.Time      // of the archive
	highest map[string]int // series → the highest number that a record or the archive names
}

func (w *restorer) put(ctx context.Context, l line) error {
	if err := w.queue(ctx, l); err != nil {
		return err
	}
	if w.p.Len() < 4*readAtOnce {
		return nil
	}
	return w.flush(ctx)
}

func (w *restorer) flush(ctx context.Context) error {
	_, err := w.p.Exec(ctx)
	return unavailable(err, "write the restored records")
}

func (w *restorer) queue(ctx context.Context, l line) error {
	k := w.s.keys
	switch l.Kind {
	case lineOrgan:
		w.p.HSet(ctx, k.settings(), organSetting, []byte(l.Record))
	case lineSetting:
		w.p.HSet(ctx, k.settings(), l.ID, []byte(l.Record))
	case lineRegisters:
		w.p.Set(ctx, k.registers(), []byte(l.Record), 0)
	case lineProse:
		return w.queueYear(ctx, k.prose(), l)
	case lineNotice:
		return w.queueYear(ctx, k.notices(), l)
	case lineAnchor:
		w.p.RPush(ctx, k.anchors(), []byte(l.Record))
	case lineAnchored:
		w.p.HSet(ctx, k.anchored(), l.ID, l.Head)
	case lineWaiting:
		w.p.Set(ctx, k.waiting(l.ID), l.Data, forever)
	case lineKept:
		w.queueBrief(ctx, k.kept(l.ID), l)
	case lineDraft:
		w.queueBrief(ctx, k.draft(l.ID), l)
	case lineFile:
		return w.s.writeFile(l.ID, l.Data)
	case lineSerial:
		return w.queueSerial(l)
	default:
		return w.queueRecord(ctx, l)
	}
	return nil
}

func (w *restorer) queueYear(ctx context.Context, key string, l line) error {
	var of struct{ Year int }
	if err := json.Unmarshal(l.Record, &of); err != nil || of.Year == 0 {
		return fault.New(fault.Invalid, "没有写明年度。")
	}
	w.p.HSet(ctx, key, strconv.Itoa(of.Year), []byte(l.Record))
	return nil
}

func (w *restorer) queueSerial(l line) error {
	var last int
	if err := json.Unmarshal(l.Record, &last); err != nil {
		return fmt.Errorf("storage: decode number series %s: %w", l.ID, err)
	}
	w.raise(l.ID, last)
	return nil
}

func (w *restorer) raise(series string, n int) { w.highest[series] = max(w.highest[series], n) }

func (w *restorer) queueRecord(ctx context.Context, l line) error {
	for _, t := range w.s.tables.each() {
		if t.name() == l.Kind {
			return t.restore(ctx, w, l)
		}
	}
	return nil
}

// finish writes the numbers, which may come from the archive or from the records themselves.
func (w *restorer) finish(ctx context.Context) error {
	for name, last := range w.highest {
		series, year, err := parseSeries(name)
		if err != nil {
			return err
		}
		w.p.Set(ctx, w.s.keys.serial(series, year), last, 0)
		w.p.SAdd(ctx, w.s.keys.serials(), name)
	}
	return w.flush(ctx)
}

// check decodes the record of a line.
func (c *collection[T]) check(l line) error {
	_, err := c.fromLine(l)
	return err
}

// fromLine decodes a record. In an archive made by hand texts are in clear, and the record itself says its id.
func (c *collection[T]) fromLine(l line) (T, error) {
	var named struct{ ID string }
	if err := json.Unmarshal(l.Record, &named); err != nil || named.ID == "" {
		var zero T
		return zero, fault.New(fault.Invalid, "记录没有编号。")
	}
	if l.Schema == 0 && l.Head == "" && l.ID == "" {
		l.Schema = len(c.migrations)
	}
	return c.read(named.ID, envelope{l.Schema, l.Record}, c.s.ring.openOrClear)
}

// restore queues a record with its indexes. The head of its trail comes from the archive, so that tampering before the
// backup stays visible.
func (c *collection[T]) restore(ctx context.Context, w *restorer, l line) error {
	record, err := c.fromLine(l)
	if err != nil {
		return err
	}
	id, p := c.id(&record), w.p
	if year, serial, err := parseNumber(id); err == nil && c.series != "" {
		w.raise(seriesName(c.series, year), serial)
	}
	before := c.trailOf(&record).Head()
	if c.onRestore != nil {
		c.onRestore(&record, w.madeAt)
	}
	if c.trailOf(&record).Head() != before {
		l.Head = ""
	}
	*c.version(&record) = max(1, *c.version(&record))
	data, err := c.encode(&record)
	if err != nil {
		return err
	}
	p.Set(ctx, c.s.keys.record(c.kind, id), data, 0)
	c.restoreSeal(ctx, p, id, l, data)
	c.reindex(ctx, p, id, nil, &record)
	if l.Head != "" {
		p.HSet(ctx, c.s.keys.heads(), headName(c.kind, id), l.Head)
	} else {
		c.s.keepHead(ctx, p, c.kind, id, c.trailOf(&record))
	}
	return nil
}

// restoreSeal seals a restored record. One that did not match its seal when the backup was made keeps the old seal, and so
// its finding; backups of older versions have none.
func (c *collection[T]) restoreSeal(ctx context.Context, p redis.Pipeliner, id string, l line, data []byte) {
	name := headName(c.kind, id)
	if stored, err := json.Marshal(envelope{l.Schema, l.Record}); l.Seal != "" && (err != nil || !c.s.whole(name, stored, l.Seal)) {
		p.HSet(ctx, c.s.keys.seals(), name, l.Seal)
		return
	}
	c.s.keepSeal(ctx, p, name, data)
}

// doubtPost keeps a post from going out twice: between the backup and its restore it may have been published. The newsroom
// looks at the platform before it submits a post in doubt; one that was about to go out waits for a person besides.
func (s *Store) doubtPost(p *posts.Post, madeAt time.Time) {
	if p.Channel != posts.Account || p.State == posts.Published || p.State == posts.Withdrawn {
		return
	}
	pub := &p.Publication
	pub.Doubt = true
	if pub.Since.IsZero() || madeAt.Before(pub.Since) {
		pub.Since = madeAt
	}
	if p.State != posts.Publishing && p.State != posts.Scheduled {
		return
	}
	p.State = posts.AwaitingPerson
	pub.Failure = "数据从备份恢复，不能确定这篇稿件是否已经发出。请到公众号核对，再确认现在发布，或者取消发布安排。"
	p.Trail = p.Trail.Append(staff.System, s.now(), string(posts.Hold), pub.Failure, "")
}
