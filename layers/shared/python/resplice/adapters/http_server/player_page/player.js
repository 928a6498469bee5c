// What the page does: each event says all that there is to show.
"use strict";

const at = (id) => document.getElementById(id);
const film = at("film");
let shown = "";
let wanted = null; // The place and state that a film which is not there yet is to have.

const listed = (list, rows) => list.replaceChildren(...rows.map((row) => {
  const item = document.createElement("li");
  item.append(...row);
  return item;
}));

const code = (text) => Object.assign(document.createElement("code"), { textContent: text });

function put(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text; // Or it would be read out again.
}

function show(source) {
  shown = source;
  wanted ??= { time: film.currentTime, plays: !film.paused };
  film.src = source;
}

film.addEventListener("loadedmetadata", () => {
  if (!wanted) return;
  film.currentTime = Math.min(wanted.time, film.duration);
  if (wanted.plays) film.play().catch(() => {});
  wanted = null;
});

function tell(told) {
  document.title = `${told.renders ? "… " : told.problems.length ? "✗ " : ""}${told.name}`;
  put("line", told.line);
  at("progress").hidden = !told.renders;
  if (told.done === null) at("progress").removeAttribute("value");
  else at("progress").value = told.done;
  const problems = told.problems.map(({ path, message }) => path ? [code(path), `: ${message}`] : [message]);
  const said = problems.map((row) => row.map((part) => part.textContent ?? part).join("")).join("\n");
  if (at("problems").dataset.said !== said) {
    at("problems").dataset.said = said;
    listed(at("problems"), problems);
  }
  at("wrong").hidden = problems.length === 0;
  listed(at("warnings"), told.warnings.map((warning) => [`warning: ${warning}`]));
  if (told.film && told.film !== shown) show(told.film);
}

const changes = new EventSource("changes");
changes.addEventListener("message", (event) => tell(JSON.parse(event.data)));
changes.addEventListener("error", () => put("line", "resplice watch has ended, or cannot be reached"));
