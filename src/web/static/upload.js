// Uploads many files by the tus protocol: in pieces, two at a time, each resumed where it broke off.
(() => {
  "use strict";
  const form = document.getElementById("tai-len");
  if (!form || !window.XMLHttpRequest || !window.Blob) return;
  const PIECE = 8 << 20, AT_ONCE = 2, WAITS = [1, 3, 8, 15, 30, 60], VERSION = { "Tus-Resumable": "1.0.0" };
  const input = form.querySelector("input[type=file]");
  const place = document.getElementById("dang-gui");
  const list = place.querySelector("ul"), status = place.querySelector("[role=status]");
  const queue = [];
  let running = 0;

  const memory = {
    key: (file) => ["tai-len", material() || organisation(), file.name, file.size, file.lastModified].join("|"),
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* the page works without */ } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* as above */ } },
  };
  const field = (name) => (form.querySelector("[name=" + name + "]") || { value: "" }).value;
  const organisation = () => field("co-quan"), material = () => field("hoc-lieu");
  const base64 = (text) => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const megabytes = (bytes) => bytes < 1 << 20 ? Math.ceil(bytes / 1024) + " KB" : (bytes / (1 << 20)).toFixed(1).replace(".", ",") + " MB";

  // One request; `ask.stop` breaks it off. A line that dies is an error without a status.
  const call = (ask, method, url, headers, body, onProgress) => new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries({ ...VERSION, ...headers })) request.setRequestHeader(name, value);
    if (onProgress) request.upload.onprogress = (event) => onProgress(event.loaded);
    ask.stop = () => request.abort();
    request.onload = () => done(request);
    request.onerror = request.onabort = request.ontimeout = () => fail(new Error("line"));
    request.send(body || null);
  });
  const reason = (request) => {
    try { return JSON.parse(request.responseText).detail; } catch { return "Máy chủ từ chối tệp này (mã " + request.status + ")."; }
  };
  const refused = (text) => Object.assign(new Error(text), { refused: true });
  const passing = (status) => status === 0 || status === 409 || status === 423 || status >= 500 && status !== 507;

  class Sending {
    constructor(file) {
      this.file = file;
      this.organisation = organisation();
      this.key = memory.key(file);
      this.url = memory.get(this.key);
      this.paused = this.ended = false;
      this.tries = 0;
      this.show();
    }

    show() {
      this.item = make("li");
      this.title = make("strong", this.file.name);
      const name = make("p");
      name.append(this.title, " ", make("span", megabytes(this.file.size), "count"));
      this.bar = make("progress");
      this.bar.max = Math.max(this.file.size, 1);
      this.bar.value = 0;
      this.bar.setAttribute("aria-label", "Đã gửi của " + this.file.name);
      this.said = make("p", "Chờ đến lượt.", "meta said");
      this.acts = make("div", "", "acts");
      this.halt = this.button("Tạm dừng", () => this.toggle());
      this.away = this.button("Bỏ", () => this.cancel());
      this.item.append(name, this.bar, this.said, this.acts);
      list.append(this.item);
    }

    button(text, act) {
      const button = make("button", text, "plain");
      button.type = "button";
      button.setAttribute("aria-label", text + ": " + this.file.name);
      button.onclick = act;
      this.acts.append(button);
      return button;
    }

    say(text, wrong) {
      this.said.textContent = text;
      this.said.classList.toggle("wrong", !!wrong);
    }

    toggle() {
      this.paused = !this.paused;
      this.halt.textContent = this.paused ? "Gửi tiếp" : "Tạm dừng";
      this.halt.setAttribute("aria-label", this.halt.textContent + ": " + this.file.name);
      if (this.paused) {
        if (this.stop) this.stop();
        this.say("Đã tạm dừng.");
      } else {
        this.say("Chờ đến lượt.");
        queue.push(this);
        next();
      }
    }

    async cancel() {
      this.paused = this.ended = true;
      if (this.stop) this.stop();
      memory.drop(this.key);
      this.item.remove();
      if (this.url) try { await call({}, "DELETE", this.url); } catch { /* it is forgotten in a week anyway */ }
    }

    async run() {
      while (!this.paused && !this.ended) {
        try {
          await this.send();
          this.tries = 0;
        } catch (error) {
          if (this.paused || this.ended) return;
          if (error.refused) return this.end(error.message, true);
          const wait = WAITS[Math.min(this.tries++, WAITS.length - 1)];
          this.say("Mạng bị gián đoạn; tự gửi tiếp sau " + wait + " giây.");
          await Promise.race([pause(wait), new Promise((done) => addEventListener("online", done, { once: true }))]);
        }
      }
    }

    // Finds out how much is there, then sends pieces to the end; throws where the line breaks.
    async send() {
      let offset = this.url ? await this.reached() : 0;
      if (!this.url) await this.begin();
      while (offset < this.file.size) {
        if (this.paused) return;
        const from = offset, piece = this.file.slice(from, from + PIECE);
        const answer = await call(this, "PATCH", this.url, { "Upload-Offset": from, "Content-Type": "application/offset+octet-stream" }, piece, (sent) => this.reach(from + sent));
        if (passing(answer.status)) throw new Error("line");
        if (answer.status !== 204) throw refused(reason(answer));
        offset = +answer.getResponseHeader("Upload-Offset");
        this.tries = 0;
        this.reach(offset);
      }
      await this.result();
    }

    reach(bytes) {
      this.bar.value = bytes;
      const all = bytes >= this.file.size;
      this.say(all ? "Đã gửi hết, máy chủ đang kiểm tra…" : "Đã gửi " + Math.floor(bytes / this.file.size * 100) + " % (" + megabytes(bytes) + ").");
    }

    async reached() {
      const answer = await call(this, "HEAD", this.url);
      if (answer.status === 404 || answer.status === 410) {
        this.url = null;
        memory.drop(this.key);
        return 0;
      }
      if (answer.status !== 200) {
        if (passing(answer.status)) throw new Error("line");
        throw refused(answer.status === 401 ? "Phiên đăng nhập đã hết. Hãy đăng nhập lại rồi chọn lại tệp; phần đã gửi vẫn còn." : "Máy chủ từ chối (mã " + answer.status + ").");
      }
      const offset = +answer.getResponseHeader("Upload-Offset");
      this.reach(offset);
      return offset;
    }

    async begin() {
      const told = "filename " + base64(this.file.name) + (material() ? ",material " + base64(material()) : ",organisation " + base64(this.organisation));
      const answer = await call(this, "POST", form.dataset.tus, { "Upload-Length": this.file.size, "Upload-Metadata": told });
      if (passing(answer.status)) throw new Error("line");
      if (answer.status !== 201) throw refused(reason(answer));
      this.url = answer.getResponseHeader("Location");
      memory.set(this.key, this.url);
    }

    async result() {
      for (;;) {
        const answer = await call(this, "GET", this.url);
        if (answer.status !== 200) throw answer.status === 404 ? refused(reason(answer)) : new Error("line");
        const told = JSON.parse(answer.responseText);
        if (told.state === "refused") throw refused(told.detail);
        if (told.state === "taken") return this.taken(told);
        await pause(2);
      }
    }

    taken(told) {
      this.existing = told.existing;
      this.end(told.said);
      const link = make("a", this.file.name);
      link.href = told.url;
      this.title.replaceChildren(link);
      if (told.existing) return;
      // Once the text is read, the draft has what it suggests.
      const read = told.reading ? watch(this.url, this.said, link) : Promise.resolve();
      read.then(() => {
        const on = make("a", "Xem lại rồi gửi", "button");
        on.href = told.url;
        on.setAttribute("aria-label", "Xem lại rồi gửi: " + link.textContent);
        this.item.append(make("p").appendChild(on).parentNode);
      });
    }

    end(text, wrong) {
      this.ended = true;
      memory.drop(this.key);
      this.say(text, wrong);
      this.bar.remove();
      this.acts.remove();
      this.refused = !!wrong;
      status.textContent = this.file.name + ": " + text;
      tell();
    }
  }

  // Follows how far a file's text has been read.
  async function watch(url, said, link) {
    for (let round = 0; round < 150; round++) {
      await pause(round < 10 ? 1 : 4);
      try {
        const answer = await call({}, "GET", url);
        if (answer.status !== 200) return;
        const told = JSON.parse(answer.responseText);
        if (told.state === "receiving") continue;
        said.textContent = told.said || told.detail;
        if (!told.reading) return;
      } catch { /* the next round may do better */ }
    }
  }

  async function next() {
    while (running < AT_ONCE && queue.length) {
      const sending = queue.shift();
      if (sending.paused || sending.ended) continue;
      running++;
      sending.run().finally(() => { running--; next(); });
    }
  }

  // What the section says follows what there is in it.
  const heading = place.querySelector("h2"), hint = place.querySelector("p.meta"), sent = [];
  const SENDING = [heading.textContent, hint.textContent];
  function tell() {
    const left = sent.filter((sending) => !sending.ended).length, taken = sent.filter((sending) => sending.ended && sending.refused === false), drafts = taken.filter((sending) => !sending.existing).length;
    heading.textContent = left ? SENDING[0] + " (còn " + left + " tệp)" : drafts ? "Đã nhận xong " + drafts + " tệp" : taken.length ? "Thư viện đã có " + taken.length + " tệp này" : "Chưa nhận được tệp nào";
    hint.textContent = left ? SENDING[1] : !drafts && taken.length ? "Không có bản nháp mới. Mở tên tệp để xem học liệu đã có." : drafts ? "Bước tiếp theo: mở từng bản nháp, xem lại những gì máy điền sẵn, rồi gửi duyệt hoặc công bố." : "Hãy xem lý do ở từng tệp rồi chọn lại.";
  }

  function take(files) {
    const choice = form.querySelector("select[name=co-quan]");
    if (choice && !choice.value) {
      // Whose they are is asked first; the files wait for the answer.
      const waiting = Array.from(files);
      choice.addEventListener("change", () => take(waiting), { once: true });
      choice.reportValidity();
      return;
    }
    place.hidden = false;
    for (const file of material() ? Array.from(files).slice(0, 1) : files) {
      const sending = new Sending(file);
      queue.push(sending);
      sent.push(sending);
    }
    tell();
    next();
  }

  form.querySelector("button").hidden = true;
  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (input.files.length) { take(input.files); input.value = ""; } });
  const drop = make("p", "Hoặc kéo các tệp thả vào đây.", "drop");
  form.append(drop);
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (!event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) take(event.dataTransfer.files);
    });
  }
  for (const item of document.querySelectorAll("[data-reading]")) watch(item.dataset.reading, item.querySelector(".said"));
})();
