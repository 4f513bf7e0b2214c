package storage

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// migration changes the JSON of one record from one schema to the next. Texts are in clear while it runs.
type migration func(record map[string]any) error

// migrate brings a record of an older schema up to date. A record of a newer schema was written by a newer program and
// is refused: reading it with old eyes could lose what it says.
func (c *collection[T]) migrate(id string, env envelope, turn textFunc) (T, error) {
	var out T
	if env.Schema < 0 || env.Schema > len(c.migrations) {
		return out, fmt.Errorf("storage: %s %s has schema %d, this program knows %d", c.kind, id, env.Schema, len(c.migrations))
	}
	var tree map[string]any
	if err := json.Unmarshal(env.Record, &tree); err != nil {
		return out, fmt.Errorf("storage: decode %s %s: %w", c.kind, id, err)
	}
	opened, err := openTree(tree, "", turn)
	if err != nil {
		return out, err
	}
	tree, _ = opened.(map[string]any)
	for schema := env.Schema; schema < len(c.migrations); schema++ {
		if err := c.migrations[schema](tree); err != nil {
			return out, fmt.Errorf("storage: migrate %s %s from schema %d: %w", c.kind, id, schema, err)
		}
	}
	data, err := json.Marshal(tree)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		return out, fmt.Errorf("storage: migrate %s %s: %w", c.kind, id, err)
	}
	return out, nil
}

// openTree opens every sealed text of a JSON value. Which fields were sealed is told by the texts themselves, because the
// Go type of an older schema is gone.
func openTree(v any, path string, turn textFunc) (any, error) {
	var err error
	switch v := v.(type) {
	case string:
		if strings.HasPrefix(v, sealedPrefix) {
			return turn(path, v)
		}
	case map[string]any:
		for key := range v {
			if v[key], err = openTree(v[key], join(path, key), turn); err != nil {
				return nil, err
			}
		}
	case []any:
		for i := range v {
			if v[i], err = openTree(v[i], join(path, strconv.Itoa(i)), turn); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
