package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// saveAfter lies between a change and its writing, in real time: changes that come together are written together.
const saveAfter = 200 * time.Millisecond

// halfWritten ends the name of a file that is being written.
const halfWritten = ".new"

// guard is the server's lock. Whoever gives it back may have changed the state, so the keeper is told.
type guard struct {
	sync.Mutex
	touched chan struct{}
}

// Unlock gives the lock back.
func (g *guard) Unlock() {
	g.Mutex.Unlock()
	select {
	case g.touched <- struct{}{}:
	default:
	}
}

// keeper writes one state file and the uploads beside it.
type keeper struct {
	path    string
	last    []byte          // what the file holds
	uploads map[string]bool // names of the files that are there
}

// keep loads what was kept and from then on writes every change, until Close.
func (s *Server) keep() {
	s.keeping = make(chan struct{})
	if s.StatePath == "" {
		close(s.keeping)
		return
	}
	k := &keeper{path: s.StatePath, uploads: map[string]bool{}}
	if err := k.load(s); err != nil {
		s.complain(err)
		if err := setAside(k.path); err != nil {
			s.complain(fmt.Errorf("模拟平台的状态这次不会保存：%w", err))
			close(s.keeping)
			return
		}
	}
	s.mu.touched = make(chan struct{}, 1)
	s.resume()
	go s.keepWriting(k)
}

func (s *Server) complain(err error) {
	out := s.Stderr
	if out == nil {
		out = os.Stderr
	}
	fmt.Fprintln(out, err)
}

// keepWriting writes the state after every change. The same trouble is told once.
func (s *Server) keepWriting(k *keeper) {
	defer close(s.keeping)
	told := ""
	write := func() {
		err := k.save(s)
		if err != nil && err.Error() != told {
			s.complain(fmt.Errorf("模拟平台的状态没有保存：%w", err))
		}
		told = fmt.Sprint(err)
	}
	for {
		select {
		case <-s.quit:
			<-s.work.done()
			write()
			return
		case <-s.mu.touched:
			select {
			case <-s.quit:
			case <-time.After(saveAfter):
				write()
			}
		}
	}
}

// save writes new uploads first and then the state that names them.
func (k *keeper) save(s *Server) error {
	s.mu.Mutex.Lock()
	body, err := encode(s.state.saved())
	fresh := map[string][]byte{}
	for name, data := range s.state.uploads() {
		if !k.uploads[name] {
			fresh[name] = data
		}
	}
	s.mu.Mutex.Unlock()
	if err != nil {
		return err
	}
	if bytes.Equal(body, k.last) {
		return nil
	}
	for name, data := range fresh {
		if err := replaceFile(filepath.Join(k.folder(), name), data); err != nil {
			return err
		}
		k.uploads[name] = true
	}
	if err := replaceFile(k.path, body); err != nil {
		return err
	}
	k.last = body
	return nil
}

func (k *keeper) folder() string { return k.path + ".files" }

// load reads what was kept, if anything.
func (k *keeper) load(s *Server) error {
	body, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("模拟平台的状态文件读不出来，从头开始：%w", err)
	}
	old, err := readSaved(body)
	if err != nil {
		return fmt.Errorf("模拟平台的状态文件 %s 读不懂，从头开始：%w", k.path, err)
	}
	old.restore(&s.state)
	s.apply(s.state.settings)
	k.last = body
	k.loadUploads(&s.state)
	k.sweep()
	return nil
}

// loadUploads gives pictures and materials their bytes back. One whose file is lost is lost.
func (k *keeper) loadUploads(st *state) {
	for id, pic := range st.images {
		var err error
		if pic.Data, err = k.upload(id); err != nil {
			delete(st.images, id)
		}
	}
	for id, m := range st.media {
		var err error
		if m.Data, err = k.upload(id); err != nil {
			delete(st.media, id)
		}
	}
}

// sweep removes uploads that nothing names any more and what a crash left half written; what stays is tried again at the
// next start.
func (k *keeper) sweep() {
	entries, _ := os.ReadDir(k.folder())
	for _, e := range entries {
		if !k.uploads[e.Name()] {
			_ = os.Remove(filepath.Join(k.folder(), e.Name()))
		}
	}
	halves, _ := filepath.Glob(k.path + ".*" + halfWritten)
	for _, path := range halves {
		_ = os.Remove(path)
	}
}

func (k *keeper) upload(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(k.folder(), filepath.Base(name)))
	if err == nil {
		k.uploads[name] = true
	}
	return data, err
}

// setAside renames a file that is not understood, so that it is neither lost nor in the way.
func setAside(path string) error {
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.broken-%d", path, n)
		if _, err := os.Lstat(aside); err != nil {
			return os.Rename(path, aside)
		}
	}
}

// replaceFile writes a file so that a reader, or a crash, sees the old content or the new, never a part.
func replaceFile(path string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*"+halfWritten)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
