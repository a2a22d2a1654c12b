// What several pages are made of.

import {el, said, textOf} from "./dom.js";
import {linkToJob} from "./places.js";
import {icon} from "./states.js";

export const number = count => count.toLocaleString("en");

/** A job as a link: its name, else its id; the id below a name. */
export function jobLink(source, jobId, jobName) {
  return [el("a", {class: "name", href: linkToJob(source, jobId), title: jobName || jobId}, said(jobName || jobId)),
    jobName ? el("div", {class: "id", title: jobId}, said(jobId)) : null];
}

/**
 * A table. On narrow screens its rows become blocks, which takes from tables what they are; so the roles are told explicitly.
 *
 * @param heads the names of the columns; one that begins with # holds numbers
 * @param rows  made by row()
 */
export function table(label, heads, rows) {
  return el("div", {class: "card"}, tableOf(label, heads, el("tbody", {role: "rowgroup"}, rows)));
}

export function tableOf(label, heads, body) {
  return el("table", {role: "table", "aria-label": label},
    el("thead", {role: "rowgroup"}, el("tr", {role: "row"}, heads.map(head => el("th", {scope: "col", role: "columnheader",
      class: head.startsWith("#") ? "number" : null}, head.replace("#", ""))))),
    body);
}

export function row(heads, cells, properties = {}) {
  return el("tr", {role: "row", ...properties}, cells.map((cell, i) => el("td", {role: "cell", "data-label": heads[i].replace("#", ""),
    class: heads[i].startsWith("#") ? "number" : null}, cell)));
}

export function empty(...children) {
  return el("div", {class: "card empty"}, children);
}

/** A sentence that something is well, or is not. */
export function note(kind, ...children) {
  return el("p", {class: "note " + kind}, icon(kind === "fine" ? "FINE" : kind === "bad" ? "DOWN" : "WARNING"), el("span", {}, children));
}

/** Pairs of name and value, without those that have none. */
export function facts(pairs) {
  return el("dl", {class: "facts"}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => [el("dt", {}, said(name)), el("dd", {}, value)]));
}

/** A button that copies the text of the element with the id. */
export function copyButton(targetId, what) {
  return el("button", {class: "button small", type: "button", "aria-label": "Copy " + what, onclick: event => copy(event.currentTarget, targetId)},
    "Copy");
}

async function copy(button, targetId) {
  const target = document.getElementById(targetId);
  let done = "Copied";
  try {
    await navigator.clipboard.writeText(textOf(target));
  } catch (error) {
    // Without a secure context there is no clipboard; what is selected can be copied by hand.
    getSelection().selectAllChildren(target);
    done = "Selected";
  }
  button.textContent = done;
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
}

/** A text as it is, to read and to copy. */
export function exact(id, label, text) {
  return el("div", {class: "card with-button"}, copyButton(id, label),
    el("pre", {id, tabindex: "0", role: "region", "aria-label": label}, text));
}

/** A field with its name above it. */
export function field(name, control, grow = false) {
  return el("label", {class: grow ? "grow" : null}, el("span", {}, name), control);
}

/** Sets the choices of a select, pairs of value and name, and keeps what is chosen, also where it is none of them. */
export function setChoices(select, choices, chosen) {
  const all = choices.some(([value]) => value === chosen) ? choices : [...choices, [chosen, chosen]];
  if ([...select.options].map(option => option.value).join("\n") !== all.map(([value]) => value).join("\n")) {
    select.replaceChildren(...all.map(([value, name]) => el("option", {value}, name)));
  }
  select.value = chosen;
}

export const SINCE = [["", "any time"], ["15m", "15 minutes"], ["1h", "1 hour"], ["6h", "6 hours"], ["24h", "24 hours"], ["7d", "7 days"]];

/** "1 job", "2 jobs". */
export function count(n, one, many = one + "s") {
  return number(n) + " " + (n === 1 ? one : many);
}
