// The few things that a page does better with a script; every page works without it.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");

  // The menu on a phone.
  var toggle = document.getElementById("menu-toggle"), nav = document.getElementById("nav");
  function narrow() { return window.matchMedia("(max-width: 48rem)").matches; }
  function fit() { toggle.hidden = !narrow(); }
  if (toggle && nav) {
    fit();
    window.addEventListener("resize", fit);
    toggle.addEventListener("click", function () {
      toggle.setAttribute("aria-expanded", String(nav.classList.toggle("open")));
    });
    nav.addEventListener("keydown", function (event) {
      if (event.key !== "Escape" || !narrow()) return;
      nav.classList.remove("open");
      toggle.setAttribute("aria-expanded", "false");
      toggle.focus();
    });
    keepOpen(nav.querySelectorAll("details"));
  }

  // What somebody opened in the menu stays open on the next pages, until it is closed or the window is.
  function keepOpen(groups) {
    var kept = {};
    try { kept = JSON.parse(sessionStorage.getItem("menu") || "{}"); } catch (e) { return; }
    groups.forEach(function (group) {
      var name = group.firstElementChild.textContent;
      if (kept[name] && !narrow()) group.open = true;
      group.firstElementChild.addEventListener("click", function () {
        kept[name] = !group.open; // the click has not turned it yet
        sessionStorage.setItem("menu", JSON.stringify(kept));
      });
    });
  }

  // A select that changes which fields are asked: fetch the page with the choice and swap the marked part, keeping what
  // was typed. Without a script the button next to it reloads the page.
  document.addEventListener("change", function (event) {
    var select = event.target, form = select.form;
    if (!select.matches || !select.matches("select[data-swap]") || !form) return;
    var target = document.querySelector(select.dataset.swap);
    var address = form.action.split("?")[0] + "?" + new URLSearchParams(new FormData(form));
    fetch(address, { credentials: "same-origin" }).then(function (r) { return r.text(); }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector(select.dataset.swap);
      if (!fresh) return;
      target.querySelectorAll("[name]").forEach(function (old) {
        var now = fresh.querySelector("[name=\"" + old.name + "\"]");
        if (now && old.value && !now.value && now.type !== "hidden") now.value = old.value;
        if (now && old.name === "seen") now.value = old.value; // the rest of the page is as old as it was
      });
      target.replaceWith(fresh);
      document.dispatchEvent(new Event("swapped"));
    });
  });

  // A select that only chooses what to look at.
  document.addEventListener("change", function (event) {
    if (event.target.matches && event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
  });

  // A form that was sent is not sent twice by a double click.
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || (event.submitter && (event.submitter.formTarget || "again" in event.submitter.dataset))) return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
    setTimeout(function () { delete event.target.dataset.sent; }, 4000);
  });

  // Printing.
  document.querySelectorAll("[data-print]").forEach(function (b) {
    b.hidden = false;
    b.addEventListener("click", function () { window.print(); });
  });
})();
