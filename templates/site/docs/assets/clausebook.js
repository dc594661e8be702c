// Sorting and filtering for tables that ask for it. Without this script they are plain tables.
(function () {
  "use strict";

  function text(row, column) {
    return row.cells[column].textContent.trim().replace(/\s+/g, " ");
  }

  function sortable(table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var body = table.tBodies[0];
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "cb-sort";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        Array.prototype.slice.call(body.rows)
          .sort(function (a, b) {
            var order = text(a, column).localeCompare(text(b, column), document.documentElement.lang, { numeric: true });
            return down ? -order : order;
          })
          .forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  function filterable(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var bar = document.createElement("div");
    var words = document.createElement("input");
    var count = document.createElement("span");
    var choices = [];

    function apply() {
      var wanted = words.value.toLowerCase().split(/\s+/);
      var shown = 0;
      rows.forEach(function (row) {
        var said = row.textContent.toLowerCase();
        row.hidden = !wanted.every(function (word) { return said.indexOf(word) >= 0; }) ||
          !choices.every(function (choice) { return !choice.select.value || text(row, choice.column) === choice.select.value; });
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = shown + " of " + rows.length;
    }

    words.type = "search";
    words.placeholder = "Filter by any word";
    words.setAttribute("aria-label", "Filter the table");
    words.addEventListener("input", apply);
    bar.className = "cb-filter";
    bar.appendChild(words);
    table.getAttribute("data-cb-table").split(" ").forEach(function (name) {
      var column = heads.findIndex(function (head) { return head.textContent.trim() === name; });
      if (column < 0) { return; }
      var select = document.createElement("select");
      var values = rows.map(function (row) { return text(row, column); });
      select.setAttribute("aria-label", name);
      select.add(new Option("Any " + name.toLowerCase(), ""));
      values.filter(function (value, at) { return values.indexOf(value) === at; }).sort().forEach(function (value) {
        select.add(new Option(value, value));
      });
      select.addEventListener("change", apply);
      choices.push({ column: column, select: select });
      bar.appendChild(select);
    });
    count.className = "cb-note";
    count.setAttribute("role", "status");
    bar.appendChild(count);
    table.parentNode.parentNode.insertBefore(bar, table.parentNode);
    apply();
  }

  document.querySelectorAll("table[data-cb-table]").forEach(function (table) {
    filterable(table);
    sortable(table);
  });
})();
