// One job: where it is, why it stopped, how it came there.

import {ApiError, get} from "./api.js";
import {alertRow} from "./alerts.js";
import {el, said, update} from "./dom.js";
import {Explanation} from "./explain.js";
import {alertsOf} from "./jobalerts.js";
import {copyButton, exact, facts, row, table} from "./parts.js";
import {apiOfJob, linkTo} from "./places.js";
import {badge, icon} from "./states.js";
import {duration, time} from "./time.js";
import {showTimeline} from "./timeline.js";

const TASK_HEADS = ["State", "Task", "#Took", "Errors"];
const ALERT_HEADS = ["Alert", "About", "Since", "Noticed", "What it says"];

/** The page #/jobs/source/jobId; ?attempt= says which report is shown. */
export class JobPage {
  #source;
  #jobId;
  #path;
  #attempt;
  #alerts = {items: [], complete: true};
  #alertsOf = null;
  #explanation;
  #head = el("div", {class: "job-head"});
  #alertBox = el("section", {"aria-label": "Alerts of this job"});
  #stop = el("section", {"aria-label": "Why it stopped"});
  #timeline = el("section", {"aria-label": "Timeline"});
  #facts = el("section", {"aria-label": "Facts"});
  #tasks = el("section", {"aria-label": "Tasks"});
  #raw = el("div", {});
  #json = el("details", {hidden: true}, el("summary", {}, "Raw JSON"), this.#raw);

  constructor(place) {
    this.#source = place.source;
    this.#jobId = place.jobId;
    this.#path = apiOfJob(place.source, place.jobId);
    this.#explanation = new Explanation(this.#path + "/explain");
    this.title = place.source + "/" + place.jobId;
    this.element = el("article", {}, this.#head, this.#alertBox, this.#stop,
      el("div", {class: "columns"}, this.#timeline, this.#facts), this.#tasks,
      el("section", {"aria-label": "More", hidden: this.#path === null}, this.#explanation.element, this.#json));
    update(this.#head, el("h1", {tabindex: "-1"}, said(this.#jobId)));
    this.move(place);
  }

  isAt(place) {
    return place.page === "job" && place.source === this.#source && place.jobId === this.#jobId;
  }

  move(place) {
    this.#attempt = place.query.get("attempt") || "";
  }

  end() {
    this.#explanation.end();
  }

  async load(signal) {
    if (this.#path === null) {
      throw new ApiError(404, "No browser can ask for a job whose id is “" + this.#jobId + "”; the command “jobwatch job” can.");
    }
    const query = this.#attempt ? "?attempt=" + encodeURIComponent(this.#attempt) : "";
    const [job, report] = await Promise.all([get(this.#path, {signal}), this.#report(query, signal)]);
    await this.#askForAlerts(job, signal);
    return () => this.#show(job, report);
  }

  /** No report where no attempt stopped, and where there is no job, which the other answer tells. */
  async #report(query, signal) {
    try {
      return await get(this.#path + "/report" + query, {accept: "text/plain", signal});
    } catch (error) {
      if (error.status === 404) {
        return null;
      }
      throw error;
    }
  }

  /** Alerts can be asked for by source only, so they are asked for when the job changed, not at each look. */
  async #askForAlerts(job, signal) {
    const version = [job.sequence, job.lostAt, job.stuckAlertedAt].join();
    if (this.#alertsOf !== version) {
      this.#alerts = await alertsOf(job, signal);
      this.#alertsOf = version;
    }
  }

  #show(job, report) {
    this.#showHead(job);
    const {items, complete} = this.#alerts;
    update(this.#alertBox, items.length === 0 && complete ? [] : [el("h2", {}, "Alerts"),
      items.length === 0 ? [] : table("Alerts", ALERT_HEADS, items.map(alertRow)),
      complete ? [] : el("p", {class: "quiet small"}, "Its source has had so many alerts since that older ones of this job were not looked for.")]);
    this.#showReport(job, report);
    showTimeline(this.#timeline, job);
    this.#showFacts(job);
    this.#showTasks(job);
    this.#json.hidden = false;
    update(this.#raw, exact("raw-json", "the raw JSON", JSON.stringify(job, null, 2)));
  }

  #showHead(job) {
    const lost = job.lostAt ? el("span", {class: "flag"}, icon("WARNING"), "Lost: the service no longer knows it, since ", time(job.lostAt)) : null;
    const stuck = job.stuckAlertedAt ? el("span", {class: "flag"}, icon("WARNING"), "Stuck: an alert was raised ", time(job.stuckAlertedAt)) : null;
    update(this.#head,
      el("h1", {tabindex: "-1"}, said(job.jobName || job.jobId)),
      el("p", {class: "key"}, el("span", {class: "id", id: "job-key"}, said(job.source + "/" + job.jobId)), " ", copyButton("job-key", "the key")),
      el("p", {class: "now"}, badge(job.state), el("span", {class: "quiet"}, "since ", time(job.stateSince, "both"),
        job.progress !== null && job.state === "PROCESSING" ? " · " + job.progress + " %" : "", job.attempt > 1 ? " · attempt " + job.attempt : ""),
      lost, stuck));
  }

  #showReport(job, report) {
    if (report === null && !this.#attempt) {
      update(this.#stop);
      return;
    }
    const attempts = job.attempt > 1 && job.attempt <= 20 ? Array.from({length: job.attempt}, (none, i) => String(i + 1)) : [];
    const shown = this.#attempt || (["ERROR", "CANCELED"].includes(job.state) ? String(job.attempt) : "");
    const links = attempts.map(attempt => el("a", {"data-key": attempt, "aria-current": attempt === shown ? "true" : null,
      href: location.hash.split("?")[0] + "?attempt=" + attempt}, attempt));
    update(this.#stop, el("h2", {}, "Why it stopped"), links.length > 0 ? el("p", {class: "attempts"}, "Report of attempt ", links) : [],
      report === null ? el("p", {class: "quiet"}, "This attempt has no report: it did not stop in an error or a cancellation.")
        : exact("report-text", "the report", report.trim()));
  }

  #showFacts(job) {
    update(this.#facts, el("h2", {}, "Facts"), el("div", {class: "card"}, facts([
      ["Service's state", said([job.nativeState, job.nativeReason].filter(text => text).join(" – "))],
      ["Source", el("a", {href: linkTo("jobs", [["source", job.source]])}, said(job.source + " (" + job.sourceType + ")"))],
      ["Account", said([job.account, job.location].filter(text => text).join(", "))],
      ["Attempt", String(job.attempt)],
      ["Created", job.createdAt && time(job.createdAt, "full")],
      ["Started", job.startedAt && time(job.startedAt, "full")],
      ["Ended", job.endedAt && time(job.endedAt, "full")],
      ["Ran for", job.startedAt && job.endedAt && duration(Date.parse(job.endedAt) - Date.parse(job.startedAt))],
      ["First seen", time(job.firstSeenAt, "full")],
      ["Last change seen", time(job.changedAt, "full")],
      ["Last seen to differ", time(job.observedAt, "full")],
      ["Still known to the service", job.gone ? "no" : "yes"],
      ...Object.entries(job.attributes).sort().map(([name, value]) => [name, said(value)]),
    ])));
  }

  #showTasks(job) {
    const took = task => task.startedAt && task.endedAt ? duration(Date.parse(task.endedAt) - Date.parse(task.startedAt)) : "–";
    update(this.#tasks, job.tasks.length === 0 ? [] : [el("h2", {}, "Tasks"), table("Tasks", TASK_HEADS, job.tasks.map(task => row(TASK_HEADS, [
      [badge(task.state), task.progress !== null && task.state === "PROCESSING" ? el("span", {class: "quiet progress"}, task.progress + " %") : null],
      [el("span", {class: "name"}, said(task.name || task.taskId)), task.name ? el("div", {class: "id"}, said(task.taskId)) : null],
      took(task),
      task.errors.length === 0 ? "–" : task.errors.map(error => el("div", {class: "error"}, error.code ? el("code", {}, said(error.code)) : null,
        " ", said(error.message))),
    ], {"data-key": task.taskId})))]);
  }
}
