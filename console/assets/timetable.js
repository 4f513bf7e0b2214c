// The publishing calendar: an item is dragged to another day with mouse, pen or finger; the form below does the same.
(function () {
  "use strict";
  var table = document.getElementById("timetable"), held = null;
  if (!table) return;
  function cellAt(x, y) {
    var under = document.elementFromPoint(x, y);
    return under && under.closest("td[data-day]");
  }
  function mark(cell) {
    table.querySelectorAll(".target").forEach(function (c) { c.classList.remove("target"); });
    if (cell && !cell.classList.contains("past")) cell.classList.add("target");
  }
  function letGo() {
    if (!held) return;
    if (held.ghost) held.ghost.remove();
    held.slot.classList.remove("held");
    mark(null);
    held = null;
  }
  document.addEventListener("pointerdown", function (e) {
    var slot = e.target.closest && e.target.closest("[data-move], [data-tray]");
    if (!slot || e.button !== 0 || e.pointerType === "touch") return;
    held = { slot: slot, x: e.clientX, y: e.clientY, ghost: null };
  });
  document.addEventListener("pointermove", function (e) {
    if (!held) return;
    if (!held.ghost) {
      if (Math.hypot(e.clientX - held.x, e.clientY - held.y) < 6) return; // a click is no drag
      held.ghost = held.slot.cloneNode(true);
      held.ghost.removeAttribute("data-testid");
      held.ghost.classList.add("ghost");
      document.body.append(held.ghost);
      held.slot.classList.add("held");
    }
    e.preventDefault();
    held.ghost.style.left = e.clientX + 8 + "px";
    held.ghost.style.top = e.clientY + 8 + "px";
    mark(cellAt(e.clientX, e.clientY));
  });
  document.addEventListener("pointerup", function (e) {
    if (!held) return;
    var moved = held.ghost, slot = held.slot, cell = moved && cellAt(e.clientX, e.clientY);
    letGo();
    if (!moved) return;
    function stop(click) { click.preventDefault(); click.stopPropagation(); } // the click that ends a drag opens nothing
    document.addEventListener("click", stop, true);
    setTimeout(function () { document.removeEventListener("click", stop, true); }, 0);
    if (!cell || cell === slot.closest("td[data-day]")) return;
    if (slot.dataset.tray) {
      location.href = "/posts/" + encodeURIComponent(slot.dataset.tray) + "?on=" + cell.dataset.day + "#verb-form-schedule";
      return;
    }
    var form = document.getElementById("move-" + slot.dataset.move);
    form.elements.day.value = cell.dataset.day;
    form.requestSubmit();
  });
  document.addEventListener("pointercancel", letGo);
  document.addEventListener("keydown", function (e) { if (e.key === "Escape") letGo(); });
  document.addEventListener("dragstart", function (e) { if (e.target.closest && e.target.closest("[data-move], [data-tray]")) e.preventDefault(); });
})();
