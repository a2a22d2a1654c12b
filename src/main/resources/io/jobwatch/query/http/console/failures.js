// Failures: attempts that ended in an error, and why.

import {get, getIfThere} from "./api.js";
import {el, said, update} from "./dom.js";
import {LiveList} from "./livelist.js";
import {PagedList} from "./pagedlist.js";
import {SINCE, empty, field, jobLink, number, row, setChoices} from "./parts.js";
import {linkTo} from "./places.js";
import {badge} from "./states.js";
import {time} from "./time.js";

const HEADS = ["Failed", "Job", "Source", "Why"];
const SHOWN_ERRORS = 3;

export const failureKey = report => [report.source, report.jobId, report.attempt].join("/");

export function failureRow(report) {
  const errors = report.tasks.flatMap(task => task.errors);
  const rest = errors.length - SHOWN_ERRORS;
  return row(HEADS, [
    [time(report.observedAt), report.attempt > 1 ? el("div", {class: "quiet small"}, "attempt " + report.attempt) : null],
    jobLink(report.source, report.jobId, report.jobName),
    [said(report.source), el("div", {class: "quiet small"}, said(report.account))],
    errors.length === 0
      ? el("span", {class: "quiet"}, report.detailsAvailable ? said(report.nativeReason || "no error was told") : "details not available")
      : [errors.slice(0, SHOWN_ERRORS).map(error => el("div", {class: "why"}, codeLink(report.source, error.code), " ", said(error.message))),
        rest > 0 ? el("div", {class: "quiet small"}, "and " + rest + " more") : null],
  ], {"data-key": failureKey(report)});
}

/** A code leads to its failures; the empty one cannot be asked for. */
function codeLink(source, code) {
  return code === "" ? el("span", {class: "quiet"}, "no code") : el("a", {class: "code", href: linkTo("failures", [["code", code]])}, said(code));
}

/** How often each code was told, as bars; the counts of all sources together. */
export function codeBars(failures, limit) {
  const byCode = new Map();
  for (const {code, source, count} of failures) {
    const entry = byCode.get(code) || {count: 0, sources: []};
    entry.count += count;
    entry.sources.push(source);
    byCode.set(code, entry);
  }
  const sorted = [...byCode].sort(([, a], [, b]) => b.count - a.count);
  const most = sorted.length === 0 ? 1 : sorted[0][1].count;
  return [el("ul", {class: "bars"}, sorted.slice(0, limit).map(([code, {count, sources}]) => el("li", {"data-key": code},
    codeLink(sources[0], code), el("span", {class: "number"}, number(count)),
    el("meter", {min: "0", max: String(most), value: String(count), "aria-hidden": "true"}),
    el("span", {class: "quiet small"}, said(sources.join(", ")))))),
  sorted.length > limit ? el("p", {class: "quiet small"}, "and " + number(sorted.length - limit) + " more codes") : null];
}

/** The page #/failures. */
export class FailuresPage {
  title = "Failures";
  #query;
  #list = new PagedList("failures", new LiveList("Failures, the newest first", HEADS, failureKey, failureRow), getIfThere);
  #notice = el("div", {});
  #codes = el("datalist", {id: "codes"});
  #source = el("select", {onchange: () => this.#choose()});
  #code = el("input", {type: "search", list: "codes", maxlength: "500", placeholder: "a whole code", autocomplete: "off",
    onchange: () => this.#choose()});
  #since = el("select", {onchange: () => this.#choose()});

  constructor(place) {
    this.element = el("div", {}, el("h1", {tabindex: "-1"}, "Failures"), this.#codes,
      el("div", {class: "filters", role: "group", "aria-label": "Filters"},
        field("Source", this.#source), field("Error code", this.#code, true), field("Failed within", this.#since)),
      this.#notice, this.#list.element);
    this.move(place);
  }

  move(place) {
    this.#query = place.query;
    this.#list.move(this.#filters(), this.#get("cursor"));
    this.#code.value = this.#get("code");
    setChoices(this.#source, [["", "all"]], this.#get("source"));
    setChoices(this.#since, SINCE, this.#get("since"));
  }

  refused() {
    this.#list.refused();
  }

  async load(signal) {
    const [summary, page] = await Promise.all([get("/api/v1/summary", {signal}), this.#list.load(signal)]);
    return () => {
      setChoices(this.#source, [["", "all"], ...summary.sources.map(({source}) => [source, source])], this.#get("source"));
      const codes = [...new Set(summary.failures.map(({code}) => code))].filter(code => code !== "");
      update(this.#codes, codes.slice(0, 200).map(code => el("option", {value: code, "data-key": code})));
      update(this.#notice, page === null ? [empty("This jobwatch does not list failures; ",
        el("a", {href: linkTo("jobs", [["state", "ERROR"]])}, "the jobs in ", badge("ERROR")), "."),
      el("h2", {}, "Failures by code"), codeBars(summary.failures, 50)] : []);
      this.#list.element.hidden = page === null;
      if (page !== null) {
        this.#list.show(page, this.#filters().some(([, value]) => value) ? "No failure matches these filters." : "Nothing has failed.");
      }
    };
  }

  #get(name) {
    return this.#query.get(name) || "";
  }

  #filters() {
    return ["source", "code", "since"].map(name => [name, this.#get(name)]);
  }

  #choose() {
    location.hash = linkTo("failures", [["source", this.#source.value], ["code", this.#code.value], ["since", this.#since.value]]);
  }
}
