// The way of a job through its states.

import {el, update} from "./dom.js";
import {TERMINAL, badge, skipped} from "./states.js";
import {duration, time} from "./time.js";

/** History holds the last 20 states. */
const HISTORY_LENGTH = 20;

/** The states of a job as a list, oldest first, each with how long it took, and what no poll saw between. */
export function timeline(job) {
  const steps = job.history.map((change, i) => stepOf(job, change, job.history[i - 1], job.history[i + 1]));
  const longest = Math.max(1, ...steps.map(step => step.millis || 0));
  const list = el("ol", {class: "timeline"}, steps.map(step => [
    step.restarted ? el("li", {class: "gap"}, "attempt " + step.change.attempt + " begins") : null,
    step.missed.length > 0 ? el("li", {class: "gap"}, "not seen between two looks: ", step.missed.map(badge)) : null,
    el("li", {class: "step"}, badge(step.change.state), time(step.change.occurredAt, "full"), lasting(step, longest)),
  ]));
  return [job.history.length >= HISTORY_LENGTH ? el("p", {class: "quiet small"}, "The last " + HISTORY_LENGTH + " states.") : null, list];
}

function stepOf(job, change, before, after) {
  const restarted = before !== undefined && before.attempt !== change.attempt;
  return {
    change,
    restarted,
    missed: before === undefined || restarted ? []
      : skipped(job.sourceType, Object.hasOwn(job.attributes, "jobwatch.states") ? job.attributes["jobwatch.states"] : null, before.state, change.state),
    millis: after === undefined ? null : Math.max(0, Date.parse(after.occurredAt) - Date.parse(change.occurredAt)),
    ended: after === undefined && (TERMINAL.has(change.state) || job.lostAt !== null),
  };
}

function lasting(step, longest) {
  if (step.millis === null) {
    return step.ended ? null : el("span", {class: "lasting", "data-running-since": step.change.occurredAt});
  }
  return [el("span", {class: "lasting"}, duration(step.millis)), TERMINAL.has(step.change.state) ? null
    : el("meter", {min: "0", max: String(longest), value: String(step.millis), "aria-hidden": "true"})];
}

export function showTimeline(section, job) {
  update(section, el("h2", {}, "Timeline"), el("div", {class: "card padded"}, timeline(job)));
}
