// Package storage is the register of record: Redis for records and their indexes, a folder for encrypted files, and the
// private Redis server of the embedded mode.
//
// It keeps what 政府信息公开条例 articles 27 to 33 and 45 make the office answer for (登记台账), and guards it: a change is
// one transaction of record, indexes and head of the trail; personal data (个人信息保护法第五十一条) is encrypted with the
// record and the field it belongs to; durability is checked, never assumed; a changed, removed or shortened trail is found.
//
//	private, err := storage.StartPrivate(ctx, "data", "redis-server")
//	store, err := storage.Open(ctx, storage.Options{URL: private.URL(), Account: "chongwen", Key: key, FilesDir: "data/files", Now: now})
//	err = store.CheckDurability(ctx) // says in Chinese what to set
//
// The store implements disclosure.Register and disclosure.Serials, staff.Directory, posts.Shelf and posts.Files. What is
// kept only for a while (drafts of dialogues, sessions, once-marks, access tokens) is opaque encrypted bytes with an
// expiry. Rooms 0–3 know nothing of Redis, and no Redis type leaves this package.
package storage
