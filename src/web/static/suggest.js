// Offers suggestions under a search box while someone types: a combobox with a list, as WAI-ARIA 1.2 describes it.
// Without this script, or without an answer, the box is an ordinary one.
(function () {
  "use strict";
  if (!window.fetch || !window.AbortController || !document.querySelectorAll) return;

  var PAUSE = 120; // milliseconds after a key
  var COMPOSING = 250; // the same while an input method puts a word together
  var ANNOUNCE = 700; // a screen reader should not talk into the typing
  var FEWEST = 2; // letters

  function attach(input, number) {
    var form = input.form;
    var list = document.createElement("ul");
    var status = document.createElement("p");
    var shown = []; // the suggestions in the list
    var active = -1; // which of them the arrows have reached
    var known = {}; // what the server has answered on this page
    var wish = null; // the request under way
    var timer = 0;
    var speech = 0;

    list.id = "goi-y-" + number;
    list.className = "suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Gợi ý");
    status.className = "skip";
    status.setAttribute("role", "status");
    form.appendChild(list);
    form.appendChild(status);
    input.setAttribute("role", "combobox");
    input.setAttribute("autocomplete", "off");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    function typed() {
      return input.value.trim();
    }

    function stop() {
      clearTimeout(timer);
      if (wish) wish.abort();
      wish = null;
    }

    function close() {
      stop();
      clearTimeout(speech);
      status.textContent = "";
      shown = [];
      reach(-1);
      list.hidden = true;
      list.textContent = "";
      input.setAttribute("aria-expanded", "false");
    }

    function reach(next) {
      var options = list.children;
      if (options[active]) options[active].setAttribute("aria-selected", "false");
      active = next;
      if (options[active]) {
        options[active].setAttribute("aria-selected", "true");
        options[active].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[active].id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    // The server marks what was typed; its text is put in as text, never as markup.
    function fill(element, html) {
      html.split(/(<mark>[^<]*<\/mark>)/).forEach(function (part) {
        var inner = /^<mark>(.*)<\/mark>$/.exec(part);
        var text = (inner ? inner[1] : part)
          .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&");
        var node = document.createTextNode(text);
        if (inner) {
          var mark = document.createElement("b");
          mark.appendChild(node);
          node = mark;
        }
        element.appendChild(node);
      });
    }

    function option(item, at) {
      var line = document.createElement("li");
      var text = document.createElement("span");
      var kind = document.createElement("span");
      line.id = list.id + "-" + at;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      fill(text, item.html);
      kind.className = "meta";
      kind.textContent = item.label + (item.note ? ", " + item.note : "");
      line.appendChild(text);
      line.appendChild(document.createTextNode(" "));
      line.appendChild(kind);
      // The box keeps the focus while a finger or the mouse chooses.
      line.addEventListener("mousedown", function (event) {
        event.preventDefault();
      });
      line.addEventListener("click", function () {
        choose(item);
      });
      return line;
    }

    function show(items) {
      if (document.activeElement !== input) return;
      reach(-1);
      shown = items;
      list.textContent = "";
      items.forEach(function (item, at) {
        list.appendChild(option(item, at));
      });
      list.hidden = !items.length;
      input.setAttribute("aria-expanded", String(!!items.length));
      clearTimeout(speech);
      speech = setTimeout(function () {
        status.textContent = items.length
          ? "Có " + items.length + " gợi ý. Bấm phím mũi tên lên, xuống để chọn, Enter để mở."
          : "Không có gợi ý.";
      }, ANNOUNCE);
    }

    function ask() {
      var text = typed();
      stop();
      if (text.length < FEWEST) return close();
      if (known[text]) return show(known[text]);
      var own = (wish = new AbortController());
      fetch(input.getAttribute("data-suggest") + encodeURIComponent(text), { signal: own.signal })
        .then(function (answer) {
          return answer.ok ? answer.json() : { items: [] };
        })
        .then(function (answer) {
          if (own !== wish || text !== typed()) return;
          known[text] = answer.items;
          show(answer.items);
        })
        .catch(function () {
          // Overtaken by the next key, or the line is down: the box works on without suggestions.
        });
    }

    function later(pause) {
      clearTimeout(timer);
      timer = setTimeout(ask, pause);
    }

    function choose(item) {
      close();
      if (item.kind !== "query") return window.location.assign(item.url);
      // The filters of the page stay.
      input.value = item.text;
      form.submit();
    }

    function key(event) {
      // While an input method is at work the keys are its own.
      if (event.isComposing || event.keyCode === 229) return;
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      var last = shown.length - 1;
      var open = !list.hidden;
      switch (event.key) {
        case "ArrowDown":
          if (open) reach(active < last ? active + 1 : 0);
          else ask();
          break;
        case "ArrowUp":
          if (!open) return;
          reach(active > 0 ? active - 1 : last);
          break;
        case "Home":
        case "End":
          if (!open || active < 0) return;
          reach(event.key === "Home" ? 0 : last);
          break;
        case "ArrowLeft":
        case "ArrowRight":
          return reach(-1);
        case "Escape":
          if (!open) return stop();
          close();
          break;
        case "Enter":
          if (!open || active < 0) return close();
          choose(shown[active]);
          break;
        default:
          return;
      }
      event.preventDefault();
    }

    input.addEventListener("input", function (event) {
      later(event.isComposing ? COMPOSING : PAUSE);
    });
    input.addEventListener("compositionend", function () {
      later(PAUSE);
    });
    input.addEventListener("keydown", key);
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    window.addEventListener("pageshow", function (event) {
      if (event.persisted) close();
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("input[data-suggest]"), attach);
})();
