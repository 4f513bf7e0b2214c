package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"

	"shoushan/fault"
)

// durable is what a Redis must be set to so that it never loses what it has acknowledged.
var durable = []struct{ name, want, because string }{
	{"appendonly", "yes", "否则重启后登记会丢失"},
	{"appendfsync", "always", "否则断电会丢失已经给出回执的申请"},
	{"maxmemory-policy", "noeviction", "否则内存不够时会悄悄删除登记"},
}

// CheckDurability returns nil when every master of this Redis keeps what it has acknowledged. Otherwise the error, an
// Unavailable fault, names each setting that is wrong and what to set.
func (s *Store) CheckDurability(ctx context.Context) error {
	cluster, ok := s.rdb.(*redis.ClusterClient)
	if !ok {
		return checkServer(ctx, s.rdb)
	}
	var mu sync.Mutex
	var found []error
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, master *redis.Client) error {
		if err := checkServer(ctx, master); err != nil {
			mu.Lock()
			defer mu.Unlock()
			found = append(found, err)
		}
		return nil
	})
	return errors.Join(append(found, unavailable(err, "ask the masters of the cluster"))...)
}

func checkServer(ctx context.Context, r redis.Cmdable) error {
	var wrong []error
	for _, d := range durable {
		values, err := r.ConfigGet(ctx, d.name).Result()
		if err != nil {
			return fault.Wrap(fault.Unavailable, fmt.Errorf("storage: config get %s: %w", d.name, err),
				"无法确认 Redis 会不会丢失登记：它不允许读取配置（CONFIG GET），或者是演示用的内存数据库。")
		}
		if got := values[d.name]; got != d.want {
			wrong = append(wrong, fmt.Errorf("%s 现在是“%s”，须为“%s”，%s；请执行 redis-cli CONFIG SET %s %s，并写入 redis.conf",
				d.name, got, d.want, d.because, d.name, d.want))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	err := errors.Join(wrong...)
	return &fault.Error{Kind: fault.Unavailable, Message: "Redis 的设置不能保证登记不丢失：\n" + err.Error()}
}
