// The overview: what needs a look, how much of what there is, and what happened last.

import {answered, get, getIfThere} from "./api.js";
import {alertLines} from "./alerts.js";
import {el, said, update} from "./dom.js";
import {codeBars} from "./failures.js";
import {jobList} from "./jobs.js";
import {count, empty, jobLink, note, number, row, table} from "./parts.js";
import {linkTo} from "./places.js";
import {healthOf, troubles} from "./sources.js";
import {STATES, badge} from "./states.js";
import {duration, time} from "./time.js";

const SHOWN = 6;
const SHOWN_SOURCES = 12;
/** Asked for to say how many more there are. */
const COUNTED_ALERTS = 100;

/** The page #/. */
export class OverviewPage {
  title = "Overview";
  #trouble = el("section", {class: "trouble-list", "aria-labelledby": "trouble-head"});
  #counts = el("ul", {class: "counts"});
  #failures = el("section", {"aria-labelledby": "failures-head"});
  #waiting = el("section", {"aria-labelledby": "waiting-head"});
  #sources = el("section", {"aria-labelledby": "sources-head"});
  #list = jobList("Latest changes");

  constructor() {
    this.element = el("div", {},
      el("h1", {class: "unseen-label", tabindex: "-1"}, "Overview"),
      el("section", {"aria-label": "Jobs by state"}, this.#counts),
      el("div", {class: "columns"}, this.#trouble, this.#failures),
      el("div", {class: "columns wide-first"},
        el("section", {}, el("h2", {}, "Latest changes ", el("a", {class: "more", href: linkTo("jobs")}, "all jobs")), this.#list.element),
        el("div", {}, this.#sources, this.#waiting)));
  }

  move() {
    // There is nothing to filter.
  }

  async load(signal) {
    const [summary, sources, alerts, page] = await Promise.all([get("/api/v1/summary", {signal}), get("/api/v1/sources", {signal}),
      getIfThere("/api/v1/alerts?active=true&limit=" + COUNTED_ALERTS, {signal}), get("/api/v1/jobs?limit=12", {signal})]);
    return () => {
      this.#showTrouble(sources.items, alerts);
      this.#showCounts(summary);
      this.#showFailures(summary);
      this.#showWaiting(summary);
      this.#showSources(summary, sources.items);
      this.#list.show(page, true, "No job has been seen yet.");
    };
  }

  #showTrouble(sources, alerts) {
    const bad = sources.filter(source => troubles(source).length > 0);
    const active = alerts === null ? [] : alerts.items;
    update(this.#trouble, el("h2", {id: "trouble-head"}, "Needs a look ", active.length > 0
      ? el("a", {class: "more", href: linkTo("alerts")}, "all alerts") : []),
    el("div", {class: "card padded"},
      bad.length === 0 && active.length === 0 ? note("fine", (alerts === null ? "" : "No alert is active. ") + (sources.length === 0
        ? "No source has been polled yet." : sources.length === 1 ? "The source is healthy." : "All " + sources.length + " sources are healthy."))
        : [active.length > 0 ? alertLines(active.slice(0, SHOWN)) : null,
          active.length > SHOWN ? more("alerts", (alerts.nextCursor === null ? "" : "at least ")
            + count(active.length - SHOWN, "more alert", "more alerts")) : null,
          bad.length > 0 ? el("ul", {class: "lines"}, bad.slice(0, SHOWN).map(source => el("li", {"data-key": source.source},
            el("a", {href: linkTo("sources")}, said(source.source)), healthOf(source)))) : null,
          bad.length > SHOWN ? more("sources", count(bad.length - SHOWN, "more source", "more sources") + " in trouble") : null]));
  }

  #showCounts(summary) {
    const tile = (state, name, n) => el("li", {"data-key": state}, el("a", {class: "tile" + (n === 0 ? " none" : ""),
      href: linkTo("jobs", [["state", state]])}, name, el("strong", {}, number(n))));
    update(this.#counts, tile("", el("span", {class: "quiet"}, "All jobs"), summary.jobs),
      STATES.filter(state => summary.states[state] > 0 || state !== "UNKNOWN").map(state => tile(state, badge(state), summary.states[state])));
  }

  #showFailures(summary) {
    update(this.#failures, el("h2", {id: "failures-head"}, "Failures by code ", el("a", {class: "more", href: linkTo("failures")}, "all failures")),
      summary.failures.length === 0 ? el("div", {class: "card padded"}, note("fine", "Nothing has failed."))
        : el("div", {class: "card padded"}, codeBars(summary.failures, SHOWN)));
  }

  #showWaiting(summary) {
    const oldest = summary.oldestQueued;
    const lags = [["The view is behind by", summary.viewLagSeconds ?? answered.lag], ["Processing is behind by", summary.processingLagSeconds]]
      .filter(([, seconds]) => seconds !== null && seconds !== undefined);
    update(this.#waiting, el("h2", {id: "waiting-head"}, "How long things wait"), el("div", {class: "card"},
      el("dl", {class: "facts"},
        el("dt", {}, "Oldest queued"), el("dd", {}, oldest === null ? "no job waits" : [jobLink(oldest.source, oldest.jobId, oldest.jobName)[0],
          el("div", {class: "quiet small"}, said(oldest.source), " · queued ", time(oldest.changedAt))]),
        lags.map(([name, seconds]) => [el("dt", {}, name), el("dd", {class: "lag"}, duration(seconds * 1000))]))));
  }

  #showSources(summary, sources) {
    const heads = ["Source", "Polling", "#Active", "#Failed"];
    const counts = new Map(summary.sources.map(({source, states}) => [source, states]));
    const status = new Map(sources.map(source => [source.source, source]));
    const isBad = source => status.has(source) && troubles(status.get(source)).length > 0;
    const names = [...new Set([...status.keys(), ...counts.keys()])].sort();
    const all = [...names.filter(isBad), ...names.filter(source => !isBad(source))];
    const sum = (states, names) => names.reduce((total, name) => total + (states ? states[name] : 0), 0);
    const link = (source, states, n) => el("a", {href: linkTo("jobs", [["source", source], ...states.map(state => ["state", state])])}, number(n));
    update(this.#sources, el("h2", {id: "sources-head"}, "Sources ", el("a", {class: "more", href: linkTo("sources")}, "their health")),
      all.length === 0 ? empty("No source has been polled yet.") : table("Sources", heads, all.slice(0, SHOWN_SOURCES).map(source => {
        const live = ["QUEUED", "SCHEDULED", "PROCESSING", "CANCELING"];
        return row(heads, [
          el("a", {class: "name", href: linkTo("jobs", [["source", source]])}, said(source)),
          status.has(source) ? isBad(source) ? el("span", {class: "flag"}, "In trouble") : time(status.get(source).lastSuccessAt) : "–",
          link(source, live, sum(counts.get(source), live)), link(source, ["ERROR"], sum(counts.get(source), ["ERROR"])),
        ], {"data-key": source});
      })),
      all.length > SHOWN_SOURCES ? more("sources", count(all.length - SHOWN_SOURCES, "more source", "more sources")) : []);
  }
}

/** What is left out, as a link to where all of it is. */
function more(page, what) {
  return el("p", {class: "small"}, "and ", el("a", {href: linkTo(page)}, what));
}
