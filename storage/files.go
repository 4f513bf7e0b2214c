package storage

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"shoushan/fault"
	"shoushan/posts"
)

var _ posts.Files = (*Store)(nil)

const filePlace = "file|" // with the file's id: what its encryption is bound to

func (s *Store) prepareFiles() error {
	if err := os.MkdirAll(s.filesDir, 0o700); err != nil {
		return fmt.Errorf("storage: folder of files: %w", err)
	}
	return nil
}

// SaveFile stores the data encrypted and returns its id, a keyed hash of the content: the same data has the same id, and
// neither name nor content of a file on disk tells what it holds. It returns after the file is on disk.
func (s *Store) SaveFile(_ context.Context, data []byte) (string, error) {
	ids := s.ring.hashes("file", data)
	for _, id := range ids {
		if _, err := os.Stat(s.filePath(id)); err == nil {
			return id, nil
		}
	}
	return ids[0], s.writeFile(ids[0], s.ring.seal(filePlace+ids[0], data))
}

// File returns the data of a file, or a NotFound fault.
func (s *Store) File(_ context.Context, id string) ([]byte, error) {
	sealed, err := s.sealedFile(id)
	if err != nil {
		return nil, err
	}
	return s.ring.open(filePlace+id, sealed)
}

func isFileID(id string) bool {
	raw, err := hex.DecodeString(id)
	return err == nil && len(raw) == 32
}

func (s *Store) sealedFile(id string) ([]byte, error) {
	if !isFileID(id) {
		return nil, fault.New(fault.NotFound, "没有这个文件。")
	}
	data, err := os.ReadFile(s.filePath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "没有这个文件。")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("storage: read file: %w", err), "文件暂时读不出来，请稍后再试。")
	}
	return data, nil
}

// filePath spreads files over 256 folders.
func (s *Store) filePath(id string) string { return filepath.Join(s.filesDir, id[:2], id) }

// writeFile puts the whole file in place or nothing: written beside, flushed to disk, then renamed.
func (s *Store) writeFile(id string, sealed []byte) error {
	path := s.filePath(id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return cannotWrite(err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return cannotWrite(err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(sealed)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return cannotWrite(err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return cannotWrite(err)
	}
	return syncDir(filepath.Dir(path))
}

func cannotWrite(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Unavailable, fmt.Errorf("storage: write file: %w", err), "文件没有保存成功，请稍后再试。")
}

// syncDir makes a rename survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return cannotWrite(err)
	}
	err = d.Sync()
	return cannotWrite(errors.Join(err, d.Close()))
}

// RemoveFile deletes a file for good; there being none is no error. Whoever calls it knows that no record names it.
func (s *Store) RemoveFile(_ context.Context, id string) error {
	if !isFileID(id) {
		return fault.New(fault.NotFound, "没有这个文件。")
	}
	if err := os.Remove(s.filePath(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(fault.Unavailable, fmt.Errorf("storage: remove file: %w", err), "文件没有删除成功，请稍后再试。")
	}
	return nil
}

// eachFile calls fn with the id of every file, in order.
func (s *Store) eachFile(fn func(id string) error) error {
	folders, err := os.ReadDir(s.filesDir)
	if err != nil {
		return fmt.Errorf("storage: list files: %w", err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		files, err := os.ReadDir(filepath.Join(s.filesDir, folder.Name()))
		if err != nil {
			return fmt.Errorf("storage: list files: %w", err)
		}
		for _, f := range files {
			if len(f.Name()) != 64 {
				continue // a temporary file of a write that was cut off
			}
			if err := fn(f.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}
