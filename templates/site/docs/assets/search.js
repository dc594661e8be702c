// The page of the search. Nothing is loaded before the reader asks; then the parts of the index that hold the words.
(function () {
  "use strict";

  var SHOWN = 8; // Each shown result is a file of 3 to 6 KB.
  var WORDS = 36;
  var HIDDEN = /^[^⟦]*⟦([^⟧]*)⟧/;

  var box = document.querySelector("[data-cb-search]");
  if (!box) { return; }
  var form = box.querySelector("form");
  var asked = box.querySelector("#cb-words");
  var said = box.querySelector("#cb-said");
  var list = box.querySelector(".cb-found");
  var more = box.querySelector(".cb-search-on");
  var choices = box.querySelector(".cb-search-choices");
  var common = words(box.getAttribute("data-cb-common"));
  var phrases = words(box.getAttribute("data-cb-phrases")).map(function (phrase) {
    return { said: new RegExp("(^|\\s)" + phrase.replace(/-/g, "[\\s-]+") + "(?=\\s|$)", "gi"), word: phrase };
  });
  var here = new URL("./", location.href);
  var root = new URL("../", here);
  var engine = null;
  var facets = null;
  var known = {};
  var found = [];
  var number = 0;
  var turn = 0;

  function words(text) { return text.split(/\s+/).filter(Boolean); }

  function json(name) {
    return fetch(new URL(name, here), { cache: "no-cache" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    });
  }

  function index(name) { return new URL(name + "/", here).pathname; }

  // Gives a promise of what searches in all shards.
  function load() {
    engine = engine || json("shards.json").then(function (tags) {
      return import(new URL("site/pagefind.js", here)).then(function (pagefind) {
        var first = pagefind.createInstance({
          basePath: index("site"), baseUrl: "/", noWorker: true, excerptLength: WORDS, metaCacheTag: tags.site,
          indexWeight: 0.05 // Whoever looks for words wants agreements first, then the library.
        });
        return first.init().then(function () {
          return Promise.all(Object.keys(tags).filter(function (name) { return name !== "site"; }).map(function (name) {
            return first.mergeIndex(index(name), { baseUrl: "/", excerptLength: WORDS, metaCacheTag: tags[name] });
          }));
        }).then(function () { return first; });
      });
    }).catch(function (error) { engine = null; throw error; });
    return engine;
  }

  // A question without the words that most sentences have; a phrase that has synonyms is one word, as it is hidden in
  // the index, and a phrase in quotes stays as it is.
  function question(text) {
    var plain = text.replace(/[“”„«»]/g, '"').trim();
    if (/^"[^"]+"$/.test(plain)) { return plain; }
    var all = words(phrases.reduce(function (text, phrase) {
      return text.replace(phrase.said, "$1" + phrase.word);
    }, plain.replace(/"/g, " ")));
    var telling = all.filter(function (word) { return common.indexOf(word.toLowerCase()) < 0; });
    return (telling.length ? telling : all).join(" ");
  }

  function chosen() {
    var filters = {};
    choices.querySelectorAll("[name]").forEach(function (each) {
      if (each.value) { filters[each.name] = each.value; }
    });
    return filters;
  }

  // Gives a promise of what is found in the agreements that are chosen: their sections have a hidden word for each fact.
  function among(pagefind, filters, answer) {
    var names = Object.keys(filters);
    if (!names.length) { return answer.results; }
    var facts = names.map(function (name) { return (known[name] || {})[filters[name]] || "zqnothingq"; });
    return pagefind.search(facts.join(" ")).then(function (theirs) {
      var ids = new Set(theirs.results.map(function (each) { return each.id; }));
      return answer.results.filter(function (each) { return ids.has(each.id); });
    });
  }

  function plain(text) { return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">"); }

  function letters(word) { return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""); }

  // Writes an excerpt into an element, without the heading that it may begin with and without hidden words; what was
  // found by those is marked where the text says it. Gives those, if the text says nothing else that was asked for.
  function excerpt(element, text, heading) {
    var hidden = [];
    var shown = [];
    words(text).forEach(function (word) {
      var marked = word.indexOf("<mark>") === 0;
      var bare = plain(word.replace(/<\/?mark>/g, ""));
      var inside = HIDDEN.exec(bare);
      if (!inside) {
        shown.push({ bare: bare, letters: letters(bare), marked: marked });
      } else if (marked && hidden.indexOf(inside[1]) < 0) {
        hidden.push(inside[1]);
      }
    });
    var first = words(heading).map(letters);
    if (first.every(function (each, at) { return shown[at] && shown[at].letters === each; })) { shown.splice(0, first.length); }
    var also = hidden.filter(function (phrase) {
      var parts = phrase.split("-").map(letters);
      var said = false;
      shown.forEach(function (_, at) {
        if (parts.every(function (part, on) { return shown[at + on] && shown[at + on].letters.indexOf(part) === 0; })) {
          said = true;
          parts.forEach(function (_, on) { shown[at + on].marked = true; });
        }
      });
      return !said;
    });
    var mark = null;
    shown.forEach(function (word, at) {
      if (at && !(mark && word.marked)) { element.append(" "); }
      if (!word.marked) {
        mark = null;
        element.append(word.bare);
      } else if (mark) {
        mark.append(" " + word.bare);
      } else {
        mark = document.createElement("mark");
        mark.append(word.bare);
        element.append(mark);
      }
    });
    element.normalize();
    return element.querySelector("mark") ? [] : also.map(function (phrase) { return phrase.replace(/-/g, " "); });
  }

  function score(part) {
    return part.weighted_locations.reduce(function (sum, each) { return sum + each.balanced_score; }, 0);
  }

  // The clause that the words fit best, of a section.
  function best(section) {
    var parts = section.sub_results.slice().sort(function (one, other) { return score(other) - score(one); });
    return parts[0] || { title: section.meta.title, excerpt: section.excerpt };
  }

  // Where no word begins as one that was asked for, the engine takes the longest that this one begins with, such as "a"
  // for "abacus". Tells whether each word was met by one that is like it.
  function fits(section) {
    var said = section.raw_content.split(/\s+/);
    var met = section.locations.map(function (at) { return bare((HIDDEN.exec(said[at] || "") || [0, said[at] || ""])[1]); });
    return !met.length || words(question(asked.value)).map(bare).every(function (word) {
      var least = Math.min(word.length, Math.max(3, Math.ceil(word.length * 0.4)));
      return met.some(function (other) { return other.indexOf(word.slice(0, least)) >= 0; });
    });
  }

  function bare(word) { return letters(word.normalize("NFD").replace(/\p{M}/gu, "")); }

  function shown(section) {
    var part = best(section);
    var item = document.createElement("li");
    var link = document.createElement("a");
    var name = document.createElement("span");
    var text = document.createElement("p");
    var place = new URL(section.meta.at, root);
    if (part.anchor) { place.hash = part.anchor.id; }
    link.href = place.href;
    link.textContent = part.title || section.meta.title;
    name.className = "cb-found-in";
    name.textContent = section.meta.title;
    var also = excerpt(text, part.excerpt, part.title || "");
    item.append(link);
    if (name.textContent !== link.textContent) { item.append(name); }
    item.append(text);
    if (also.length) {
      var note = document.createElement("p");
      note.className = "cb-note";
      note.textContent = "Says in other words: " + also.join(", ");
      item.append(note);
    }
    return item;
  }

  // Shows the next results; the focus goes to the first of them if the reader asked for more.
  function show(mine, focus) {
    var next = found.splice(0, SHOWN);
    return Promise.all(next.map(function (each) { return each.data(); })).then(function (sections) {
      if (mine !== turn) { return; }
      var fitting = sections.filter(fits);
      // What fits least comes last.
      if (fitting.length < sections.length) { found = []; number = list.children.length + fitting.length; }
      say(number);
      var items = fitting.map(shown);
      list.append.apply(list, items);
      more.hidden = !found.length;
      if (focus && items[0]) { items[0].querySelector("a").focus(); }
    });
  }

  function say(number) {
    said.textContent = number ? (number === 1 ? "1 section" : number.toLocaleString("en") + " sections") + " found"
      : "Nothing has all of these words. Try fewer or other words" + (Object.keys(chosen()).length ? ", or choose among all agreements." : ".");
  }

  function failed(error) {
    said.textContent = location.protocol === "file:"
      ? "Browsers do not let a page on a disk search. Open the site from a web server, or build it with the theme’s own search."
      : "The search could not be loaded. Check the connection, and search again.";
    if (window.console) { console.error(error); }
  }

  function search() {
    var mine = ++turn;
    var text = asked.value.trim();
    var filters = chosen();
    list.replaceChildren();
    more.hidden = true;
    if (!text) { said.textContent = ""; return; }
    said.textContent = "Searching …";
    load().then(function (pagefind) {
      return pagefind.search(question(text)).then(function (answer) { return among(pagefind, filters, answer); });
    }).then(function (results) {
      if (mine !== turn) { return; }
      found = results;
      number = found.length;
      return show(mine, false);
    }).catch(failed);
  }

  // Lists with few values are to be chosen from, long ones to be typed into.
  function choice(name, values) {
    var label = document.createElement("label");
    var field;
    label.append(name);
    if (values.length > 30) {
      field = document.createElement("input");
      var list = document.createElement("datalist");
      list.id = "cb-known-" + name.replace(/\W+/g, "-");
      values.forEach(function (value) { list.append(new Option(value, value)); });
      field.setAttribute("list", list.id);
      label.append(list);
    } else {
      field = document.createElement("select");
      field.add(new Option("Any", ""));
      values.forEach(function (value) { field.add(new Option(value, value)); });
    }
    field.name = name;
    field.addEventListener("change", ask);
    label.append(field);
    return label;
  }

  // Gives a promise of the fields by which agreements are chosen, as the address sets them.
  function narrow() {
    var set = new URL(location.href).searchParams;
    facets = facets || json("facets.json").then(function (all) {
      known = all;
      choices.replaceChildren.apply(choices, Object.keys(all).map(function (name) { return choice(name, Object.keys(all[name])); }));
      choices.querySelectorAll("[name]").forEach(function (each) { each.value = set.get(each.name) || ""; });
    }).catch(function (error) { facets = null; throw error; });
    return facets;
  }

  // What is asked for stands in the address, so that it can be kept, sent, and gone back to.
  function ask() {
    var address = new URL(location.pathname, location.href);
    var filters = chosen();
    address.searchParams.set("q", asked.value);
    Object.keys(filters).forEach(function (name) { address.searchParams.set(name, filters[name]); });
    history.replaceState(null, "", address);
    search();
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    ask();
  });
  more.addEventListener("click", function () { show(turn, true).catch(failed); });
  box.hidden = false;
  var set = new URL(location.href).searchParams;
  var narrowed = Array.from(set.keys()).some(function (name) { return name !== "q"; });
  var details = box.querySelector("details");
  asked.value = set.get("q") || "";
  details.open = narrowed;
  details.addEventListener("toggle", function () { narrow().catch(failed); });
  if (asked.value) { (narrowed ? narrow() : Promise.resolve()).then(search, failed); } else { asked.focus(); }
})();
