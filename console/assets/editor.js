// The editor: live preview as a phone shows it, findings while writing, what is typed kept by itself, who else is here.
(function () {
  "use strict";
  var form = document.getElementById("form-editor"), frame = document.getElementById("preview");
  if (!form || !frame) return;
  var id = form.elements.id.value, version = form.elements.version.value;
  var status = document.getElementById("autosave-status"), save = document.getElementById("editor-save");
  var dirty = !!document.getElementById("problem"), leaving = false;

  // later runs a task when nothing was typed for a while.
  function later(task, pause) {
    var timer = null;
    return function () { clearTimeout(timer); timer = setTimeout(task, pause); };
  }
  function post(path, more) {
    return fetch(path, { method: "POST", body: more || new URLSearchParams(new FormData(form)), credentials: "same-origin" });
  }

  // The frame is a page of its own with its own policy (inline styles, no script); only its body is exchanged, so the
  // reader's place is kept. The text must not be parsed in this page: its styles belong under the frame's policy.
  var latest = 0;
  function preview() {
    var turn = ++latest;
    post("/posts/preview")
      .then(function (r) { return r.text(); })
      .then(function (html) {
        if (turn !== latest || !frame.contentDocument) return;
        frame.contentDocument.body.innerHTML = html.slice(html.indexOf("<body>") + 6, html.lastIndexOf("</body>"));
      })
      .catch(function () { status.textContent = "预览暂时连不上，写的内容不受影响。"; });
  }
  var asked = 0, box = document.getElementById("editor-checks");
  function check() {
    var turn = ++asked;
    if (!form.elements.title.value && !form.elements.markdown.value) return;
    post("/posts/check")
      .then(function (r) { return r.ok ? r.text() : ""; })
      .then(function (html) {
        if (turn !== asked || !html) return;
        box.innerHTML = html;
        mark();
      })
      .catch(function () {});
  }
  // A finding leads to its field, and the field says that something is wrong with it.
  var fieldOf = { title: "editor-title", byline: "editor-byline", digest: "editor-digest", markdown: "editor-markdown", source: "source-name", source_link: "editor-link", cover: "editor-cover", gallery: "gallery", origin: "origin-original" };
  function mark() {
    form.querySelectorAll("[aria-invalid]").forEach(function (e) { e.removeAttribute("aria-invalid"); });
    box.querySelectorAll("[data-field]").forEach(function (li) {
      var field = document.getElementById(fieldOf[li.dataset.field]);
      if (!field) return;
      if (li.querySelector(".red") && field.value) field.setAttribute("aria-invalid", "true");
      li.tabIndex = 0;
      function go() { field.focus(); field.scrollIntoView({ block: "center" }); }
      li.addEventListener("click", go);
      li.addEventListener("keydown", function (e) { if (e.key === "Enter") go(); });
    });
  }

  // What is typed is kept by itself; only this member sees it.
  function keep() {
    if (!dirty || leaving) return;
    post("/posts/autosave")
      .then(function (r) { return r.json(); })
      .then(function (answer) {
        status.textContent = answer.problem || answer.said;
        if (!answer.problem) dirty = false;
      })
      .catch(function () { status.textContent = "没有连上系统，自动保存没有成功。请先不要关掉这一页。"; });
  }
  var previewSoon = later(preview, 300), checkSoon = later(check, 1500), keepSoon = later(keep, 2500);
  function changed() { dirty = true; status.textContent = "有改动……"; previewSoon(); checkSoon(); keepSoon(); }
  form.addEventListener("input", changed);
  form.addEventListener("editor-changed", changed);
  frame.addEventListener("load", preview);
  check();
  form.addEventListener("submit", function (event) {
    if (!(event.submitter && event.submitter.formTarget)) { dirty = false; leaving = true; }
  });
  window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
  document.getElementById("editor-cancel").addEventListener("click", function () { dirty = false; });
  form.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); form.requestSubmit(save); }
  });

  // Who else has the item open, or has saved it in between.
  var presence = document.getElementById("presence");
  function attend() {
    post("/posts/" + encodeURIComponent(id) + "/presence", new URLSearchParams({ version: version }))
      .then(function (r) { return r.json(); })
      .then(function (answer) { presence.textContent = answer.said || ""; presence.hidden = !answer.said; })
      .catch(function () {});
  }
  if (id) {
    setInterval(attend, 20000);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) attend(); });
    window.addEventListener("pagehide", function () { navigator.sendBeacon("/posts/" + encodeURIComponent(id) + "/leave", new URLSearchParams()); });
  }

  // Counters, as the platform counts: characters, not bytes.
  document.querySelectorAll("[data-count]").forEach(function (shown) {
    var field = document.getElementById(shown.dataset.count), most = Number(shown.dataset.most);
    function count() {
      var n = Array.from(field.value.trim()).length;
      shown.textContent = n + " / " + most;
      shown.classList.toggle("late", n > most);
    }
    field.addEventListener("input", count);
    count();
  });

  // A repost asks for its source; a picture message for its pictures.
  function shape() {
    var repost = document.getElementById("origin-repost"), gallery = document.getElementById("kind-newspic").checked;
    document.getElementById("source-fields").hidden = !repost.checked;
    document.getElementById("gallery-fields").hidden = !gallery;
    document.getElementById("news-fields").hidden = gallery;
    document.querySelector(".tools").hidden = gallery;
    document.getElementById("editor-markdown").required = !gallery;
    document.getElementById("markdown-label").textContent = gallery ? "文字（纯文字，不排版）" : "正文";
  }
  form.addEventListener("change", shape);
  shape();
})();
