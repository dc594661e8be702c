// Tables to sort and narrow, and marks of what is due. Without this script they are plain tables, in order.
// What a reader asks for stands in the address, after the ?: the address leads there again.
(function () {
  "use strict";

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  function text(row, column) {
    var cell = row.cells[column];
    var named = cell.hasAttribute("data-cb-value") ? cell : cell.querySelector("[data-cb-value]");
    return named ? named.getAttribute("data-cb-value") : cell.textContent.trim().replace(/\s+/g, " ");
  }

  // Makes heads of columns into buttons; gives what sorts by the name of a column, with "-" before it downwards.
  function sortable(table, changed) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var body = table.tBodies[0];
    var first = Array.prototype.slice.call(body.rows);
    var names = heads.map(function (head) { return head.textContent.trim(); });

    function sort(wanted) {
      var down = wanted.charAt(0) === "-";
      var column = names.indexOf(down ? wanted.slice(1) : wanted);
      var rows = first.slice();
      heads.forEach(function (head) { head.removeAttribute("aria-sort"); });
      if (column >= 0) {
        heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort(function (a, b) {
          var order = text(a, column).localeCompare(text(b, column), document.documentElement.lang, { numeric: true });
          return down ? -order : order;
        });
      }
      rows.forEach(function (row) { body.appendChild(row); });
    }

    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "cb-sort";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", function () {
        var wanted = (head.getAttribute("aria-sort") === "ascending" ? "-" : "") + names[column];
        sort(wanted);
        changed(wanted);
      });
    });
    return sort;
  }

  function fits(row, control) {
    var found = /^(.*?)(-from|-to|-least)?$/.exec(control.name);
    var has = row.getAttribute("data-cb-" + found[1]);
    if (control.name === "words") {
      var said = row.textContent.toLowerCase();
      return control.value.toLowerCase().split(/\s+/).every(function (word) { return said.indexOf(word) >= 0; });
    }
    if (has === null) { return false; }
    if (found[2] === "-from") { return has >= control.value; }
    if (found[2] === "-to") { return has <= control.value; }
    if (found[2] === "-least") { return Number(has) >= Number(control.value); }
    return has.split(" ").indexOf(control.selectedOptions[0].getAttribute("data-cb-at")) >= 0;
  }

  function narrowing(form) {
    var table = document.getElementById(form.getAttribute("data-cb-narrows"));
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var box = table.closest(".cb-scroll") || table;
    var nothing = document.querySelector('[data-cb-nothing="' + table.id + '"]');
    var controls = all("input, select", form);
    var order = "";
    var sort = sortable(table, function (wanted) { order = wanted; keep(); });

    function apply() {
      var asked = controls.filter(function (control) { return control.value; });
      var shown = 0;
      rows.forEach(function (row) {
        row.hidden = !asked.every(function (control) { return fits(row, control); });
        shown += row.hidden ? 0 : 1;
      });
      form.querySelector("[role=status]").textContent = shown + " of " + rows.length;
      form.querySelector("button").hidden = !asked.length;
      box.hidden = !shown;
      if (nothing) { nothing.hidden = shown > 0; }
    }

    function keep() {
      var said = new URLSearchParams();
      controls.forEach(function (control) { if (control.value) { said.set(control.name, control.value); } });
      if (order) { said.set("sort", order); }
      // A page that was opened from a disk may not change its address.
      if (location.protocol === "file:") { return; }
      var asked = said.toString();
      history.replaceState(null, "", location.pathname + (asked ? "?" + asked : "") + location.hash);
    }

    function read() {
      var said = new URLSearchParams(location.search);
      controls.forEach(function (control) { control.value = said.get(control.name) || ""; });
      order = said.get("sort") || "";
      sort(order);
      apply();
    }

    form.addEventListener("input", function () { apply(); keep(); });
    form.querySelector("button").addEventListener("click", function () {
      controls.forEach(function (control) { control.value = ""; });
      order = "";
      sort(order);
      apply();
      keep();
    });
    form.hidden = false;
    read();
  }

  // A table that is wider than its box is read as rows: the head of its column stands beside each cell.
  function named(table) {
    var heads = all("thead th", table).map(function (head) { return head.textContent.trim(); });
    all("tbody tr", table).forEach(function (row) {
      Array.prototype.forEach.call(row.cells, function (cell, column) {
        if (cell.tagName !== "TD" || cell.colSpan > 1 || cell.hasAttribute("data-cb-title")) { return; }
        // What stands beside the head is one thing, whatever it is made of.
        var box = document.createElement("div");
        box.append.apply(box, Array.prototype.slice.call(cell.childNodes));
        cell.append(box);
        cell.setAttribute("data-cb-title", heads[column]);
      });
    });
  }

  function stacked(box, wide) {
    box.classList.toggle("cb-stacked", wide);
    if (wide) { named(box.querySelector("table")); }
  }

  var printing = false;

  function fitting(box) {
    if (printing) { return; }
    box.classList.remove("cb-stacked");
    stacked(box, box.clientWidth > 0 && box.scrollWidth > box.clientWidth);
  }

  // On paper tables are as wide as the sheet, and those of many columns are read as rows.
  var MOST_COLUMNS_ON_PAPER = 10;

  function onPaper(now) {
    printing = now;
    all(".cb-scroll, section.table").forEach(function (box) {
      if (!now) { fitting(box); return; }
      var table = box.querySelector("table");
      stacked(box, box.matches(".cb-scroll") && table.querySelectorAll("thead th").length > MOST_COLUMNS_ON_PAPER);
    });
  }

  window.addEventListener("beforeprint", function () { onPaper(true); });
  window.addEventListener("afterprint", function () { onPaper(false); });

  var widths = new Map();
  var resized = new ResizeObserver(function (found) {
    found.forEach(function (each) {
      var width = each.contentRect.width;
      if (widths.get(each.target) === width) { return; }
      widths.set(each.target, width);
      fitting(each.target);
    });
  });

  function watch() {
    all(".cb-scroll, section.table").forEach(function (box) { resized.observe(box); });
  }

  watch();
  // The words of a redline's folds come when somebody opens one.
  document.addEventListener("cb-filled", watch);

  all("[data-cb-narrows]").forEach(narrowing);

  // Marks what is due, by the day on which somebody reads: pages are built without a clock.
  function marking() {
    var now = new Date();
    var today = [now.getFullYear(), ("0" + (now.getMonth() + 1)).slice(-2), ("0" + now.getDate()).slice(-2)].join("-");
    var midnight = Date.parse(today);
    all("[data-cb-due]").forEach(function (row) {
      var left = Math.round((Date.parse(row.getAttribute("data-cb-due")) - midnight) / 86400000);
      var place = row.querySelector("time");
      if (!place || isNaN(left)) { return; }
      row.classList.add(left < 0 ? "cb-past" : left <= 30 ? "cb-soon" : "cb-later");
      if (!row.hasAttribute("data-cb-open") && left < 0 || left > 90) { return; }
      var said = document.createElement("span");
      said.className = "cb-chip " + (left < 0 ? "cb-error" : left <= 30 ? "cb-warning" : "cb-neutral");
      said.textContent = left < 0 ? "Overdue" : left === 0 ? "Today" : left === 1 ? "Tomorrow" : "In " + left + " days";
      place.after(" ", said);
    });
    all("[data-cb-month]").forEach(function (month) {
      if (month.getAttribute("data-cb-month") === today.slice(0, 7)) { month.setAttribute("aria-current", "date"); }
    });
  }

  marking();
})();
