// What was seen of a job, what was decided of it, and why.

import {get} from "./api.js";
import {el, said, update} from "./dom.js";
import {note, number, row, table} from "./parts.js";
import {badge} from "./states.js";
import {tick, time} from "./time.js";

const HEADS = ["Written", "Seen", "Decided", "Why"];
const DECISIONS = new Map([["REFRESHED", "Details brought up to date"], ["DROPPED", "Dropped"], ["DEAD_LETTER", "Dead letter"],
  ["UNKNOWN", "Not known"]]);
const KINDS = new Map([["DISCOVERED", "Discovered"], ["ADVANCED", "Advanced"], ["RESTARTED", "Restarted"]]);

/** The part of a job's page that asks for the explanation when it is opened: it reads a topic, so nobody should ask for it unseen. */
export class Explanation {
  #path;
  #body = el("div", {class: "explained", "aria-live": "polite"});
  #asked = null;
  element = el("details", {ontoggle: () => this.#opened()}, el("summary", {}, "Explain: each observation, what was decided, and why"), this.#body);

  constructor(path) {
    this.#path = path;
  }

  /** Stops to ask, when the page is left. */
  end() {
    if (this.#asked !== null) {
      this.#asked.abort();
    }
  }

  async #opened() {
    if (!this.element.open || this.#asked !== null) {
      return;
    }
    this.#asked = new AbortController();
    update(this.#body, el("p", {class: "quiet"}, "Reading the topic …"));
    try {
      const told = await get(this.#path, {signal: this.#asked.signal});
      update(this.#body, this.#told(told));
    } catch (error) {
      if (!this.#asked.signal.aborted) {
        update(this.#body, note("bad", error.status === 404 ? "There is no explanation of this job here." : error.message));
      }
    } finally {
      this.#asked = null;
      tick();
    }
  }

  #told(told) {
    return [
      told.notes.map(text => note("warn", said(text))),
      told.observations.length === 0 ? null : table("Observations, oldest first", HEADS, told.observations.map(seen => row(HEADS, [
        [time(seen.writtenAt, "full"), el("div", {class: "id"}, "partition " + seen.partition + ", offset " + seen.offset)],
        seen.seen === null ? el("span", {class: "quiet"}, "not readable") : [badge(seen.seen.state),
          el("div", {class: "quiet small"}, said(seen.seen.nativeState), seen.seen.attempt > 1 ? ", attempt " + seen.seen.attempt : "",
            seen.seen.gone ? ", gone" : "")],
        [decided(seen.decision), seen.certain ? null : el("div", {class: "quiet small"}, "uncertain")],
        said(seen.why),
      ], {"data-key": seen.partition + "/" + seen.offset}))),
      el("p", {class: "quiet small"}, "Read from ", el("code", {}, said(told.topic)), ", partition " + told.partition + ", offsets "
        + number(told.firstOffset) + " to " + number(told.readTo) + ". ",
      el("button", {class: "button small", type: "button", onclick: () => this.#opened()}, "Ask again")),
    ];
  }
}

function decided(decision) {
  if (decision.type !== "CHANGED") {
    return [el("span", {class: "decision " + (decision.type === "DEAD_LETTER" ? "bad" : "")}, DECISIONS.get(decision.type) || said(decision.type)),
      decision.reason ? el("div", {class: "quiet small"}, said(decision.reason)) : null,
      decision.kept ? el("div", {class: "quiet small"}, "its details were kept") : null];
  }
  return [el("span", {class: "decision"}, KINDS.get(decision.kind) || said(decision.kind), decision.sequence === null ? "" : " (" + decision.sequence + ")"),
    el("div", {class: "change"}, decision.previousState ? [badge(decision.previousState), el("span", {class: "arrow"}, "→")] : null,
      badge(decision.currentState)),
    decision.skippedStates.length > 0 ? el("div", {class: "small"}, "not seen: ", decision.skippedStates.map(badge)) : null];
}
