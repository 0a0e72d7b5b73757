// The page is drawn on the server. This brings it up to date when something happened, sends what people do
// without leaving the page, asks again where a button wants it, and offers words while one types.
"use strict";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

// What happened: parts that differ from what the server drew last are replaced.

const drawn = new Map();
const versionOf = (part) => part.dataset.version ?? part.innerHTML;
$$("[data-live]").forEach((part) => drawn.set(part.id, versionOf(part)));

let fetching = false;
let again = false;

async function refresh() {
  if (fetching) { again = true; return; }
  fetching = true;
  try {
    const answer = await fetch(location.pathname + location.search);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of $$("[data-live]")) {
      const now = fresh.getElementById(part.id);
      if (now && versionOf(now) !== drawn.get(part.id)) replace(part, now);
    }
  } finally {
    fetching = false;
    if (again) { again = false; refresh(); }
  }
}

function replace(part, now) {
  drawn.set(part.id, versionOf(now));
  const keys = new Set($$("[data-key]", part).map((each) => each.dataset.key));
  const toggled = new Map($$("details[data-key]", part).map((each) => [each.dataset.key, each.open]));
  const changes = (within) => new Map($$("details.table", within).map((each) => [each.dataset.key, Boolean($(".tag.changed", each))]));
  const before = changes(part);
  const after = changes(now);
  const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 80;
  part.innerHTML = now.innerHTML;
  for (const each of $$("details[data-key]", part)) {
    const key = each.dataset.key;
    if (toggled.has(key) && (before.get(key) || !after.get(key))) each.open = toggled.get(key);
  }
  if ("flash" in part.dataset) {
    $$("tr[data-key]", part).filter((each) => !keys.has(each.dataset.key)).forEach((each) => each.classList.add("flash"));
  }
  if ("scroll" in part.dataset && atEnd) part.scrollTop = part.scrollHeight;
  if (part.id === "modal") showModal();
}

new EventSource("/events").onmessage = refresh;

const said = $("#said");
const target = location.hash && document.getElementById(location.hash.slice(1));
if (target) target.scrollIntoView({ block: "center" });
else said.scrollTop = said.scrollHeight;

// What people do.

async function send(address, form) {
  const answer = await fetch(address, { method: "POST", body: form, headers: { "X-Requested-With": "page" } });
  if (answer.status === 409) refresh();
  return answer;
}

function confirmed(button) {
  const { title, text, confirm, deny, style } = JSON.parse(button.dataset.confirm);
  const dialog = $("#confirm");
  const [no, yes] = $$("button", dialog);
  $("h2", dialog).textContent = title.text;
  $("p", dialog).textContent = text.text;
  no.textContent = deny.text;
  yes.textContent = confirm.text;
  yes.className = `button ${style === "danger" ? "danger" : "primary"}`;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!("do" in form.dataset)) return;
  event.preventDefault();
  const button = event.submitter;
  const address = button?.getAttribute("formaction") ?? form.action;
  const fields = new FormData(form, button);
  if (button?.dataset.confirm && !(await confirmed(button))) return;
  if ("composer" in form.dataset) { form.elements.text.value = ""; offer([]); }
  if (button) button.disabled = true;
  try { await send(address, fields); } finally { if (button) button.disabled = false; }
});

function choose(field) {
  const form = field.form;
  const chosen = new FormData();
  for (const name of ["as", "in", "ts", "view"]) if (form.elements[name]) chosen.set(name, form.elements[name].value);
  chosen.set("action", field.dataset.action);
  chosen.set("block", field.dataset.block);
  chosen.set("kind", field.dataset.kind);
  new FormData(form).getAll(field.name).forEach((value) => chosen.append("value", value));
  return send(field.dataset.choose, chosen);
}

document.addEventListener("change", (event) => { if (event.target.dataset.choose) choose(event.target); });

function showModal() {
  const dialog = $("#modal dialog");
  if (!dialog) return;
  dialog.removeAttribute("open");
  dialog.showModal();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    send("/do/close", new FormData($("form", dialog)));
  });
  // Enter sends the form; the first button of a form would close it.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.defaultPrevented) return;
    event.preventDefault();
    $("form", dialog).requestSubmit($("[data-default]", dialog));
  });
}
showModal();

// Words that are offered while one types.

const { commands, names } = JSON.parse($("#offers").textContent);
const composer = $("[data-composer]");
const field = composer?.elements.text;
const list = $("#offers-list");

function show(where, offers, take) {
  where.replaceChildren(...offers.slice(0, 12).map((each, index) => {
    const item = document.createElement("li");
    const more = document.createElement("small");
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(index === 0));
    more.textContent = each.more ?? "";
    item.append(each.word, more);
    item.addEventListener("mousedown", (event) => { event.preventDefault(); take(each); });
    item.offer = each;
    return item;
  }));
  where.hidden = !offers.length;
}

function move(where, event, take) {
  const items = $$("li", where);
  if (where.hidden || !items.length) return false;
  const at = items.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const next = (at + step + items.length) % items.length;
    items.forEach((each, index) => each.setAttribute("aria-selected", String(index === next)));
    items[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Tab") take(items[at].offer);
  else if (event.key === "Escape") where.hidden = true;
  else return false;
  event.preventDefault();
  return true;
}

function offer(offers) { if (list) show(list, offers, complete); }

function complete(each) {
  field.value = each.line;
  field.focus();
  look();
}

function look() {
  const typed = field.value;
  if (!typed.startsWith("/")) return offer([]);
  if ("/infra".startsWith(typed)) return offer([{ word: "/infra", line: "/infra ", more: "ask the bot" }]);
  if (!typed.startsWith("/infra ")) return offer([]);
  const line = typed.slice("/infra ".length).trimStart();
  const said = commands.filter((each) => line.toLowerCase().startsWith(`${each.line} `)).sort((a, b) => b.line.length - a.line.length)[0];
  const words = commands.filter((each) => each.line.startsWith(line.toLowerCase()) && each.line !== line);
  if (!said || words.length) return offer(words.map((each) => ({ word: each.usage, line: `/infra ${each.line} `, more: each.summary })));
  const rest = line.slice(said.line.length).trimStart().split(/\s+/);
  const last = rest.at(-1);
  const known = names[said.takes[rest.length - 1]] ?? [];
  offer(known
    .filter((name) => name.toLowerCase().startsWith(last.toLowerCase()) && name !== last)
    .map((name) => ({ word: name, line: `${typed.slice(0, typed.length - last.length)}${name} `, more: said.takes[rest.length - 1] })));
}

if (field) {
  if (matchMedia("(min-width: 901px)").matches) field.focus(); // on a phone a keyboard would cover the page
  field.addEventListener("input", look);
  field.addEventListener("blur", () => offer([]));
  field.addEventListener("keydown", (event) => move(list, event, complete));
}

document.addEventListener("click", (event) => {
  const line = event.target.dataset?.type;
  if (line && field) { field.value = line; field.focus(); }
});

// Menus of forms that ask the bot what to offer.

document.addEventListener("input", async (event) => {
  const combo = event.target.closest(".combo");
  if (!combo || event.target.type === "hidden") return;
  const [shown, hidden] = $$("input", combo);
  const asked = new FormData();
  for (const name of ["as", "in", "view"]) asked.set(name, shown.form.elements[name].value);
  asked.set("action", hidden.dataset.action);
  asked.set("block", hidden.dataset.block);
  const turn = next(combo);
  asked.set("text", shown.value);
  if (!shown.value && hidden.value) { hidden.value = ""; choose(hidden); }
  const answer = shown.value.length < Number(combo.dataset.least) ? [] : await (await send("/suggest", asked)).json();
  if (combo.turn !== turn || document.activeElement !== shown) return; // asked anew already, picked, or left
  show(menu(combo), answer.map(([value, word, more]) => ({ value, word, more })), (each) => pick(combo, each));
});

document.addEventListener("keydown", (event) => {
  const combo = event.target.closest?.(".combo");
  if (!combo) return;
  const offers = menu(combo);
  if (event.key === "Enter" && !offers.hidden) {
    event.preventDefault();
    pick(combo, $("li[aria-selected=true]", offers).offer);
  } else move(offers, event, (each) => pick(combo, each));
}, true);

document.addEventListener("focusout", (event) => {
  const combo = event.target.closest?.(".combo");
  if (combo) menu(combo).hidden = true;
});

function menu(combo) {
  if (!$(".offers", combo)) {
    const made = document.createElement("ul");
    made.className = "offers";
    made.setAttribute("role", "listbox");
    made.hidden = true;
    combo.append(made);
  }
  return $(".offers", combo);
}

function next(combo) { return combo.turn = (combo.turn ?? 0) + 1; }

function pick(combo, each) {
  next(combo);
  const [shown, hidden] = $$("input", combo);
  shown.value = each.word;
  hidden.value = each.value;
  menu(combo).hidden = true;
  choose(hidden);
}

// The clock goes on between changes.

setInterval(() => {
  const clock = $("[data-now]");
  if (!clock) return;
  clock.start ??= { at: Date.parse(clock.dataset.now), since: Date.now(), zone: clock.dataset.now.slice(-6) };
  const { at, since, zone } = clock.start;
  const offset = (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * 60000;
  clock.textContent = new Date(at + Date.now() - since + offset).toISOString().slice(11, 19);
}, 1000);
