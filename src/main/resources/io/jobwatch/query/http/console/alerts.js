// Alerts: what a person should look at, and what it was when it is over.

import {getIfThere} from "./api.js";
import {el, said, update} from "./dom.js";
import {LiveList} from "./livelist.js";
import {PagedList} from "./pagedlist.js";
import {empty, field, jobLink, row, setChoices} from "./parts.js";
import {linkTo} from "./places.js";
import {badge, icon} from "./states.js";
import {time} from "./time.js";

const HEADS = ["Alert", "About", "Since", "Noticed", "What it says"];
const KINDS = new Map([["STUCK", "Stuck"], ["LOST", "Lost"], ["SOURCE_DOWN", "Source down"]]);

export const alertKey = alert => [alert.source, alert.jobId === null ? "" : alert.jobId, alert.kind].join("/");

function kindOf(alert) {
  const name = KINDS.get(alert.kind) || alert.kind;
  return alert.active ? el("span", {class: "flag"}, icon("WARNING"), name)
    : el("span", {class: "over"}, icon("FINE"), name, el("span", {class: "quiet"}, " (ended)"));
}

export function alertRow(alert) {
  return row(HEADS, [
    kindOf(alert),
    [alert.jobId === null ? el("a", {class: "name", href: linkTo("jobs", [["source", alert.source]])}, said(alert.source))
      : jobLink(alert.source, alert.jobId, alert.jobName),
    alert.jobId === null ? null : el("div", {class: "quiet small"}, said(alert.source))],
    [time(alert.since), alert.state ? el("div", {class: "small"}, badge(alert.state)) : null],
    time(alert.detectedAt),
    said(alert.message),
  ], {"data-key": alertKey(alert)});
}

/** Alerts as a few lines, without what their page tells besides. */
export function alertLines(alerts) {
  return el("ul", {class: "lines"}, alerts.map(alert => el("li", {"data-key": alertKey(alert)}, kindOf(alert),
    el("div", {}, alert.jobId === null ? el("a", {href: linkTo("sources")}, said(alert.source)) : jobLink(alert.source, alert.jobId, alert.jobName)[0],
      el("div", {class: "quiet small"}, said(alert.message), " · since ", time(alert.since))))));
}

/** The page #/alerts. */
export class AlertsPage {
  title = "Alerts";
  #query;
  #list = new PagedList("alerts", new LiveList("Alerts, the newest first", HEADS, alertKey, alertRow), getIfThere);
  #notice = el("div", {});
  #active = el("select", {onchange: () => this.#choose()});
  #kind = el("select", {onchange: () => this.#choose()});
  #source = el("input", {type: "search", maxlength: "200", placeholder: "all", autocomplete: "off", onchange: () => this.#choose()});

  constructor(place) {
    this.element = el("div", {}, el("h1", {tabindex: "-1"}, "Alerts"),
      el("div", {class: "filters", role: "group", "aria-label": "Filters"},
        field("Show", this.#active), field("Kind", this.#kind), field("Source", this.#source)),
      this.#notice, this.#list.element);
    this.move(place);
  }

  move(place) {
    this.#query = place.query;
    const rest = ["kind", "source"].map(name => [name, this.#get(name)]);
    const active = this.#get("active");
    this.#list.move([["active", active], ...rest], this.#get("cursor"), [["active", active === "all" ? "" : active || "true"], ...rest]);
    setChoices(this.#active, [["", "active"], ["false", "ended"], ["all", "all"]], active);
    setChoices(this.#kind, [["", "all"], ...KINDS], this.#get("kind"));
    this.#source.value = this.#get("source");
  }

  refused() {
    this.#list.refused();
  }

  async load(signal) {
    const page = await this.#list.load(signal);
    return () => {
      update(this.#notice, page === null ? empty("This jobwatch does not list alerts.") : []);
      this.#list.element.hidden = page === null;
      if (page !== null) {
        this.#list.show(page, this.#get("active") === "" ? "No alert is active." : "There is no such alert.");
      }
    };
  }

  #get(name) {
    return this.#query.get(name) || "";
  }

  #choose() {
    location.hash = linkTo("alerts", [["active", this.#active.value], ["kind", this.#kind.value], ["source", this.#source.value.trim()]]);
  }
}
