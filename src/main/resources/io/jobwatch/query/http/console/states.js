// States: how they are called, their shapes, and what lies between them.

import {el, svg} from "./dom.js";

/** In the order in which a job goes through them. */
export const STATES = ["QUEUED", "SCHEDULED", "PROCESSING", "CANCELING", "FINISHED", "ERROR", "CANCELED", "UNKNOWN"];
export const TERMINAL = new Set(["FINISHED", "ERROR", "CANCELED"]);

/** A shape for each, so that none is told by its colour alone. Strokes on a field of 16 by 16. */
const SHAPES = new Map([
  ["QUEUED", "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z"],
  ["SCHEDULED", "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM8 5v3.2l2.2 1.4"],
  ["PROCESSING", "M5 3.2v9.6L12.6 8z"],
  ["FINISHED", "M3 8.6l3.4 3.4L13 4.8"],
  ["ERROR", "M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4"],
  ["CANCELED", "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM4.2 11.8l7.6-7.6"],
  ["CANCELING", "M8 2.5a5.5 5.5 0 0 1 5.5 5.5M8 13.5a5.5 5.5 0 0 1-5.5-5.5M4.2 11.8l7.6-7.6"],
  ["UNKNOWN", "M5.6 6a2.4 2.4 0 1 1 3.5 2.1c-.8.5-1.1.9-1.1 1.8M8 12.4v.6"],
  ["WARNING", "M8 2.6L14 13H2zM8 6.6v3M8 11.2v.4"],
  ["FINE", "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM5.4 8.2l1.9 1.9l3.4-3.8"],
  ["DOWN", "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM8 5v3.6M8 10.6v.4"],
]);

/** A shape by its name; it says nothing to a screen reader, the word beside it does. */
export function icon(name) {
  return svg("svg", {class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false"},
    svg("path", {d: SHAPES.get(name) || SHAPES.get("UNKNOWN")}));
}

export function labelOf(state) {
  return state.charAt(0) + state.substring(1).toLowerCase();
}

/** A state as shape, colour and word. One that this page does not know is shown as it is called. */
export function badge(state) {
  return el("span", {class: "state " + (STATES.includes(state) ? state : "UNKNOWN")}, icon(state), labelOf(String(state)));
}

// The same as io.jobwatch.job.StatePath; a test holds the two against each other.
const RANK = new Map([["QUEUED", 0], ["SCHEDULED", 1], ["PROCESSING", 2], ["CANCELING", 3], ["FINISHED", 4], ["ERROR", 4], ["CANCELED", 4]]);
const DIRECT = new Set(["QUEUED SCHEDULED", "QUEUED CANCELING", "QUEUED CANCELED", "QUEUED ERROR", "SCHEDULED PROCESSING",
  "SCHEDULED CANCELING", "SCHEDULED CANCELED", "SCHEDULED ERROR", "PROCESSING FINISHED", "PROCESSING ERROR", "PROCESSING CANCELING",
  "CANCELING CANCELED", "CANCELING FINISHED", "CANCELING ERROR"]);
const LACKING = new Map([["slurm", ["CANCELING"]], ["kubernetes", ["CANCELED"]], ["mediaconvert", ["SCHEDULED", "CANCELING"]]]);

/**
 * The states of the usual way that lie between two states of one attempt, and that no poll saw.
 *
 * @param configured names of the states that the service has, with spaces between, where that is configured; else null
 */
export function skipped(sourceType, configured, from, to) {
  if (!RANK.has(from) || !RANK.has(to) || DIRECT.has(from + " " + to) || RANK.get(to) <= RANK.get(from)) {
    return [];
  }
  const had = configured === null ? null : new Set(configured.split(" "));
  const between = ["QUEUED", "SCHEDULED", "PROCESSING"].filter(state => RANK.get(state) > RANK.get(from) && RANK.get(state) < RANK.get(to));
  if (from === "PROCESSING" && to === "CANCELED") {
    between.push("CANCELING");
  }
  return between.filter(state => !(LACKING.get(sourceType) || []).includes(state) && (had === null || had.has(state)));
}
