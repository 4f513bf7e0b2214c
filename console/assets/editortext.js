// The editor's text: the buttons of the toolbar, and what is pasted from Word, WPS and web pages.
(function () {
  "use strict";
  var form = document.getElementById("form-editor"), text = document.getElementById("editor-markdown"), status = document.getElementById("editor-status");
  if (!form || !text) return;

  // type replaces the selection in such a way that Ctrl+Z takes it back.
  function type(what) {
    text.focus();
    if (!document.execCommand("insertText", false, what)) {
      text.setRangeText(what, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  function selected() { return text.value.slice(text.selectionStart, text.selectionEnd); }
  // wholeLines widens the selection to whole lines.
  function wholeLines() {
    var from = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1, to = text.value.indexOf("\n", text.selectionEnd);
    text.setSelectionRange(from, to < 0 ? text.value.length : to);
    return selected();
  }
  function block(what) {
    var before = text.value.slice(0, text.selectionStart);
    var lead = !before || /\n\n$/.test(before) ? "" : /\n$/.test(before) ? "\n" : "\n\n";
    type(lead + what + (/^\n/.test(text.value.slice(text.selectionEnd)) ? "\n" : "\n\n"));
  }
  function eachLine(mark) {
    var n = 0;
    var lines = wholeLines().split("\n").map(function (l) {
      l = l.replace(/^(#{1,6} |[-*] |\d+\. |> )/, "");
      return (typeof mark === "function" ? mark(++n) : mark) + l;
    });
    type(lines.join("\n"));
  }
  var tools = {
    h2: function () { eachLine("## "); },
    ul: function () { eachLine("- "); },
    ol: function () { eachLine(function (n) { return n + ". "; }); },
    quote: function () { eachLine("> "); },
    bold: function () {
      var words = selected() || "重点";
      type(/^\*\*[^]*\*\*$/.test(words) ? words.slice(2, -2) : "**" + words + "**");
    },
    link: function () {
      var words = selected() || "文字", at = text.selectionStart;
      type("[" + words + "](https://)");
      text.setSelectionRange(at + words.length + 3, at + words.length + 11);
    },
    table: function () { block("| 项目 | 内容 |\n| --- | --- |\n| 　 | 　 |"); },
    hr: function () { block("---"); }
  };
  form.addEventListener("click", function (event) {
    var tool = event.target.closest("[data-tool]");
    if (tool) tools[tool.dataset.tool]();
  });
  text.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "b") { event.preventDefault(); tools.bold(); }
  });

  // withoutTitle takes the heading of a whole document for the item's title, and leaves it out of the text, where readers
  // would see it twice.
  function withoutTitle(markdown) {
    var first = /^(?:#{1,2} (.+)|\*\*(.+)\*\*)\n\n/.exec(markdown), title = form.elements.title;
    if (!first) return markdown;
    var words = (first[1] || first[2]).replace(/\*\*/g, "").replace(/\\(.)/g, "$1").trim();
    if (!title.value.trim() && !text.value.trim()) {
      title.value = words;
      title.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return title.value.trim() === words ? markdown.slice(first[0].length) : markdown;
  }

  // Pasting: formatted text is cleaned on the server, with its pictures taken over. Plain text stays plain.
  var rich = /<(p|div|h[1-6]|ul|ol|li|table|img|blockquote|strong|b|em|i|a|span|section)\b/i;
  text.addEventListener("paste", function (event) {
    var data = event.clipboardData, html = data.getData("text/html"), plain = data.getData("text/plain");
    var pictures = Array.prototype.filter.call(data.files, function (f) { return /^image\//.test(f.type); });
    if (pictures.length && !plain.trim()) {
      event.preventDefault();
      form.dispatchEvent(new CustomEvent("editor-pictures", { detail: pictures }));
      return;
    }
    if (!html || !rich.test(html)) return;
    event.preventDefault();
    status.textContent = "正在整理粘贴的内容……";
    fetch("/posts/paste", { method: "POST", body: new URLSearchParams({ html: html }), credentials: "same-origin" })
      .then(function (r) { return r.json(); })
      .then(function (answer) {
        if (answer.problem) throw new Error(answer.problem);
        type(withoutTitle(answer.markdown).replace(/\n$/, ""));
        status.textContent = ["已去掉原来的样式，保留了段落、标题、列表、表格和图片。"].concat(answer.notes || []).join(" ");
      })
      .catch(function (why) {
        type(plain);
        status.textContent = (/[\u4e00-\u9fff]/.test(why.message) ? why.message : "格式没有整理成功。") + "已按纯文字粘贴。";
      });
  });
})();
