"use strict";
// Comfort only: the pages work without it.
const bar = document.getElementById("bar");
if (bar) {
  const stage = document.getElementById("stage");
  const look = async () => {
    try {
      const state = await (await fetch(bar.dataset.state)).json();
      if (state.total) { bar.max = state.total; bar.value = state.done ? state.total : state.steps; } else { bar.removeAttribute("value"); }
      if (state.done) { location.reload(); return; }
      stage.textContent = `${state.stage} : ${state.steps}${state.total ? ` sur ${state.total}` : ""}`;
    } catch { stage.textContent = "Le programme s’est arrêté ; ce qu’il a écrit est entier."; return; }
    setTimeout(look, 400);
  };
  look();
}
const search = document.querySelector("[data-search]");
if (search) {
  const list = document.getElementById(search.getAttribute("list"));
  const offered = new Map();
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    const chosen = offered.get(search.value);
    for (const name of chosen ? ["nom", "code_insee", "siret", "forme"] : []) {
      const field = search.form.elements[name];
      if (field) { field.value = chosen[name] ?? ""; }
    }
    if (chosen || search.value.length < 2) { return; }
    waiting = setTimeout(async () => {
      const found = await (await fetch(`${search.dataset.search}?q=${encodeURIComponent(search.value)}`)).json();
      for (const one of found) { offered.set(`${one.nom} (${one.detail})`, one.fields); }
      list.replaceChildren(...found.map((one) => new Option("", `${one.nom} (${one.detail})`)));
    }, 200);
  });
}
