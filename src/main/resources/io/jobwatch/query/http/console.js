"use strict";

// Whatever a service says is put into the page as text, never as markup: only el() makes elements, and it knows no HTML.

const STATES = ["QUEUED", "SCHEDULED", "PROCESSING", "CANCELING", "FINISHED", "ERROR", "CANCELED", "UNKNOWN"];
const REFRESH_MILLIS = 2500;
const PAGE_SIZE = 25;

const main = document.getElementById("main");
const age = document.getElementById("age");
let view = null;
let timer = null;

function el(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key.startsWith("on")) {
      element.addEventListener(key.substring(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child);
    }
  }
  return element;
}

function label(state) {
  return state.charAt(0) + state.substring(1).toLowerCase();
}

function stateBadge(state) {
  return el("span", {class: "state " + (STATES.includes(state) ? state : "UNKNOWN")}, label(state));
}

function jobLink(source, jobId) {
  return "#/jobs/" + encodeURIComponent(source) + "/" + encodeURIComponent(jobId);
}

function jobUrl(source, jobId) {
  return "/api/v1/jobs/" + encodeURIComponent(source) + "/" + encodeURIComponent(jobId);
}

function since(iso) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000));
  if (seconds < 60) {
    return seconds + " s ago";
  }
  if (seconds < 3600) {
    return Math.floor(seconds / 60) + " min ago";
  }
  return seconds < 48 * 3600 ? Math.floor(seconds / 3600) + " h ago" : Math.floor(seconds / 86400) + " d ago";
}

function time(iso) {
  return iso ? el("time", {datetime: iso, title: iso}, since(iso)) : "–";
}

function fullTime(iso) {
  return iso ? el("time", {datetime: iso}, iso.replace("T", " ").replace("Z", " UTC")) : "–";
}

async function fetchFrom(path, accept) {
  const answer = await fetch(path, {headers: {Accept: accept || "application/json"}, cache: "no-store"});
  showAge(answer.headers.get("X-Jobwatch-View-Lag"));
  if (answer.ok) {
    return accept ? answer.text() : answer.json();
  }
  let detail = "the server answered " + answer.status;
  if ((answer.headers.get("Content-Type") || "").startsWith("application/problem+json")) {
    detail = (await answer.json()).detail || detail;
  }
  const error = new Error(detail);
  error.status = answer.status;
  throw error;
}

function showAge(lag) {
  const seconds = Number(lag);
  age.classList.toggle("stale", seconds > 30);
  age.textContent = seconds > 30 ? "the view is " + Math.round(seconds) + " s old" : "live";
}

function table(heads, rows, whenEmpty) {
  if (rows.length === 0) {
    return el("div", {class: "card"}, el("div", {class: "empty"}, whenEmpty));
  }
  return el("div", {class: "card"}, el("table", {},
    el("thead", {}, el("tr", {}, heads.map(head => el("th", {scope: "col"}, head)))),
    el("tbody", {}, rows)));
}

// --- the list of jobs -------------------------------------------------------------------------------------------------------------------------

class ListView {
  constructor() {
    this.filter = {source: "", state: "", name: ""};
    this.cursors = [];
    this.counts = el("section", {class: "counts", "aria-label": "Jobs by state"});
    this.jobs = el("section", {"aria-label": "Jobs"});
    this.more = el("section", {class: "columns"});
    this.sourceChoice = el("select", {onchange: event => this.change("source", event.target.value)}, el("option", {value: ""}, "all"));
    this.nameInput = el("input", {type: "search", placeholder: "part of a name", maxlength: "200", oninput: event => this.typed(event.target.value)});
    main.replaceChildren(this.counts,
      el("section", {class: "filters", "aria-label": "Filters"},
        el("label", {}, "Source", this.sourceChoice),
        el("label", {class: "grow"}, "Name", this.nameInput)),
      this.jobs, this.more);
    document.title = "jobwatch";
  }

  typed(value) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.change("name", value), 250);
  }

  change(name, value) {
    this.filter[name] = value;
    this.cursors = [];
    refresh();
  }

  async load() {
    const query = new URLSearchParams({limit: String(PAGE_SIZE)});
    for (const [name, value] of Object.entries(this.filter)) {
      if (value) {
        query.set(name, value);
      }
    }
    if (this.cursors.length > 0) {
      query.set("cursor", this.cursors[this.cursors.length - 1]);
    }
    const [summary, page, sources] = await Promise.all(
      [fetchFrom("/api/v1/summary"), fetchFrom("/api/v1/jobs?" + query), fetchFrom("/api/v1/sources")]);
    return () => {
      this.showCounts(summary);
      this.showJobs(page);
      this.showMore(summary, sources.items);
    };
  }

  showCounts(summary) {
    const focused = this.counts.contains(document.activeElement) ? document.activeElement.dataset.state : null;
    const button = (state, name, count) => el("button", {class: "count", type: "button", "data-state": state,
      "aria-pressed": String(this.filter.state === state), onclick: () => this.change("state", state)},
      state ? stateBadge(state) : el("span", {class: "quiet"}, name), el("strong", {}, count.toLocaleString("en")));
    this.counts.replaceChildren(button("", "All jobs", summary.jobs),
      ...STATES.filter(state => summary.states[state] > 0 || !["UNKNOWN", "CANCELING"].includes(state))
        .map(state => button(state, label(state), summary.states[state])));
    if (focused !== null) {
      [...this.counts.children].filter(child => child.dataset.state === focused).forEach(child => child.focus());
    }
    const names = summary.sources.map(source => source.source);
    const shown = [...this.sourceChoice.options].slice(1).map(option => option.value);
    if (names.join() !== shown.join()) {
      this.sourceChoice.replaceChildren(el("option", {value: ""}, "all"), ...names.map(name => el("option", {value: name}, name)));
      this.sourceChoice.value = this.filter.source;
    }
  }

  showJobs(page) {
    const rows = page.items.map(job => el("tr", {},
      el("td", {}, stateBadge(job.state), job.progress !== null && job.state === "PROCESSING" ? el("div", {class: "quiet small"}, job.progress + " %") : null),
      el("td", {}, el("a", {class: "name", href: jobLink(job.source, job.jobId)}, job.jobName || job.jobId),
        job.jobName ? el("div", {class: "mono quiet"}, job.jobId) : null),
      el("td", {}, job.source, el("div", {class: "quiet small"}, job.account)),
      el("td", {class: "time"}, time(job.changedAt))));
    const filtered = Object.values(this.filter).some(value => value);
    this.jobs.replaceChildren(
      table(["State", "Job", "Source", "Changed"], rows, filtered ? "No job matches these filters." : "No job has been seen yet."),
      el("div", {class: "pages"},
        el("button", {class: "button", type: "button", disabled: this.cursors.length === 0, onclick: () => this.turn(null)}, "Newer"),
        el("button", {class: "button", type: "button", disabled: page.nextCursor === null, onclick: () => this.turn(page.nextCursor)}, "Older"),
        this.cursors.length > 0 ? el("span", {class: "quiet small"}, "page " + (this.cursors.length + 1)) : null));
  }

  turn(cursor) {
    if (cursor === null) {
      this.cursors.pop();
    } else {
      this.cursors.push(cursor);
    }
    refresh();
  }

  showMore(summary, sources) {
    const failures = summary.failures.slice(0, 10).map(failure => el("tr", {},
      el("td", {class: "mono"}, failure.code || "(no code)"), el("td", {}, failure.source),
      el("td", {class: "time"}, failure.count.toLocaleString("en"))));
    const rows = sources.map(source => el("tr", {},
      el("td", {}, source.source, el("div", {class: "quiet small"}, source.sourceType)),
      el("td", {}, source.failuresInRow > 0
        ? el("span", {class: "bad"}, source.failuresInRow + " failed: " + (source.failure || "")) : "reachable"),
      el("td", {class: "time"}, time(source.lastSuccessAt))));
    this.more.replaceChildren(
      el("div", {}, el("h2", {}, "Sources"), table(["Source", "Polling", "Last success"], rows, "No source has been polled yet.")),
      el("div", {}, el("h2", {}, "Failures by code"), table(["Code", "Source", "Attempts"], failures, "Nothing has failed.")));
  }
}

// --- one job ----------------------------------------------------------------------------------------------------------------------------------

class JobView {
  constructor(source, jobId) {
    this.source = source;
    this.jobId = jobId;
    this.body = el("article", {});
    main.replaceChildren(el("p", {}, el("a", {href: "#/"}, "← All jobs")), this.body);
    document.title = jobId + " – jobwatch";
  }

  async load() {
    const job = await fetchFrom(jobUrl(this.source, this.jobId));
    const report = await fetchFrom(jobUrl(this.source, this.jobId) + "/report", "text/plain").catch(error => {
      if (error.status === 404) {
        return null;
      }
      throw error;
    });
    return () => this.show(job, report);
  }

  show(job, report) {
    const fact = (name, value) => value === null || value === "" ? [] : [el("dt", {}, name), el("dd", {}, value)];
    const facts = el("dl", {class: "facts"},
      fact("State", stateBadge(job.state)),
      fact("Service's state", [job.nativeState, job.nativeReason].filter(text => text).join(" – ")),
      fact("Progress", job.progress === null ? null : job.progress + " %"),
      fact("Source", job.source + " (" + job.sourceType + ")"),
      fact("Account", [job.account, job.location].filter(text => text).join(", ")),
      fact("Attempt", String(job.attempt)),
      fact("Created", job.createdAt && fullTime(job.createdAt)),
      fact("Started", job.startedAt && fullTime(job.startedAt)),
      fact("Ended", job.endedAt && fullTime(job.endedAt)),
      fact("Changed", fullTime(job.changedAt)),
      fact("First seen", fullTime(job.firstSeenAt)),
      fact("Lost", job.lostAt && fullTime(job.lostAt)),
      Object.entries(job.attributes).map(([name, value]) => fact(name, value)));
    const history = [...job.history].reverse().map(change => el("tr", {},
      el("td", {}, stateBadge(change.state)), el("td", {class: "time"}, fullTime(change.occurredAt)),
      el("td", {class: "time"}, String(change.attempt))));
    const tasks = job.tasks.map(task => el("tr", {},
      el("td", {}, stateBadge(task.state)),
      el("td", {}, task.name || task.taskId, task.name ? el("div", {class: "mono quiet"}, task.taskId) : null),
      el("td", {}, task.errors.map(error => el("div", {}, el("span", {class: "mono bad"}, error.code), " ", error.message)))));
    this.body.replaceChildren(
      el("h1", {}, job.jobName || job.jobId), el("div", {class: "mono quiet"}, job.source + "/" + job.jobId),
      el("h2", {}, "Status"), el("div", {class: "card"}, facts),
      report === null ? "" : el("h2", {}, "Why it stopped"), report === null ? "" : el("div", {class: "card"}, el("pre", {}, report.trim())),
      tasks.length === 0 ? "" : el("h2", {}, "Tasks"), tasks.length === 0 ? "" : table(["State", "Task", "Errors"], tasks, ""),
      el("h2", {}, "History"), table(["State", "Since", "Attempt"], history, "No change is known."));
  }
}

// --- what is shown now ------------------------------------------------------------------------------------------------------------------------

function route() {
  const parts = location.hash.replace(/^#\/?/, "").split("/");
  try {
    view = parts[0] === "jobs" && parts.length === 3 ? new JobView(decodeURIComponent(parts[1]), decodeURIComponent(parts[2])) : new ListView();
  } catch (error) {
    view = new ListView();
  }
  refresh();
}

async function refresh() {
  clearTimeout(timer);
  const asked = view;
  const number = asked.number = (asked.number || 0) + 1;
  const isCurrent = () => asked === view && asked.number === number;
  try {
    const show = await asked.load();
    if (isCurrent()) {
      main.querySelectorAll(":scope > .notice").forEach(notice => notice.remove());
      show();
    }
  } catch (error) {
    if (isCurrent()) {
      showProblem(error);
    }
  }
  if (isCurrent()) {
    timer = setTimeout(refresh, REFRESH_MILLIS);
  }
}

function showProblem(error) {
  const text = error.status ? error.message : "jobwatch does not answer; trying again";
  main.querySelectorAll(":scope > .notice").forEach(notice => notice.remove());
  main.prepend(el("p", {class: "notice", role: "alert"}, text));
  if (!error.status) {
    age.textContent = "not connected";
    age.classList.add("stale");
  }
}

window.addEventListener("hashchange", route);
route();
