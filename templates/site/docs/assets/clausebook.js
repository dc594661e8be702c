// A redline's page names the words of its unchanged clauses; they stand once for all redlines, in one file.
(function () {
  "use strict";

  var box = document.querySelector("[data-cb-from]");
  var folds = box ? Array.prototype.slice.call(box.querySelectorAll("details.fold")) : [];
  var words = null;

  function load() {
    words = words || (location.protocol === "file:" ? fromDisk() : fetch(box.getAttribute("data-cb-from")).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    }));
    return words;
  }

  // From a disk a browser loads scripts alone; in a site made for it the same words stand in one.
  function fromDisk() {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = box.getAttribute("data-cb-from").replace(/\.json$/, ".js");
      script.onload = function () { done(window.cbUnchanged); };
      script.onerror = failed;
      document.head.append(script);
    });
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
      if (place.parentNode) {
        place.outerHTML = html;
        document.dispatchEvent(new Event("cb-filled"));
      }
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
