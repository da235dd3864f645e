# The two commands of the README are `go run ./cmd/homeline demo` and `make test`.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOTESTSUM   := gotest.tools/gotestsum@v1.13.0

# The race detector watches our code and what it calls, but not SQLite itself, which
# is C translated to Go: it would take three times as long and find nothing of ours.
# That package alone: one with generic code would bring its unwatched copies of it.
# Nor are the pointers of its library checked, which is C as well.
RACE := -race -gcflags='modernc.org/...=-d=checkptr=0' -gcflags='modernc.org/sqlite/lib=-race=false'

FAST := $$(go list ./... | grep -v /browsertest)

.PHONY: demo help build test check lint install browser-client simulate bench fuzz reply-corpora coldstart foreign-rosters screenshot image chaos chaos-proof mailproof mailproof-proof day

demo: ## run the program with a sample school
	go run ./cmd/homeline demo

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name words; do printf '%-16s %s\n' "$$name" "$$words"; done

build: ## a static binary in dist/
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o dist/homeline ./cmd/homeline

test: install lint browser-client ## everything, with the race detector and real browsers; installs what it needs
	go test -run 'TestAnIdleConnection' ./transport/socket # the race detector makes memory heavier
	go test ./hub/notify # with the race detector it lives through fewer days
	@mkdir -p .cache
	go run $(GOTESTSUM) --format pkgname-and-test-fails --format-hide-empty-pkg --jsonfile .cache/test.json -- $(RACE) -timeout 17m -p 4 ./transport/web/browsertest ./store/postgres ./store/sqlite ./... # which take longest, and most tests wait
	go test -C bench $(RACE) -timeout 10m ./...
	@if [ "$$CI" = true ] && grep '"Action":"skip".*"Test":' .cache/test.json; then echo 'tests were skipped' >&2; exit 1; fi

check: lint browser-client ## the fast part: no race detector, no browser
	go test $(FAST)

install:
	.ci/install

lint:
	@test -z "$$(gofmt -l .)" || { echo 'not formatted with gofmt:' >&2; gofmt -l . >&2; exit 1; }
	go mod tidy -diff
	go vet ./...
	go run $(STATICCHECK) ./...
	cd bench && go mod tidy -diff && go vet ./... && go run $(STATICCHECK) ./...

browser-client: static/node_modules
	node --test static/jstest/

static/node_modules: static/package-lock.json
	npm ci --silent --no-audit --no-fund --prefix static
	@touch $@

bench: ## figures of the hot paths; compare two runs with benchstat
	go test -timeout 60m -run '^$$' -bench . -benchmem ./cmd/homeline ./hub/... ./store/... ./transport/...

simulate: ## nodes, pages and faults in virtual time: SEEDS schedules (default 3000) from SEED on
	cd transport/simulation && SEED=$(or $(SEED),1) SEEDS=$(or $(SEEDS),$(if $(SEED),1,3000)) go test -count=1 -timeout 0 -run AfterAnyFaults

fuzz: ## each fuzzer for FUZZTIME (default 30s)
	@for pkg in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
		for f in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$pkg/*_test.go | cut -c6-); do \
			echo "$$pkg $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-30s} -fuzzminimizetime 1x $$pkg || exit 1; \
		done; done

reply-corpora: ## how replies that others collected are read: DIR has a folder for each corpus, with mails in "in" and what their people wrote in "want"
	go test -tags corpora -count 1 -run TestPrintFiguresOfCorpora -v ./transport/mail/inbound -corpora $(abspath $(DIR))

coldstart: ## how long the first command takes until one can click
	.ci/coldstart

foreign-rosters: ## import every zip and folder in DIR, each into a school of its own, and say how each ends
	@.ci/foreign-rosters $(DIR)

screenshot: ## docs/screenshot.png, from the demo
	go run ./transport/web/browsertest/screenshot -o docs/screenshot.png

image: build ## what the Dockerfile builds, by docker
	docker build -t homeline .

# ROUNDS=20 SEED=… CLIENTS=300 LEDGER=FILE (a run that was ended goes on from it)
CHAOS = .cache/chaos/chaos -rounds $(or $(ROUNDS),20) -clients $(or $(CLIENTS),300) $(SEED:%=-seed %)

chaos: .cache/chaos/chaos ## break three nodes, Redis, PostgreSQL and HAProxy for real, and hold what clients were told against the database
	$(CHAOS) $(LEDGER:%=-ledger %)

chaos-proof: .cache/chaos/chaos ## break the program on purpose, in three ways; chaos must find each
	$(CHAOS) -proof

# PEOPLE=2000 TAKES=4m (for which they write) SEED=…
MAILPROOF = .cache/mailproof/mailproof $(SEED:%=-seed %)

mailproof: .cache/mailproof/mailproof ## kill and break three nodes and their mail provider, and hold what was mailed against what was read: with Mailgun, and with a mail server
	$(MAILPROOF) $(PEOPLE:%=-people %) $(TAKES:%=-takes %)
	$(MAILPROOF) $(PEOPLE:%=-people %) $(TAKES:%=-takes %) -smtp

mailproof-proof: .cache/mailproof/mailproof ## break the program on purpose, in three ways; mailproof must find each
	$(MAILPROOF) -people 300 -takes 30s -swift -proof

# SOCKETS=8000 PEOPLE=50000 TAKES=10m (into how long three hours are pressed)
day: ## a district's morning on two nodes: latencies, CPU, memory, queries for each kind of request
	go build -C bench -o ../.cache/day/day ./day
	.cache/day/day $(SOCKETS:%=-sockets %) $(PEOPLE:%=-people %) $(TAKES:%=-takes %) $(SEED:%=-seed %)

.PHONY: .cache/chaos/chaos .cache/mailproof/mailproof
.cache/chaos/chaos .cache/mailproof/mailproof:
	go build -C bench -o ../$@ ./$(@F)
