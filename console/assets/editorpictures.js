// The editor's pictures: by button, drop, paste and address; the cover and its crop; the pictures of a picture message.
(function () {
  "use strict";
  var form = document.getElementById("form-editor"), text = document.getElementById("editor-markdown");
  if (!form || !text) return;
  var status = document.getElementById("editor-status"), gallery = document.getElementById("gallery");
  function changed() { form.dispatchEvent(new Event("editor-changed")); }
  function inGallery() { return document.getElementById("kind-newspic").checked; }
  function post(path, body) { return fetch(path, { method: "POST", body: body, credentials: "same-origin" }).then(function (r) { return r.json(); }); }

  function insert(markdown) {
    var at = text.selectionStart, before = text.value.slice(0, at), after = text.value.slice(text.selectionEnd);
    var block = (before && !/\n\n$/.test(before) ? (/\n$/.test(before) ? "\n" : "\n\n") : "") + markdown + "\n\n";
    text.value = before + block + after.replace(/^\n+/, "");
    text.selectionStart = text.selectionEnd = before.length + block.length;
    text.focus();
  }
  // add puts a picture where it belongs.
  function add(answer) {
    if (inGallery()) { hang(answer.id); } else { insert(answer.markdown); offer(answer.id, false); }
    status.textContent = "图片已插入。";
    changed();
  }
  function upload(file, done) {
    if (!/^image\//.test(file.type)) { status.textContent = "这不是图片：" + file.name; return; }
    var body = new FormData();
    body.append("picture", file);
    status.textContent = "正在上传图片……";
    post("/files", body)
      .then(function (answer) { if (answer.problem) status.textContent = answer.problem; else done(answer); })
      .catch(function () { status.textContent = "图片没有传上去，请重试。"; });
  }
  function uploadAll(files) { Array.prototype.forEach.call(files, function (f) { upload(f, add); }); }

  var pick = document.getElementById("picture-file");
  pick.addEventListener("change", function () { uploadAll(pick.files); pick.value = ""; });
  document.getElementById("picture-button").addEventListener("click", function () { pick.click(); });
  form.addEventListener("editor-pictures", function (e) { uploadAll(e.detail); });
  text.addEventListener("dragover", function (e) { e.preventDefault(); text.classList.add("drop"); });
  text.addEventListener("dragleave", function () { text.classList.remove("drop"); });
  text.addEventListener("drop", function (e) {
    text.classList.remove("drop");
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    uploadAll(e.dataTransfer.files);
  });

  // From the web.
  var web = document.getElementById("web-picture"), address = document.getElementById("web-address"), said = document.getElementById("web-said");
  document.getElementById("picture-web").addEventListener("click", function () { said.textContent = ""; web.showModal(); address.focus(); });
  web.querySelector("form").addEventListener("submit", function (e) {
    if (e.submitter && e.submitter.value === "cancel") return;
    e.preventDefault();
    said.textContent = "正在取图片……";
    post("/files/fetch", new URLSearchParams({ address: address.value }))
      .then(function (answer) {
        if (answer.problem) { said.textContent = answer.problem; return; }
        address.value = "";
        web.close();
        add(answer);
      })
      .catch(function () { said.textContent = "没有取到，请重试，或者下载后上传。"; });
  });

  // The pictures of a picture message.
  function hang(id) {
    var li = document.createElement("li"), img = document.createElement("img"), label = document.createElement("label"), use = document.createElement("input");
    img.src = "/files/" + id; img.alt = "";
    use.type = "checkbox"; use.name = "gallery"; use.value = id; use.checked = true;
    label.append(use, " 使用");
    li.append(img, label);
    gallery.append(li);
    movable(li);
  }
  function button(say, title, act) {
    var b = document.createElement("button");
    b.type = "button"; b.className = "small secondary"; b.textContent = say; b.setAttribute("aria-label", title);
    b.addEventListener("click", function () { act(); changed(); });
    return b;
  }
  function movable(li) {
    li.append(
      button("←", "往前移", function () { if (li.previousElementSibling) gallery.insertBefore(li, li.previousElementSibling); }),
      button("→", "往后移", function () { if (li.nextElementSibling) gallery.insertBefore(li.nextElementSibling, li); }),
      button("删", "去掉这张图片", function () { li.remove(); }));
    document.getElementById("gallery-empty").hidden = true;
  }
  Array.prototype.forEach.call(gallery.children, movable);

  // The cover.
  var list = document.getElementById("editor-cover"), shown = document.getElementById("cover-picture"), cropButton = document.getElementById("cover-crop");
  // offer puts a picture on the list of covers, and takes it when there is none yet or it was made to be one.
  function offer(id, take, name) {
    if (!list.querySelector("option[value=\"" + id + "\"]")) {
      var o = document.createElement("option");
      o.value = id; o.textContent = name || "图片 " + list.options.length;
      list.append(o);
    }
    if (take || !list.value) list.value = id;
    picture();
  }
  function picture() {
    shown.hidden = cropButton.hidden = !list.value;
    if (list.value) shown.src = "/files/" + list.value;
  }
  list.addEventListener("change", picture);
  picture();
  var coverFile = document.getElementById("cover-file");
  document.getElementById("cover-upload").addEventListener("click", function () { coverFile.click(); });
  coverFile.addEventListener("change", function () {
    if (coverFile.files.length) upload(coverFile.files[0], function (answer) { offer(answer.id, true, "另传的封面"); status.textContent = "封面已上传，可以裁剪。"; changed(); });
    coverFile.value = "";
  });

  // Cropping: a frame over the picture, in the shape in which the platform shows the cover: 2.35 to 1, or square for the second and
  // further articles of one send and for cards that people forward.
  var shape = 2.35, dialog = document.getElementById("crop"), img = document.getElementById("crop-picture"), box = document.getElementById("crop-frame"), size = document.getElementById("crop-size");
  var cropSaid = document.getElementById("crop-said"), at = { x: 0, y: 0, w: 0, h: 0 }; // in pixels on the screen
  function widest() { return Math.min(img.clientWidth, img.clientHeight * shape); }
  function place(x, y) {
    at.w = widest() * size.value / 100; at.h = at.w / shape;
    at.x = Math.max(0, Math.min(x, img.clientWidth - at.w)); at.y = Math.max(0, Math.min(y, img.clientHeight - at.h));
    box.style.left = at.x + "px"; box.style.top = at.y + "px"; box.style.width = at.w + "px"; box.style.height = at.h + "px";
  }
  function centre() { place((img.clientWidth - widest()) / 2, (img.clientHeight - widest() / shape) / 2); }
  document.querySelectorAll("[name=crop-shape]").forEach(function (radio) {
    radio.addEventListener("change", function () { shape = Number(radio.value); size.value = 100; centre(); });
  });
  cropButton.addEventListener("click", function () {
    cropSaid.textContent = "";
    size.value = 100;
    img.onload = centre;
    img.src = "";
    dialog.showModal();
    img.src = "/files/" + list.value;
  });
  size.addEventListener("input", function () {
    var cx = at.x + at.w / 2, cy = at.y + at.h / 2, w = widest() * size.value / 100;
    place(cx - w / 2, cy - w / shape / 2);
  });
  box.addEventListener("pointerdown", function (e) {
    var dx = e.clientX - at.x, dy = e.clientY - at.y;
    e.preventDefault();
    box.focus();
    box.setPointerCapture(e.pointerId);
    box.onpointermove = function (m) { place(m.clientX - dx, m.clientY - dy); };
    box.onpointerup = box.onpointercancel = function () { box.onpointermove = null; };
  });
  box.addEventListener("keydown", function (e) {
    var step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[e.key];
    if (step) { e.preventDefault(); place(at.x + step[0], at.y + step[1]); }
  });
  document.getElementById("crop-cancel").addEventListener("click", function () { dialog.close(); });
  document.getElementById("crop-done").addEventListener("click", function () {
    var scale = img.naturalWidth / img.clientWidth;
    var body = new URLSearchParams({ id: list.value, x: Math.round(at.x * scale), y: Math.round(at.y * scale), width: Math.floor(at.w * scale), height: Math.floor(at.h * scale) });
    post("/files/crop", body)
      .then(function (answer) {
        if (answer.problem) { cropSaid.textContent = answer.problem; return; }
        dialog.close();
        offer(answer.id, true, "裁剪后的封面");
        changed();
      })
      .catch(function () { cropSaid.textContent = "没有成功，请重试。"; });
  });
})();
