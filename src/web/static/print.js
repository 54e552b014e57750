// Opens the browser's own printing where there is a script to do it.
(function () {
  "use strict";
  var button = document.getElementById("in");
  if (!button || !window.print) return;
  button.hidden = false;
  document.getElementById("in-giup").hidden = true;
  button.addEventListener("click", function () { window.print(); });
})();
