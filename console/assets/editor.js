// The editor: live preview as a phone shows it, pictures by button, drop and paste.
(function () {
  "use strict";
  var form = document.getElementById("form-editor"), frame = document.getElementById("preview");
  if (!form || !frame) return;
  var text = document.getElementById("editor-markdown"), status = document.getElementById("editor-status");
  var pending = null, latest = 0, dirty = !!document.getElementById("problem");

  // The frame is a page of its own with its own policy (inline styles, no script); only its body is exchanged, so the
  // reader's place is kept. The text must not be parsed in this page: its styles belong under the frame's policy.
  function preview() {
    var turn = ++latest;
    fetch("/posts/preview", { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" })
      .then(function (r) { return r.text(); })
      .then(function (html) {
        if (turn !== latest || !frame.contentDocument) return;
        frame.contentDocument.body.innerHTML = html.slice(html.indexOf("<body>") + 6, html.lastIndexOf("</body>"));
      })
      .catch(function () { status.textContent = "预览暂时连不上，写的内容不受影响。"; });
  }
  function soon() { dirty = true; clearTimeout(pending); pending = setTimeout(preview, 300); }
  form.addEventListener("input", soon);
  frame.addEventListener("load", preview);
  form.addEventListener("submit", function (event) {
    if (!(event.submitter && event.submitter.formTarget)) dirty = false;
  });
  window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });

  // Repost asks for its source.
  var source = document.getElementById("source-fields");
  function sources() {
    var repost = form.querySelector("[name=origin][value=repost]");
    source.hidden = !(repost && repost.checked);
  }
  form.addEventListener("change", sources);
  sources();

  // Pictures.
  var pick = document.getElementById("picture-file");
  function insert(markdown) {
    var at = text.selectionStart, before = text.value.slice(0, at), after = text.value.slice(text.selectionEnd);
    var block = (before && !/\n\n$/.test(before) ? (/\n$/.test(before) ? "\n" : "\n\n") : "") + markdown + "\n\n";
    text.value = before + block + after.replace(/^\n+/, "");
    text.selectionStart = text.selectionEnd = before.length + block.length;
    text.focus();
    soon();
  }
  function send(file) {
    if (!/^image\//.test(file.type)) { status.textContent = "这不是图片：" + file.name; return; }
    var body = new FormData();
    body.append("picture", file);
    status.textContent = "正在上传图片……";
    fetch("/files", { method: "POST", body: body, credentials: "same-origin" })
      .then(function (r) { return r.json(); })
      .then(function (answer) {
        if (answer.problem) { status.textContent = answer.problem; return; }
        status.textContent = "图片已插入。";
        insert(answer.markdown);
        cover(answer.id);
      })
      .catch(function () { status.textContent = "图片没有传上去，请重试。"; });
  }
  // The first picture becomes the cover when none is chosen.
  function cover(id) {
    var list = document.getElementById("editor-cover");
    if (!list.querySelector("option[value=\"" + id + "\"]")) {
      var o = document.createElement("option");
      o.value = id; o.textContent = "图片 " + list.options.length;
      list.appendChild(o);
    }
    if (!list.value) list.value = id;
    picture();
  }
  function picture() {
    var list = document.getElementById("editor-cover"), show = document.getElementById("cover-picture");
    show.hidden = !list.value;
    if (list.value) show.src = "/files/" + list.value;
  }
  document.getElementById("editor-cover").addEventListener("change", picture);
  picture();
  pick.addEventListener("change", function () { Array.prototype.forEach.call(pick.files, send); pick.value = ""; });
  document.getElementById("picture-button").addEventListener("click", function () { pick.click(); });
  text.addEventListener("dragover", function (e) { e.preventDefault(); text.classList.add("drop"); });
  text.addEventListener("dragleave", function () { text.classList.remove("drop"); });
  text.addEventListener("drop", function (e) {
    text.classList.remove("drop");
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    Array.prototype.forEach.call(e.dataTransfer.files, send);
  });
  text.addEventListener("paste", function (e) {
    var files = Array.prototype.filter.call(e.clipboardData.files, function (f) { return /^image\//.test(f.type); });
    if (!files.length) return;
    e.preventDefault();
    files.forEach(send);
  });
})();
