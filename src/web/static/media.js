// A moment in the transcript jumps there in the recording; the line that is spoken is marked.
(function () {
  "use strict";
  var player = document.querySelector("#phat audio, #phat video");
  if (!player) return;
  var lines = Array.prototype.slice.call(document.querySelectorAll("a[data-t]"));
  lines.forEach(function (line) {
    line.addEventListener("click", function (event) {
      event.preventDefault();
      player.currentTime = parseFloat(line.getAttribute("data-t"));
      var playing = player.play();
      if (playing) playing.catch(function () {});
    });
  });
  player.addEventListener("timeupdate", function () {
    var now = null;
    lines.forEach(function (line) {
      if (parseFloat(line.getAttribute("data-t")) <= player.currentTime + 0.05) now = line;
    });
    lines.forEach(function (line) {
      if (line === now) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    });
  });
})();
