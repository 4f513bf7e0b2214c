package storage

import (
	"strconv"
	"strings"
)

// keys spells every key of one account. All of them start with the account's hash tag, so that they share a slot of a
// Redis Cluster and one transaction can touch any of them.
type keys struct{ account string }

func (k keys) at(parts ...string) string {
	return "{" + k.account + "}:" + strings.Join(parts, ":")
}

// record is a string: the JSON envelope of one record.
func (k keys) record(kind, id string) string { return k.at(kind, id) }

// all is a sorted set: every id of a kind, scored in the order in which the kind is listed.
func (k keys) all(kind string) string { return k.at(kind + "s") }

// openRequests is a sorted set: the ids of requests that are not closed, scored by number.
func (k keys) openRequests() string { return k.at("requests", "open") }

// owed is a sorted set: the ids of requests whose applicant is owed a message, scored by number.
func (k keys) owed() string { return k.at("requests", "owed") }

// noSign is a sorted set: the ids of requests whose answer in chat has shown no sign of arrival, scored by number.
func (k keys) noSign() string { return k.at("requests", "nosign") }

// requestsBy is a sorted set: the ids of one citizen's requests, scored by number. The citizen is a keyed hash, never an OpenID.
func (k keys) requestsBy(citizen string) string { return k.at("requests", "by", citizen) }

// requestsInState is a sorted set: the ids of requests in one state, scored by number.
func (k keys) requestsInState(state string) string { return k.at("requests", "state", state) }

// openConcerns is a sorted set: the ids of concerns that are open, scored by number.
func (k keys) openConcerns() string { return k.at("concerns", "open") }

// postsBy is a sorted set: the ids of the posts of one author, scored by their publication, or before it by their last change, in Unix
// milliseconds.
func (k keys) postsBy(author string) string { return k.at("posts", "by", author) }

// publishedPosts is a sorted set: the ids of published posts, scored by the instant of publication in Unix milliseconds.
func (k keys) publishedPosts() string { return k.at("posts", "published") }

// countedPosts is a sorted set: the ids of posts that a figure counts, by channel and origin, scored like publishedPosts.
func (k keys) countedPosts(channel, origin string) string {
	return k.at("posts", "counted", channel, origin)
}

// countedTopic is a sorted set: the ids of posts that a figure counts, by topic, scored like publishedPosts.
func (k keys) countedTopic(topic string) string { return k.at("posts", "topic", topic) }

// topics is a set: the topics that any counted post ever had.
func (k keys) topics() string { return k.at("topics") }

// sketches is a hash: the posts.Sketch of every post created in a Beijing year, by id.
func (k keys) sketches(year int) string { return k.at("sketches", strconv.Itoa(year)) }

// requestsReceived is a sorted set: the ids of requests for information, by the column of table 三, scored by the day of
// receipt as 20261123.
func (k keys) requestsReceived(column string) string { return k.at("requests", "received", column) }

// requestsSettled is a sorted set: the ids of requests that left the books, by row and column of table 三, scored by year.
func (k keys) requestsSettled(row, column string) string {
	return k.at("requests", "settled", row, column)
}

// requestsWithMore is a sorted set: the ids of requests with a remedy or a paid fee, scored by number.
func (k keys) requestsWithMore() string { return k.at("requests", "more") }

// postsInState is a sorted set: the ids of posts in one state, scored by their last change in Unix milliseconds.
func (k keys) postsInState(state string) string { return k.at("posts", "state", state) }

// discardingPosts is a sorted set: the ids of posts with a discarded draft on the platform, scored by when the next is to be
// deleted, in Unix milliseconds.
func (k keys) discardingPosts() string { return k.at("posts", "discard") }

// duePosts is a sorted set: the ids of posts with a time of publication, scored by it in Unix milliseconds.
func (k keys) duePosts() string { return k.at("posts", "due") }

// serial is a string: the last number given in a series within a year.
func (k keys) serial(series string, year int) string {
	return k.at("serial", strconv.Itoa(year), series)
}

// serials is a set: the names of all series, each as year:series, so that a backup finds them without a scan.
func (k keys) serials() string { return k.at("serials") }

// heads is a hash: kind:id of each record → its trail's length, last hash and a keyed seal over them.
func (k keys) heads() string { return k.at("heads") }

// seals is a hash: kind:id of each record → a keyed hash of the whole record as it is stored.
func (k keys) seals() string { return k.at("seals") }

// anchored is a hash: heads as it stood at the last anchor.
func (k keys) anchored() string { return k.at("heads", "anchored") }

// anchors is a list: the anchors in JSON, oldest first.
func (k keys) anchors() string { return k.at("anchors") }

// settings is a hash: name → JSON value.
func (k keys) settings() string { return k.at("settings") }

// notices is a hash: year → JSON of the workday notice that staff entered.
func (k keys) notices() string { return k.at("notices") }

// registers is a string: the registers of the annual report in JSON.
func (k keys) registers() string { return k.at("registers") }

// restoring is a string that exists while a restore is under way.
func (k keys) restoring() string { return k.at("restoring") }

// prose is a hash: year → JSON of the annual report's own sentences.
func (k keys) prose() string { return k.at("prose") }

// ephemeral is a string with an expiry: encrypted bytes under the keyed hash of a name.
func (k keys) ephemeral(name string) string { return k.at("brief", name) }

// draft is a string with an expiry: the encrypted unfinished application of a citizen, who is a keyed hash.
func (k keys) draft(citizen string) string { return k.at("draft", citizen) }

// kept is a string, with an expiry or without: encrypted bytes, with their purpose and name inside, under the keyed hash of
// both.
func (k keys) kept(name string) string { return k.at("kept", name) }

// waiting is a string: the encrypted texts that wait for a citizen, who is a keyed hash. It stays until they are removed.
func (k keys) waiting(citizen string) string { return k.at("waiting", citizen) }

// once is a string with an expiry: the mark of one message, its owner or, when answered, the encrypted answer.
func (k keys) once(mark string) string { return k.at("once", mark) }

// guesses is a string with an expiry: how many wrong codes were tried under the keyed hash of a name.
func (k keys) guesses(name string) string { return k.at("guesses", name) }

// limit is what the rate limiter appends to its own fixed prefix “rate:”; the hash tag keeps it in the account's slot.
func (k keys) limit(name string) string { return k.at("limit", name) }
