# Willcall. "make run" opens the till, "make test" proves it, "make help" lists the rest.
#
# A target installs what it lacks and nothing more: the till in a browser needs only Go and npm, the window needs GTK and WebKit, the tests need a browser,
# a virtual screen and a reader of QR codes.

SHELL := bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VERSION := $(shell GIT_OPTIONAL_LOCKS=0 git describe --tags --always --dirty 2>/dev/null || echo unversioned)
GO_PACKAGES := . ./backend/... ./build/...
# What takes longest begins first.
FIRST := willcall/backend/reconcile willcall/backend
# Drawing, measuring and the simulated Stripe take minutes under the race detector; the last is under it in the tests of all that ask it.
ALONE := willcall/backend/paper willcall/backend/bench willcall/backend/stripecheck willcall/backend/stripesim
WINDOW_TAGS := desktop,production,webkit2_41
LDFLAGS := -s -w -X main.version=$(VERSION)

GOLANGCI_VERSION := v2.15.0
GOLANGCI := build/tools/golangci-lint-$(GOLANGCI_VERSION)

# A checkout that belongs to someone else (root building a user's tree) makes git refuse, and then go build with it.
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false)
# The tests drive Debian's Chromium; nothing may fetch another.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

SCREENS := frontend/dist/index.html
SCREEN_SOURCES := $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts frontend/package.json -type f -not -name '*.test.*' 2>/dev/null)
NPM_CI := npm ci --no-audit --no-fund --loglevel=error
NPM_FRONTEND := frontend/node_modules/.package-lock.json
NPM_NODECHECK := backend/stripesim/nodecheck/node_modules/.package-lock.json

# Debian's packages. The race detector needs a C compiler, and so does GTK.
C_PACKAGES := gcc libc6-dev pkg-config
WINDOW_PACKAGES := $(C_PACKAGES) libgtk-3-dev libwebkit2gtk-4.1-dev
# Chromium without its windows draws in half the time; not every release has it.
BROWSER_PACKAGES := chromium-headless-shell zbar-tools
OTHER_BROWSER_PACKAGES := chromium zbar-tools
DISPLAY_PACKAGES := xvfb xdotool imagemagick zbar-tools
NEED_C := build/scripts/apt.sh "the race detector" $(C_PACKAGES)
NEED_WINDOW := build/scripts/apt.sh "the window" $(WINDOW_PACKAGES)
NEED_BROWSER := build/scripts/apt.sh "the tests in a browser" $(BROWSER_PACKAGES) || build/scripts/apt.sh "the tests in a browser" $(OTHER_BROWSER_PACKAGES)
NEED_DISPLAY := build/scripts/apt.sh "the test of the window" $(DISPLAY_PACKAGES)

# ---- everyday

.PHONY: run
run: ## Open the till: the window where there is a display, else in a browser
	@if build/scripts/display.sh; then \
		$(MAKE) window && exec build/bin/willcall; \
	else \
		echo "There is no display here, so Willcall serves to a browser."; \
		exec $(MAKE) serve; \
	fi

.PHONY: serve
serve: headless ## Serve the till to a browser on this machine (needs no GTK)
	@exec bin/willcall serve

.PHONY: build
build: headless window ## Build both programs: bin/willcall and build/bin/willcall

.PHONY: headless
headless: $(SCREENS) ## Build bin/willcall, the program without a window
	@[ -e bin/willcall ] || echo "Building Willcall; the first time takes a minute or two."
	@CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)" -o bin/willcall .

.PHONY: window
window: $(SCREENS) ## Build build/bin/willcall, the program with a window
	@$(NEED_WINDOW)
	@[ -e build/bin/willcall ] || echo "Building Willcall's window; the first time takes a minute or two."
	@CGO_ENABLED=1 go build -tags $(WINDOW_TAGS) -trimpath -ldflags "$(LDFLAGS)" -o build/bin/willcall .

.PHONY: generate
generate: $(NPM_FRONTEND) ## Write the OpenAPI document and the TypeScript client made from it
	@go run . openapi >frontend/openapi.json.new && mv frontend/openapi.json.new frontend/openapi.json || { rm -f frontend/openapi.json.new; exit 1; }
	@cd frontend && npm run --silent generate

# ---- tests

STEP := @build/scripts/step.sh

.PHONY: test
test: ## Install what is missing and run every test there is
	$(STEP) "Set-up" $(MAKE) setup
	$(STEP) "Build" $(MAKE) headless
	$(STEP) "The client is in step with the API" $(MAKE) test-generated
	$(STEP) "Vet and linters" $(MAKE) lint
	$(STEP) "Vitest, and 2,000 simulations beside it" $(MAKE) -j2 --output-sync=target test-screens test-simulation
	$(STEP) "Go tests with the race detector" $(MAKE) test-go
	$(STEP) "Playwright in Chromium" $(MAKE) test-browser
	$(STEP) "The desktop window under Xvfb" $(MAKE) test-window
	@printf '\nEverything passed.\n'

.PHONY: lint
lint: $(NPM_FRONTEND) $(GOLANGCI) ## Go vet, golangci-lint, TypeScript and ESLint
	@$(NEED_WINDOW)
	$(GOLANGCI) run $(GO_PACKAGES)
	$(GOLANGCI) run --build-tags $(WINDOW_TAGS),window . ./build/...
	cd frontend && npm run --silent typecheck && npm run --silent lint

.PHONY: test-generated
test-generated: headless $(NPM_FRONTEND) ## What is generated is in step with the program
	@build/scripts/generated.sh bin/willcall

.PHONY: test-go
test-go: $(NPM_NODECHECK) ## Go tests, with the race detector
	@$(NEED_C)
	@$(NEED_BROWSER)
	WILLCALL_REQUIRE_NODE=1 WILLCALL_REQUIRE_TOOLS=1 go test -race -p 3 -cpu 1 -parallel 2 $(FIRST) $$(go list $(GO_PACKAGES) | grep -vxF $(addprefix -e ,$(FIRST) $(ALONE)))
	WILLCALL_REQUIRE_NODE=1 WILLCALL_REQUIRE_TOOLS=1 go test $(ALONE)

.PHONY: test-screens
test-screens: $(NPM_FRONTEND) ## The screens' own tests (Vitest)
	cd frontend && npm run --silent test

.PHONY: test-browser
test-browser: headless $(NPM_FRONTEND) ## The real program in Chromium (Playwright)
	@$(NEED_BROWSER)
	cd frontend && npm run --silent e2e

.PHONY: test-window
test-window: window ## The desktop window under Xvfb; leaves pictures in build/windowtest/out
	@$(NEED_DISPLAY)
	go test -count=1 -tags window ./build/windowtest/

# How often the program is killed under load; make test has 20.
KILLS ?= 200

# How many simulations; make test has 2,000. SEED=… begins with that one, which a failure names.
RUNS ?= 20000
SEED ?=

.PHONY: soak
soak: soak-simulation soak-kill ## Longer: 20,000 simulations (RUNS=…, SEED=…), and the program is killed 200 times (KILLS=…)

.PHONY: soak-simulation
soak-simulation:
	@build/scripts/simulate.sh $(RUNS) $(SEED)

.PHONY: test-simulation
test-simulation: ## 2,000 simulations of whatever happens to a till, the same ones each time (soak draws new ones), without the race detector
	@build/scripts/simulate.sh 2000 20261121 918273645546372819

.PHONY: soak-kill
soak-kill:
	@$(NEED_C)
	KILLS=$(KILLS) go test -race -count=1 -timeout 2h -v -run 'TestKilledUnderLoad' ./backend/

.PHONY: bench
bench: headless $(NPM_NODECHECK) ## Print the table of measurements
	@go run ./backend/bench

.PHONY: stripe-check
stripe-check: ## Hold Willcall's assumptions against Stripe, with the test-mode key in WILLCALL_STRIPE_KEY
	@go run ./backend/stripecheck

.PHONY: pictures
pictures: headless $(NPM_FRONTEND) ## Take the README's pictures again
	@$(NEED_BROWSER)
	cd frontend && npm run --silent e2e -- screens.spec.ts posters.spec.ts connect.spec.ts reconcile.spec.ts late.spec.ts \
		--grep '(wide, light|phone, dark).*every screen of a sale|from the wall to the desk.*wide|the welcome leads to a test book|they agree|seats for money'
	@mkdir -p build/pictures
	@cd frontend/e2e/screenshots && cp 3-sell-wide-light.png $(CURDIR)/build/pictures/sell.png && cp 4-code-wide-light.png $(CURDIR)/build/pictures/code.png \
		&& cp 6-paid-wide-light.png $(CURDIR)/build/pictures/paid.png && cp 8-order-wide-light.png $(CURDIR)/build/pictures/order.png \
		&& cp 4-code-phone-dark.png $(CURDIR)/build/pictures/phone.png && cp 32-poster-wide-light.png $(CURDIR)/build/pictures/poster.png \
		&& cp 50-settings-stripe-wide-light.png $(CURDIR)/build/pictures/connect.png && cp reconcile-agree-wide-light.png $(CURDIR)/build/pictures/reconcile.png \
		&& cp 41-late-wide-light.png $(CURDIR)/build/pictures/late.png

# ---- set-up

.PHONY: setup
setup: ## Install everything that building and testing need
	@build/scripts/apt.sh "building and testing" $(sort $(WINDOW_PACKAGES) $(DISPLAY_PACKAGES))
	@$(NEED_BROWSER)
	@$(MAKE) $(NPM_FRONTEND) $(NPM_NODECHECK) $(GOLANGCI)

$(NPM_FRONTEND): frontend/package.json frontend/package-lock.json
	@echo "Installing the screens' libraries (npm)."
	@cd frontend && $(NPM_CI) && touch node_modules/.package-lock.json

$(NPM_NODECHECK): backend/stripesim/nodecheck/package.json backend/stripesim/nodecheck/package-lock.json
	@echo "Installing Stripe's own library for the simulator's test (npm)."
	@cd backend/stripesim/nodecheck && $(NPM_CI) && touch node_modules/.package-lock.json

$(GOLANGCI):
	@echo "Building golangci-lint $(GOLANGCI_VERSION) once; it takes a minute or two."
	@GOBIN=$(CURDIR)/build/tools go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv build/tools/golangci-lint $@

$(SCREENS): $(SCREEN_SOURCES) $(NPM_FRONTEND)
	@echo "Building the screens."
	@cd frontend && npm run --silent build

.PHONY: clean
clean: ## Remove what was built; what was installed stays
	rm -rf bin build/bin build/windowtest/out frontend/e2e/screenshots frontend/playwright-report frontend/test-results
	find frontend/dist -mindepth 1 -not -name .gitkeep -delete

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
