// Keeps what is typed into a text on this device until the page says that it was taken: what may be public at once is
// never sent half written.
(function () {
  "use strict";
  var done = (/[?&]da=([^&]*)/.exec(location.search) || [])[1];
  Array.prototype.forEach.call(document.querySelectorAll("form[data-keep-here]"), function (form) {
    var area = form.querySelector("textarea");
    var said = form.querySelector("[role=status]");
    var key = "giu-chu|" + form.getAttribute("action");
    var before = area.defaultValue;
    try {
      if (done === form.dataset.keepHere) localStorage.removeItem(key);
      var kept = JSON.parse(localStorage.getItem(key) || "null");
      if (kept && kept.before === before && kept.text !== area.value) {
        area.value = kept.text;
        said.textContent = "Đã lấy lại chữ gõ dở được giữ trên máy này.";
        var fold = form.closest("details");
        if (fold) fold.open = true;
      }
      area.addEventListener("input", function () {
        localStorage.setItem(key, JSON.stringify({ before: before, text: area.value }));
        said.textContent = "Chữ gõ dở được giữ trên máy này cho đến khi gửi.";
      });
    } catch (error) {
      // Without this store the button that sends does its work all the same.
    }
  });
})();

// Enter in a box that has a button of its own presses that one, not the first of the form.
document.addEventListener("keydown", function (event) {
  "use strict";
  var id = event.key === "Enter" && event.target.dataset && event.target.dataset.enter;
  if (!id) return;
  event.preventDefault();
  document.getElementById(id).click();
});

// Keeps a form while someone types: sends it a moment after the last key, one request at a time.
// Without this script, or without an answer, the button that saves does the same.
(function () {
  "use strict";
  var form = document.querySelector("form[data-keep]");
  if (!form || !window.fetch || !window.URLSearchParams) return;

  var PAUSE = 1500; // milliseconds after the last change
  var AGAIN = 8000; // after a line that was down
  var status = document.getElementById("da-giu");
  var dirty = false;
  var under_way = false;
  var stopped = false; // somebody else saved: a person decides
  var failed = false;
  var timer = 0;
  var key = "giu-mo-ta|" + form.getAttribute("action");

  // What the form holds, by the place of each field.
  function fields() {
    var all = {};
    Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || one.type === "hidden" || one.type === "submit") return;
      var picked = one.type === "checkbox" || one.type === "radio";
      all[picked ? one.name + "=" + one.value : one.id] = picked ? one.checked : one.value;
    });
    return all;
  }

  // On this device, until the service has taken it: a session may end before it does.
  function hold() {
    try {
      localStorage.setItem(key, JSON.stringify(fields()));
    } catch (error) {
      // Without this store the page itself still has it.
    }
  }

  function release() {
    try {
      localStorage.removeItem(key);
    } catch (error) {
      // Nothing was held.
    }
  }

  function take_back(held) {
    Array.prototype.forEach.call(form.elements, function (one) {
      var picked = one.type === "checkbox" || one.type === "radio";
      var value = held[picked ? one.name + "=" + one.value : one.id];
      if (value === undefined || one.type === "hidden" || one.type === "submit") return;
      if (picked) one.checked = value;
      else one.value = value;
    });
    dirty = true;
    wait(0);
  }

  function offer() {
    var held = null;
    try {
      held = JSON.parse(localStorage.getItem(key) || "null");
    } catch (error) {
      return;
    }
    if (!held) return;
    if (/[?&]da=/.test(location.search) || JSON.stringify(held) === JSON.stringify(fields())) return release();
    var button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "Lấy lại chữ đã gõ";
    button.addEventListener("click", function () {
      take_back(held);
    });
    say("Máy này còn giữ những gì bạn gõ mà chưa lưu được. ");
    status.appendChild(button);
  }

  function say(text) {
    status.textContent = text;
  }

  function wait(pause) {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  }

  function answered(response) {
    failed = false;
    return response.json().then(function (answer) {
      if (response.status === 401) {
        // Whoever signs in again elsewhere goes on here: it is tried again.
        dirty = true;
        failed = true;
        hold();
        say(answer.detail);
      } else if (response.ok) {
        if (!dirty) release();
        form.elements.ban.value = answer.version;
        form.elements.lan.value = answer.edition;
        say(answer.message);
      } else {
        stopped = true;
        say(answer.detail || answer.message || "Chưa giữ được. Hãy bấm Lưu.");
      }
    });
  }

  function keep() {
    if (under_way || stopped || !dirty) return;
    dirty = false;
    under_way = true;
    say("Đang giữ…");
    fetch(form.getAttribute("action"), {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    })
      .then(answered)
      .catch(function () {
        dirty = true;
        failed = true;
        hold();
        say("Mất kết nối; sẽ thử lại. Chữ đã gõ vẫn còn trên trang này.");
      })
      .then(function () {
        under_way = false;
        if (dirty) wait(failed ? AGAIN : PAUSE);
      });
  }

  form.addEventListener("input", function () {
    dirty = true;
    if (!under_way) wait(PAUSE);
  });
  form.addEventListener("submit", function () {
    dirty = false;
    clearTimeout(timer);
    hold();
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty && !stopped) {
      keep();
      event.preventDefault();
    }
  });
  offer();
})();
