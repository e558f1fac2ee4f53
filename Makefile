# What one does with fedgate. `make` alone lists it.

# rustup installs for the account; a root shell often does not search there.
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: help demo lab test conformance bench check

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 14

demo: ## Make a lab, sign in with every certificate of it, show the table and a verified token
	@scripts/require-rust
	@scripts/system-packages build demo
	cargo build --locked
	@cargo run --locked --quiet -- lab --once

lab: ## The same, and stay up to be tried with curl
	@scripts/require-rust
	@scripts/system-packages build demo
	cargo build --locked
	@cargo run --locked --quiet -- lab

test: ## Run every test, and check that the generated documents are up to date
	@scripts/require-rust
	@scripts/system-packages build demo test
	cargo test --locked

conformance: ## Judge the public yardsticks: NIST PKITS (fetched from PyPI) and x509-limbo (FEDGATE_SAMPLES)
	@scripts/require-rust
	@scripts/system-packages build
	@scripts/pkits
	@FEDGATE_PKITS="$${FEDGATE_PKITS:-$(CURDIR)/target/conformance/cryptography_vectors/x509/PKITS_data}" \
	FEDGATE_SAMPLES="$${FEDGATE_SAMPLES:-$(wildcard ../shared/samples)}" \
	cargo test --locked --quiet --test conformance

bench: ## Measure what a token and claim rules cost beside a raw RSA-2048 signature, and what a CRL of 500,000 entries costs
	@scripts/require-rust
	@scripts/system-packages build
	cargo bench --locked

check: ## Formatting, clippy, dependencies (cargo-deny) and the generated documents
	@scripts/require-rust
	@scripts/system-packages build
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	scripts/deny
	cargo run --locked --quiet -- docs --check
