package storage

import (
	"context"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"
)

// numbering gives the next numbers of a year to records of one kind. Whoever comes while others are being numbered waits
// for them and goes with the next: under load one transaction serves dozens of citizens, and a lone caller waits for
// nobody.
type numbering[T any] struct {
	mu      sync.Mutex
	waiting []*creation[T]
	busy    bool // somebody is numbering
}

// creation is one caller who has a record to make. It is asked, over ids, to make it for a number, perhaps several times
// because another got that number first, and answers over made; ids is closed when the matter is settled.
type creation[T any] struct {
	year   int
	ids    chan string
	made   chan struct{}
	gone   chan struct{} // closed when the caller waits no longer
	record T
	data   []byte // the record as it is stored
	err    error
}

// numberedAtOnce is how many records one transaction holds at most, so that Redis is not kept for long.
const numberedAtOnce = 64

// createNumbered stores what build returns under the next number of the year. The number is used up only together with
// the record that bears it, so numbers have no gaps. Build runs while nobody else can be given a number, except those
// whose records have nothing in common with this one (see collection.apart); it may run several times.
//
// When ctx ends first, createNumbered returns why; the record may still be stored, as with any answer that gets lost.
func (c *collection[T]) createNumbered(ctx context.Context, year int, build func(id string) (T, error)) (T, error) {
	w := &creation[T]{year: year, ids: make(chan string), made: make(chan struct{}), gone: make(chan struct{})}
	defer close(w.gone) // also when build panics
	c.enqueue(ctx, w)
	var none T
	for {
		select {
		case <-ctx.Done():
			return none, unavailable(context.Cause(ctx), "wait for a number")
		case id, asked := <-w.ids:
			switch {
			case asked:
				w.record, w.data, w.err = c.make(id, build)
				w.made <- struct{}{}
			case w.err != nil:
				return none, w.err
			default:
				return w.record, nil
			}
		}
	}
}

// make builds a record for a number and encodes it.
func (c *collection[T]) make(id string, build func(string) (T, error)) (record T, data []byte, err error) {
	if record, err = build(id); err != nil {
		return record, nil, err
	}
	if c.id(&record) != id {
		return record, nil, fmt.Errorf("storage: the %s built for number %s says it is %q", c.kind, id, c.id(&record))
	}
	*c.version(&record) = 1
	data, err = c.encode(&record)
	return record, data, err
}

// enqueue lets a caller wait for a number and sees to it that somebody gives numbers.
func (c *collection[T]) enqueue(ctx context.Context, w *creation[T]) {
	n := &c.numbering
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting = append(n.waiting, w)
	if !n.busy {
		n.busy = true
		go c.number(context.WithoutCancel(ctx))
	}
}

// number gives numbers until nobody waits. No caller's context binds it, the client's timeouts do.
func (c *collection[T]) number(ctx context.Context) {
	for batch := c.numbering.take(); len(batch) > 0; batch = c.numbering.take() {
		c.createTogether(ctx, batch)
	}
}

// take returns those who have waited longest, of one year; none when nobody waits, and the giver of numbers goes.
func (n *numbering[T]) take() []*creation[T] {
	n.mu.Lock()
	defer n.mu.Unlock()
	var batch, rest []*creation[T]
	for _, w := range n.waiting {
		if len(batch) < numberedAtOnce && (len(batch) == 0 || w.year == batch[0].year) {
			batch = append(batch, w)
		} else {
			rest = append(rest, w)
		}
	}
	n.waiting, n.busy = rest, len(batch) > 0
	return batch
}

// createTogether stores the records of a batch, those that must be kept apart one transaction after the other.
func (c *collection[T]) createTogether(ctx context.Context, batch []*creation[T]) {
	for len(batch) > 0 {
		var later []*creation[T]
		year := batch[0].year
		err := c.s.transact(ctx, func(tx *redis.Tx) error {
			last, err := c.s.lastSerial(ctx, tx, c.series, year)
			if err != nil {
				return err
			}
			made, apart := c.makeTogether(batch, year, last+1)
			batch, later = made, append(later, apart...)
			return c.commitNumbered(ctx, tx, year, last+len(made), made)
		}, c.s.keys.serial(c.series, year))
		for _, w := range batch {
			w.settle(err)
		}
		batch = later
	}
}

// makeTogether lets all make their records under successive numbers, and again as long as some move up because others made
// none or must be kept apart. It returns those who have made one and those who wait for the next transaction.
func (c *collection[T]) makeTogether(batch []*creation[T], year, serial int) (made, apart []*creation[T]) {
	for {
		for i, w := range batch {
			w.ask(numberOf(year, serial+i))
		}
		made = nil
		taken := map[string]bool{}
		for _, w := range batch {
			switch {
			case !w.answered():
				w.settle(w.err)
			case taken[c.kinship(w)]:
				apart = append(apart, w)
			default:
				taken[c.kinship(w)] = true
				made = append(made, w)
			}
		}
		if len(made) == len(batch) {
			return made, apart
		}
		batch = made
	}
}

// kinship is what the records have in common of which only one goes into a transaction.
func (c *collection[T]) kinship(w *creation[T]) string {
	if c.apart == nil {
		return ""
	}
	return c.apart(&w.record)
}

func (c *collection[T]) commitNumbered(ctx context.Context, tx *redis.Tx, year, last int, made []*creation[T]) error {
	if len(made) == 0 {
		return nil
	}
	_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for _, w := range made {
			c.put(ctx, p, nil, &w.record, w.data)
		}
		p.Set(ctx, c.s.keys.serial(c.series, year), last, 0)
		p.SAdd(ctx, c.s.keys.serials(), seriesName(c.series, year))
		return nil
	})
	return committed(err, "store "+c.kind+" "+numberOf(year, last))
}

// ask asks the caller to make the record for a number.
func (w *creation[T]) ask(id string) {
	select {
	case w.ids <- id:
	case <-w.gone:
	}
}

// answered waits until the caller has made the record, and reports whether there is one.
func (w *creation[T]) answered() bool {
	select {
	case <-w.made:
		return w.err == nil
	case <-w.gone:
		return false
	}
}

// settle ends the matter; on an error nothing was stored, as far as we know.
func (w *creation[T]) settle(err error) {
	w.err = err
	close(w.ids)
}
