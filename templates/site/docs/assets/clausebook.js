// Sorting and filtering for tables that ask for it. Without this script they are plain tables.
// Below it: the words of unchanged clauses in redlines.
(function () {
  "use strict";

  function text(row, column) {
    var named = row.cells[column].querySelector("[data-cb-value]");
    return named ? named.getAttribute("data-cb-value") : row.cells[column].textContent.trim().replace(/\s+/g, " ");
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

// A redline's page names the words of its unchanged clauses; they stand once for all redlines, in one file.
(function () {
  "use strict";

  var box = document.querySelector("[data-cb-from]");
  var folds = box ? Array.prototype.slice.call(box.querySelectorAll("details.fold")) : [];
  var words = null;

  function load() {
    words = words || fetch(box.getAttribute("data-cb-from")).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    });
    return words;
  }

  // Gives a promise that is kept when the fold holds its words.
  function fill(fold) {
    var place = fold.querySelector("[data-cb-texts]");
    if (!place) { return Promise.resolve(); }
    return load().then(function (texts) {
      var html = place.getAttribute("data-cb-texts").split(" ").map(function (name) {
        if (!(name in texts)) { throw new Error(name); }
        return texts[name];
      }).join("");
      if (place.parentNode) { place.outerHTML = html; }
    }).catch(function () {
      words = null;
      place.querySelector(".redline-wait").textContent =
        "The words of these clauses could not be loaded. They are the same in both texts. Shut this and open it to try again.";
    });
  }

  // The way to an anchor may lead into a fold.
  function arrive() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var fold = target && target.closest("details.fold");
    if (!fold) { return; }
    fold.open = true;
    fill(fold).then(function () {
      var there = document.getElementById(target.id);
      if (there) { there.scrollIntoView(); }
    });
  }

  if (!folds.length) { return; }
  folds.forEach(function (fold) {
    fold.addEventListener("toggle", function () { if (fold.open) { fill(fold); } });
  });
  var all = document.createElement("button");
  all.type = "button";
  all.className = "cb-unfold";
  all.setAttribute("aria-pressed", "false");
  all.textContent = "Show unchanged clauses";
  all.addEventListener("click", function () {
    var open = all.getAttribute("aria-pressed") !== "true";
    folds.forEach(function (fold) { fold.open = open; });
    all.setAttribute("aria-pressed", String(open));
  });
  box.querySelector(".redline-key").after(all);
  window.addEventListener("hashchange", arrive);
  arrive();
})();
