# 首善 (shoushan). The two commands to know: make demo, make test.

GO ?= go
LINT = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.8.0

.PHONY: build demo test check bench tools screenshots

## build: the program, in this folder
build:
	CGO_ENABLED=0 $(GO) build -trimpath -o shoushan .

## demo: everything on this machine, no WeChat account needed
demo:
	$(GO) run . demo

## test: all tests, from a bare Debian: real Redis and miniredis, headless Chromium
test: tools
	REQUIRE_REDIS=1 REQUIRE_BROWSER=1 SIMULATOR_FOREIGN=1 TABLES=$(CURDIR)/bin/tables $(GO) test -count=1 -timeout 30m ./...
	@cat bin/tables/*.md

## check: formatting, vet, linters, race detector, import rules
check: tools
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(LINT) run
	REQUIRE_REDIS=1 $(GO) test -count=1 -race -timeout 40m ./...

## bench: what is claimed to be fast, as ratios measured in one run
## (KEEP=1 also writes the table into bench/README.md)
bench: tools
	BENCH_KEEP=$(KEEP) $(GO) test -run '^$$' -bench . -benchmem -timeout 30m ./...

## tools: install what the tests need and this machine lacks
tools:
	@scripts/install-tools

## screenshots: the two pictures of the README, taken from the running demo
screenshots: tools
	REQUIRE_BROWSER=1 SCREENSHOTS=bin/screens $(GO) test -count=1 -run TestThreadThroughTheHouse .
	mkdir -p docs/images && cp bin/screens/phone.png bin/screens/console.png docs/images/
