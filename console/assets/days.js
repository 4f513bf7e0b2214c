// Dates are typed as 2026-11-27 and times as 2026-11-27 15:30, whatever language the browser speaks. Beside the field the day is
// repeated in Chinese, and a button opens the browser's own calendar. Without this script the field is a plain line of text.
(function () {
  "use strict";

  // tell asks the server, which alone knows the days off, and writes its answer beside the field.
  function tell(input, says, tidy) {
    var text = input.value.trim();
    if (!text) { show(input, says, "", false); return; }
    var address = "/calendar/day?on=" + encodeURIComponent(text) + (input.dataset.day === "moment" ? "&clock=1" : "");
    fetch(address, { credentials: "same-origin" }).then(function (r) { return r.ok ? r.json() : { says: "" }; }).then(function (answer) {
      if (input.value.trim() !== text) return; // typed on since
      show(input, says, answer.says, answer.wrong);
      if (tidy && answer.value) input.value = answer.value;
    }).catch(function () { show(input, says, "", false); });
  }

  function show(input, says, text, wrong) {
    says.textContent = text;
    says.className = wrong ? "wrong" : "";
    input.setAttribute("aria-invalid", wrong ? "true" : "");
    if (!wrong) input.removeAttribute("aria-invalid");
    input.setCustomValidity(wrong ? text : "");
  }

  // addCalendar puts a button beside the field that opens the browser's calendar, where it has one to open.
  function addCalendar(input, changed) {
    var picker = document.createElement("input");
    if (!picker.showPicker) return;
    picker.type = input.dataset.day === "moment" ? "datetime-local" : "date";
    picker.tabIndex = -1;
    picker.className = "day-picker";
    picker.setAttribute("aria-label", "日历");
    picker.setAttribute("aria-hidden", "true");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "secondary small";
    button.textContent = "选日期";
    var label = input.id && document.querySelector("label[for=\"" + input.id + "\"]");
    if (label) button.setAttribute("aria-label", "选日期：" + label.firstChild.textContent.trim());
    button.addEventListener("click", function () {
      picker.value = input.value.trim().replace(" ", "T");
      picker.showPicker();
    });
    picker.addEventListener("input", function (event) {
      event.stopPropagation();
      if (!picker.value) return;
      input.value = picker.value.replace("T", " ");
      changed();
    });
    input.after(button, picker);
  }

  function furnish(input) {
    if (input.dataset.furnished) return;
    input.dataset.furnished = "yes";
    var says = document.createElement("output"), wait;
    says.setAttribute("for", input.id);
    input.after(says);
    addCalendar(input, function () { tell(input, says, false); });
    input.addEventListener("input", function () {
      clearTimeout(wait);
      wait = setTimeout(function () { tell(input, says, false); }, 300);
    });
    input.addEventListener("change", function () { tell(input, says, true); });
    // In a long list of dates each is told when somebody comes to it.
    if (input.closest(".moves")) input.addEventListener("focus", function () { tell(input, says, false); });
    else tell(input, says, false);
  }

  function furnishAll() { document.querySelectorAll("input[data-day]").forEach(furnish); }
  document.addEventListener("swapped", furnishAll);
  furnishAll();
})();
