package console_test

import (
	"context"
	"strconv"

	"shoushan/fault"
	"shoushan/report"
)

func (s *store) Edition(_ context.Context, year int) (report.Edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.editions[year]
	if !ok {
		return e, fault.New(fault.NotFound, "没有这一年的报告。")
	}
	return clone(e), s.broken
}

// UpdateEdition leaves the store open to change, which reads records of its own.
func (s *store) UpdateEdition(ctx context.Context, year int, change func(*report.Edition) error) (report.Edition, error) {
	e, err := s.Edition(ctx, year)
	if fault.Is(err, fault.NotFound) {
		e, err = report.Edition{Year: year}, nil
	}
	if err != nil {
		return e, err
	}
	version := e.Version
	if err := change(&e); err != nil {
		return report.Edition{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.ID, e.Version = strconv.Itoa(year), version+1
	s.editions[year] = clone(e)
	return e, nil
}

func (s *store) Registers(context.Context) (report.Registers, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return clone(s.register), s.broken
}

func (s *store) UpdateRegisters(ctx context.Context, change func(*report.Registers) error) error {
	r, err := s.Registers(ctx)
	if err != nil {
		return err
	}
	if err := change(&r); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.register = clone(r)
	return nil
}
