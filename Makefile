# The two commands that matter: `make run` and `make test`. Both install what is missing and say so.

SHELL := /bin/bash
PORT ?= 8080
# Everything is printed with typst, which takes minutes to compile; a plain `cargo build` does without.
FEATURES := --features press

.PHONY: run test setup-run setup-tests bench lint

run: setup-run
	@echo "Biên dịch bản phát hành (lần đầu mất vài phút, lần sau vài giây), rồi phục vụ tại http://127.0.0.1:$(PORT)"
	cargo run --release --locked $(FEATURES) -- serve --listen 127.0.0.1:$(PORT)

test: setup-tests lint
	cargo test --locked $(FEATURES)

lint:
	cargo fmt --all --check
	cargo clippy --all-targets --locked $(FEATURES) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked $(FEATURES)

bench:
	cargo run --release --locked -p hoclieu-index --example speed
	cargo run --release --locked -p hoclieu-index --example suggest
	cargo bench --locked $(FEATURES) --bench figures

setup-run:
	@.ci/install "cc:gcc libc6-dev"
	@command -v tesseract >/dev/null || echo "Gợi ý: apt-get install tesseract-ocr tesseract-ocr-vie để máy đọc chữ trong bản quét (không có vẫn chạy)."

setup-tests:
	@.ci/install "cc:gcc libc6-dev" "chromium:chromium fonts-noto-core" "node:nodejs" "npm:npm" "pdftotext:poppler-utils" "tesseract:tesseract-ocr tesseract-ocr-vie"
	@.ci/install "khal:khal" "vdirsyncer:vdirsyncer" "python3:python3 python3-pip"
	@tesseract --list-langs 2>/dev/null | grep -qx vie || .ci/install "tesseract-vie:tesseract-ocr-vie"
	@test -f target/tools/node_modules/axe-core/axe.min.js || { \
	  echo "Cài axe-core 4.14.1 (kiểm tra khả năng tiếp cận) vào target/tools"; \
	  mkdir -p target/tools && npm install --silent --no-audit --no-fund --prefix target/tools axe-core@4.14.1; }
	@test -d target/tools/node_modules/tus-js-client || { \
	  echo "Cài tus-js-client 4.3.1 (tải lên từng phần, cho kiểm thử) vào target/tools"; \
	  mkdir -p target/tools && npm install --silent --no-audit --no-fund --prefix target/tools tus-js-client@4.3.1; }
	@test -d target/tools/node_modules/oidc-provider || { \
	  echo "Cài oidc-provider 9.13.3 (nhà cung cấp danh tính cho kiểm thử) vào target/tools"; \
	  mkdir -p target/tools && npm install --silent --no-audit --no-fund --prefix target/tools oidc-provider@9.13.3; }
	@test -d target/tools/node_modules/smtp-server || { \
	  echo "Cài smtp-server 3.21.6 (máy chủ thư cho kiểm thử) vào target/tools"; \
	  mkdir -p target/tools && npm install --silent --no-audit --no-fund --prefix target/tools smtp-server@3.21.6; }
	@test -d target/tools/node_modules/ical.js || { \
	  echo "Cài ical.js 2.2.1 (đọc lịch, cho kiểm thử) vào target/tools"; \
	  mkdir -p target/tools && npm install --silent --no-audit --no-fund --prefix target/tools ical.js@2.2.1; }
	@test -d target/tools/python/recurring_ical_events || { \
	  python3 -m pip --version >/dev/null 2>&1 || .ci/install "python-pip:python3-pip"; \
	  echo "Cài icalendar 7.3.0, recurring-ical-events 3.8.2 (đọc lịch, cho kiểm thử) vào target/tools"; \
	  python3 -m pip install --quiet --disable-pip-version-check --target target/tools/python icalendar==7.3.0 recurring-ical-events==3.8.2; }
