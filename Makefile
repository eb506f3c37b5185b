# The scripts in scripts/ do the work; `make help` lists what there is.

.DEFAULT_GOAL := help
.PHONY: help demo test check fmt lint deny bench prove run install

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '%-16s%s\n' "$$name" "$$text"; done

demo: ## from a fresh machine to two verdicts; installs what is missing and says so first
	@scripts/demo.sh

test: ## set up what the tests need and run every test
	@scripts/test.sh

check: ## format, lints, dependencies and tests: what CI checks
	@scripts/setup.sh --ci
	@$(MAKE) --no-print-directory fmt lint deny test

fmt: ## check the format of the code
	@scripts/cargo.sh fmt --all --check

lint: ## clippy and shellcheck, warnings as errors
	@scripts/lint-shell.sh
	@scripts/cargo.sh clippy --workspace --all-targets --locked -- -D warnings

deny: ## licences, sources and known vulnerabilities of the dependencies
	@scripts/deny.sh

bench: ## the figures: what judging, answering and loading cost, beside what one would use instead
	@scripts/bench.sh

prove: ## judge every drill's answers five times on a busy machine and write docs/trust.md
	@scripts/prove.sh

run: ## open the app in the browser, or run a command: make run ARGS="drill list"
	@scripts/setup.sh >&2
	@scripts/cargo.sh run --release --locked -p hotseat -- $(ARGS)

install: ## put hotseat into cargo's bin folder
	@scripts/setup.sh
	@scripts/cargo.sh install --path crates/hotseat --locked
