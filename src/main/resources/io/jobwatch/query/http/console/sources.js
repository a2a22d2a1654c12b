// The sources: how their polling does, and which are in trouble.

import {get} from "./api.js";
import {el, said, update} from "./dom.js";
import {count, empty, number, row, table} from "./parts.js";
import {linkTo} from "./places.js";
import {icon} from "./states.js";
import {duration, now, time} from "./time.js";

/** A source writes its status every 30 s at least. */
const SILENT_MILLIS = 100000;
const SLOW_MILLIS = 60000;

/** What is wrong with a source, a sentence each; empty where nothing is. */
export function troubles(source) {
  const found = [];
  const passed = iso => now() - Date.parse(iso);
  if (source.failuresInRow > 0) {
    found.push(count(source.failuresInRow, "poll") + " failed in a row" + (source.failure ? ": " + source.failure : ""));
  }
  if (passed(source.updatedAt) > SILENT_MILLIS + source.pollIntervalMillis) {
    found.push("nothing was heard of it for " + duration(passed(source.updatedAt)) + ": no instance may be polling it");
  } else if (source.failuresInRow === 0 && source.lastSuccessAt !== null
      && passed(source.lastSuccessAt) > Math.max(SLOW_MILLIS, 3 * source.pollIntervalMillis)) {
    found.push("its last success was " + duration(passed(source.lastSuccessAt)) + " ago");
  }
  if (source.badItems > 0) {
    found.push(count(source.badItems, "listed item") + " could not be read");
  }
  return found;
}

export function healthOf(source) {
  const found = troubles(source);
  if (found.length > 0) {
    return el("div", {class: "trouble"}, icon(source.failuresInRow > 0 ? "DOWN" : "WARNING"),
      el("ul", {}, found.map(text => el("li", {}, said(text)))));
  }
  return source.lastSuccessAt === null ? el("span", {class: "quiet"}, "not polled yet")
    : el("span", {class: "well"}, icon("FINE"), "Healthy");
}

/** The page #/sources. A source tells of itself every 30 s or so; a poll that was to come may have been since. */
export class SourcesPage {
  title = "Sources";
  #body = el("div", {});
  element = el("div", {}, el("h1", {tabindex: "-1"}, "Sources"), this.#body);

  move() {
    // There is nothing to filter.
  }

  async load(signal) {
    const {items} = await get("/api/v1/sources", {signal});
    const heads = ["Source", "Health", "Last success", "Next poll", "#Interval", "#Lag", "#Jobs listed", "#Active", "#States missed", "Owner"];
    return () => update(this.#body, items.length === 0 ? empty("No source has been polled yet.") : table("Sources", heads,
      items.map(source => row(heads, [
        [el("a", {class: "name", href: linkTo("jobs", [["source", source.source]])}, said(source.source)),
          el("div", {class: "quiet small"}, said(source.sourceType), " · ", said([source.account, source.location].filter(text => text).join(", ")))],
        healthOf(source),
        [time(source.lastSuccessAt), source.lastPollAt && source.lastPollAt !== source.lastSuccessAt
          ? el("div", {class: "quiet small"}, "tried ", time(source.lastPollAt)) : null],
        [time(source.nextPollAt, "due"), el("div", {class: "quiet small"}, "told ", time(source.updatedAt))],
        source.pollIntervalMillis ? duration(source.pollIntervalMillis) : "–",
        duration(source.lagMillis),
        number(source.jobsSeen), number(source.jobsActive), number(source.statesMissed),
        el("span", {class: "owner"}, said(source.owner)),
      ], {"data-key": source.source}))));
  }
}
