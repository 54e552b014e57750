// Reads the page's text aloud with the device's own Vietnamese voice; says what to do where there is none.
(function () {
  "use strict";
  var button = document.getElementById("nghe");
  var help = document.getElementById("nghe-giup");
  var paper = document.getElementById("noi-dung");
  if (!button || !paper) return;
  button.hidden = false;
  var speech = window.speechSynthesis;
  var queue = [];
  function voice() {
    var lang = (paper.getAttribute("lang") || "vi").split("-")[0];
    return (speech ? speech.getVoices() : []).filter(function (v) {
      return v.lang.toLowerCase().split(/[-_]/)[0] === lang;
    })[0];
  }
  function stop() {
    queue = [];
    if (speech) speech.cancel();
    button.textContent = "Nghe";
    button.setAttribute("aria-pressed", "false");
  }
  function next() {
    var text = queue.shift();
    if (!text) return stop();
    var part = new SpeechSynthesisUtterance(text);
    part.voice = voice();
    part.lang = paper.getAttribute("lang") || "vi-VN";
    part.onend = next;
    part.onerror = stop;
    speech.speak(part);
  }
  button.addEventListener("click", function () {
    if (queue.length || (speech && speech.speaking)) return stop();
    if (!speech || !voice()) {
      help.hidden = false;
      help.focus();
      return;
    }
    help.hidden = true;
    queue = Array.prototype.map
      .call(paper.querySelectorAll("h2,h3,h4,h5,h6,p,li,tr"), function (n) { return n.textContent.trim(); })
      .filter(Boolean);
    button.textContent = "Dừng nghe";
    button.setAttribute("aria-pressed", "true");
    next();
  });
  if (speech) speech.getVoices();
  window.addEventListener("pagehide", stop);
})();
