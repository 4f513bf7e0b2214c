// Black boxes are drawn over the picture with a pointer and written, in hundredths, into the field that is posted. Without
// this script the field is filled in by hand.
(function () {
  "use strict";
  var board = document.getElementById("redact-board"), field = document.getElementById("redact-boxes");
  if (!board || !field) return;
  var start = null, live = null;

  function read() {
    return field.value.split("\n").map(function (line) { return line.trim().split(/[\s,，%]+/).filter(Boolean).map(Number); })
      .filter(function (n) { return n.length === 4 && n.every(isFinite); });
  }
  function place(box, n) {
    box.style.left = n[0] + "%"; box.style.top = n[1] + "%"; box.style.width = n[2] + "%"; box.style.height = n[3] + "%";
  }
  function show() {
    board.querySelectorAll(".redact-box").forEach(function (b) { b.remove(); });
    read().forEach(function (n, i) {
      var box = document.createElement("button");
      box.type = "button"; box.className = "redact-box"; box.title = "删掉第 " + (i + 1) + " 处";
      box.setAttribute("aria-label", box.title);
      place(box, n);
      box.addEventListener("click", function () {
        field.value = read().filter(function (_, j) { return j !== i; }).map(function (m) { return m.join(" "); }).join("\n");
        show();
      });
      board.appendChild(box);
    });
  }
  function at(event) {
    var r = board.getBoundingClientRect();
    return [(event.clientX - r.left) / r.width * 100, (event.clientY - r.top) / r.height * 100]
      .map(function (v) { return Math.max(0, Math.min(100, v)); });
  }
  function span(a, b) {
    return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
  }

  board.addEventListener("pointerdown", function (event) {
    if (event.target.closest(".redact-box") || event.button > 0) return;
    event.preventDefault();
    start = at(event);
    live = document.createElement("div");
    live.className = "redact-live";
    board.appendChild(live);
    board.setPointerCapture(event.pointerId);
  });
  board.addEventListener("pointermove", function (event) {
    if (start) place(live, span(start, at(event)));
  });
  function end(event) {
    if (!start) return;
    var n = span(start, at(event));
    live.remove();
    start = null;
    if (event.type === "pointerup" && n[2] >= 0.3 && n[3] >= 0.3) {
      field.value = (field.value.trim() + "\n" + n.map(function (v) { return Math.round(v * 100) / 100; }).join(" ")).trim();
      show();
    }
  }
  board.addEventListener("pointerup", end);
  board.addEventListener("pointercancel", end);
  field.addEventListener("input", show);
  show();
})();
