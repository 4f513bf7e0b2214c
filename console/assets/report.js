// The editor of the annual report: a figure goes where the cursor was, and leaving with unsaved words is asked about.
(function () {
  "use strict";
  var form = document.getElementById("form-report");
  if (!form) return;
  var last = form.querySelector("textarea"), dirty = !!document.getElementById("problem");
  form.addEventListener("focusin", function (event) {
    if (event.target.matches("textarea")) last = event.target;
  });
  form.addEventListener("click", function (event) {
    var button = event.target.closest("[data-insert]");
    if (!button || !last) return;
    last.setRangeText(button.dataset.insert, last.selectionStart, last.selectionEnd, "end");
    last.focus();
    dirty = true;
  });
  form.addEventListener("input", function () { dirty = true; });
  form.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.formTarget) {
      document.getElementById("reading").scrollIntoView({ block: "start" });
      return;
    }
    dirty = false;
  });
  window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
})();
