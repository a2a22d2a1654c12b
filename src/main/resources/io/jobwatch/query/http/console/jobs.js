// The list of jobs, and its filters.

import {get} from "./api.js";
import {el, said, update} from "./dom.js";
import {LiveList} from "./livelist.js";
import {PagedList} from "./pagedlist.js";
import {SINCE, field, jobLink, number, row, setChoices} from "./parts.js";
import {linkTo} from "./places.js";
import {STATES, badge, icon} from "./states.js";
import {time} from "./time.js";

const HEADS = ["State", "Job", "Source", "Changed"];
const NAMES = ["source", "account", "name", "changedSince"];
const TYPING_MILLIS = 300;

/** A job as a row; the newest error, where it failed, says why at once. */
export function jobRow(job) {
  const progress = job.progress !== null && !["FINISHED", "CANCELED"].includes(job.state) ? job.progress + " %" : null;
  const error = job.state === "ERROR" ? job.tasks.flatMap(task => task.errors)[0] : null;
  return row(HEADS, [
    [badge(job.state), progress ? el("span", {class: "quiet progress"}, progress) : null,
      job.lostAt ? el("span", {class: "flag"}, icon("WARNING"), "Lost") : job.stuckAlertedAt
        ? el("span", {class: "flag"}, icon("WARNING"), "Stuck") : null],
    [jobLink(job.source, job.jobId, job.jobName),
      error ? el("div", {class: "why"}, el("code", {}, said(error.code)), " ", said(error.message)) : null],
    [said(job.source), el("div", {class: "quiet small"}, said(job.account))],
    time(job.changedAt),
  ]);
}

export function jobList(label) {
  return new LiveList(label, HEADS, job => job.source + "/" + job.jobId, jobRow);
}

/** The page #/jobs. */
export class JobsPage {
  title = "Jobs";
  #query;
  #list = new PagedList("jobs", jobList("Jobs, the newest change first"), get);
  #states = el("fieldset", {class: "chips"});
  #source = el("select", {onchange: () => this.#choose()});
  #account = el("input", {type: "search", maxlength: "200", placeholder: "all", autocomplete: "off", oninput: () => this.#type()});
  #name = el("input", {type: "search", maxlength: "200", placeholder: "part of a name", autocomplete: "off", oninput: () => this.#type()});
  #since = el("select", {onchange: () => this.#choose()});
  #clear = el("a", {class: "button", href: linkTo("jobs")}, "Clear filters");
  #typing;
  #summary = null;

  constructor(place) {
    this.element = el("div", {}, el("h1", {tabindex: "-1"}, "Jobs"), this.#states,
      el("div", {class: "filters", role: "group", "aria-label": "Filters"},
        field("Source", this.#source), field("Account", this.#account), field("Name", this.#name, true),
        field("Changed within", this.#since), this.#clear),
      this.#list.element);
    this.move(place);
  }

  /** Takes other filters from the address. */
  move(place) {
    this.#query = place.query;
    this.#list.move(this.#filters(), this.#get("cursor"));
    this.#set(this.#account, "account");
    this.#set(this.#name, "name");
    setChoices(this.#source, [["", "all"]], this.#get("source"));
    setChoices(this.#since, SINCE, this.#get("changedSince"));
    this.#showStates();
    this.#clear.hidden = !NAMES.some(name => this.#get(name)) && this.#query.getAll("state").length === 0;
  }

  refused() {
    this.#list.refused();
  }

  async load(signal) {
    const [summary, page] = await Promise.all([get("/api/v1/summary", {signal}), this.#list.load(signal)]);
    return () => {
      this.#summary = summary;
      this.#showStates();
      setChoices(this.#source, [["", "all"], ...summary.sources.map(({source}) => [source, source])], this.#get("source"));
      this.#list.show(page, this.#filters().length > 0 ? "No job matches these filters." : "No job has been seen yet.");
    };
  }

  #showStates() {
    const chosen = new Set(this.#query.getAll("state"));
    update(this.#states, el("legend", {class: "unseen-label"}, "States"), STATES.map(state => el("label", {
      class: "chip", "data-key": state}, el("input", {type: "checkbox", value: state, onchange: () => this.#choose()}), badge(state),
    el("span", {class: "count"}, this.#countOf(state)))));
    for (const box of this.#states.querySelectorAll("input")) {
      box.checked = chosen.has(box.value);
    }
  }

  #countOf(state) {
    const source = this.#get("source");
    return this.#summary === null ? "" : number((source ? this.#summary.sources.find(entry => entry.source === source) : this.#summary)
      ?.states[state] ?? 0);
  }

  #get(name) {
    return this.#query.get(name) || "";
  }

  /** A field is not set while somebody types into it. */
  #set(input, name) {
    if (document.activeElement !== input) {
      input.value = this.#get(name);
    }
  }

  #filters() {
    return [...this.#query.getAll("state").map(state => ["state", state]),
      ...NAMES.map(name => [name, this.#get(name)]).filter(([, value]) => value !== "")];
  }

  #choose() {
    location.hash = this.#chosen();
  }

  /** Each letter is no place to come back to. */
  #type() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      if (this.element.isConnected && this.#chosen() !== location.hash) {
        location.replace(this.#chosen());
      }
    }, TYPING_MILLIS);
  }

  #chosen() {
    const states = [...this.#states.querySelectorAll("input:checked")].map(box => ["state", box.value]);
    return linkTo("jobs", [...states, ["source", this.#source.value], ["account", this.#account.value.trim()], ["name", this.#name.value.trim()],
      ["changedSince", this.#since.value]]);
  }
}
