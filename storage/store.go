package storage

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

// Options say where a Store keeps things.
type Options struct {
	// URL is the address of Redis: redis://, rediss:// or unix:// for one server; with ?master_name=…&addr=… the
	// sentinels of a replicated one; with ?addr=… or ?cluster=true the seeds of a cluster.
	URL string
	// Account names the Official Account within that Redis, in lower-case letters, digits, - and _.
	Account string
	// Key is the 32 bytes that encrypt personal data; OldKeys still decrypt what earlier keys wrote.
	Key     []byte
	OldKeys [][]byte
	// FilesDir is the folder of encrypted files; it is created when missing.
	FilesDir string
	Now      func() time.Time
}

// Store keeps everything of one account. It is safe for use by many goroutines. Create it with Open.
type Store struct {
	connect  func() redis.UniversalClient
	rdb      redis.UniversalClient
	together *gather // for what every turn of every citizen needs
	keys     keys
	ring     *keyring
	filesDir string
	now      func() time.Time
	tables
}

var accountName = regexp.MustCompile(`^[a-z0-9_-]{1,32}$`)

// Open connects to Redis and makes sure that it answers and holds no half-finished restore. Close the Store when everything that uses it has stopped.
func Open(ctx context.Context, o Options) (*Store, error) {
	if !accountName.MatchString(o.Account) {
		return nil, fmt.Errorf("storage: account name %q: want lower-case letters, digits, - and _", o.Account)
	}
	if o.Now == nil || o.FilesDir == "" {
		return nil, errors.New("storage: Options.Now and Options.FilesDir are required")
	}
	ring, err := newKeyring(o.Key, o.OldKeys...)
	if err != nil {
		return nil, err
	}
	connect, err := dialer(o.URL)
	if err != nil {
		return nil, err
	}
	s := &Store{connect: connect, rdb: connect(), keys: keys{o.Account}, ring: ring, filesDir: o.FilesDir, now: o.Now}
	s.together = newGather(s.rdb)
	s.tables = newTables(s)
	if err := errors.Join(s.prepareFiles(), s.mustBeWhole(ctx), s.adoptSeals(ctx)); err != nil {
		return nil, errors.Join(err, s.rdb.Close())
	}
	return s, nil
}

// Close closes the connections. It is the last thing to close in the house.
func (s *Store) Close() error { return s.rdb.Close() }

// Ping returns an Unavailable fault when Redis does not answer.
func (s *Store) Ping(ctx context.Context) error {
	return unavailable(s.rdb.Ping(ctx).Err(), "ping")
}

// MakeRedisClient returns a new client with the Store's own options, always a redis.UniversalClient. It makes the Store
// an asynq.RedisConnOpt without either knowing the other. Whoever asks for a client closes it.
func (s *Store) MakeRedisClient() any { return s.connect() }

// dialer reads the address and returns what opens a client for it.
func dialer(address string) (func() redis.UniversalClient, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("storage: the address of Redis is not a URL") // the cause would print its password
	}
	query := u.Query()
	cluster := query.Get("cluster") == "true"
	query.Del("cluster")
	u.RawQuery = query.Encode()
	switch {
	case query.Has("master_name"):
		return failoverDialer(u.String())
	case cluster || query.Has("addr"):
		return clusterDialer(u.String())
	default:
		return singleDialer(u.String())
	}
}

// connections is the most that are opened when the address does not say pool_size. A change of a record keeps one while it
// waits for the disk; what the turns of a dialogue need goes together over a few.
const connections = 128

// protocol is RESP2 when the address does not say protocol: nothing here uses what RESP3 adds, and looking for pushed
// messages before every command costs time.
const protocol = 2

func usual(asked *int, otherwise int) {
	if *asked <= 0 {
		*asked = otherwise
	}
}

func singleDialer(address string) (func() redis.UniversalClient, error) {
	o, err := redis.ParseURL(address)
	if err != nil {
		return nil, fmt.Errorf("storage: address of Redis: %w", err)
	}
	o.ContextTimeoutEnabled = true
	usual(&o.PoolSize, connections)
	usual(&o.Protocol, protocol)
	return func() redis.UniversalClient { return redis.NewClient(o) }, nil
}

func failoverDialer(address string) (func() redis.UniversalClient, error) {
	o, err := redis.ParseFailoverURL(address)
	if err != nil {
		return nil, fmt.Errorf("storage: address of the Redis sentinels: %w", err)
	}
	o.ContextTimeoutEnabled = true
	usual(&o.PoolSize, connections)
	usual(&o.Protocol, protocol)
	return func() redis.UniversalClient { return redis.NewFailoverClient(o) }, nil
}

func clusterDialer(address string) (func() redis.UniversalClient, error) {
	o, err := redis.ParseClusterURL(address)
	if err != nil {
		return nil, fmt.Errorf("storage: address of the Redis cluster: %w", err)
	}
	o.ContextTimeoutEnabled = true
	usual(&o.PoolSize, connections)
	usual(&o.Protocol, protocol)
	return func() redis.UniversalClient { return redis.NewClusterClient(o) }, nil
}

// unavailable classifies what Redis or the network did; errors that already have a kind keep it.
func unavailable(err error, doing string) error {
	if err == nil {
		return nil
	}
	if _, classified := errors.AsType[*fault.Error](err); classified {
		return err
	}
	return fault.Wrap(fault.Unavailable, fmt.Errorf("storage: %s: %w", doing, err), "数据库暂时没有应答，请稍后再试。")
}
