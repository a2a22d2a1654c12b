// The box at the top: a whole key or an id leads to the job, anything else to the jobs with that in their names.

import {get} from "./api.js";
import {apiOfJob, keyOf, linkTo, linkToJob} from "./places.js";

/** How many sources are asked whether they have a job of an id: those with the most jobs. */
const MOST_SOURCES = 20;

/** Listens to the form, and to the key / that leads to its field from anywhere but a field. */
export function listenToSearch(form, field) {
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === "") {
      return;
    }
    const asked = location.hash;
    field.setAttribute("aria-busy", "true");
    const found = await target(text);
    field.removeAttribute("aria-busy");
    // Who has gone elsewhere meanwhile, or typed something else, does not want it any more.
    if (location.hash === asked && field.value.trim() === text) {
      location.hash = found;
      field.value = "";
      field.blur();
    }
  });
  addEventListener("keydown", event => {
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "Escape" && event.target === field) {
      field.value = "";
      field.blur();
    }
  });
}

async function target(text) {
  const key = keyOf(text);
  try {
    const job = key && await jobOf(key.source, key.jobId) || await jobOfId(text);
    return job === null ? linkTo("jobs", [["name", text]]) : linkToJob(job.source, job.jobId);
  } catch (error) {
    // The page tells what is wrong.
    return key === null ? linkTo("jobs", [["name", text]]) : linkToJob(key.source, key.jobId);
  }
}

/** Answers the job, or null where there is none. */
async function jobOf(source, jobId) {
  const path = apiOfJob(source, jobId);
  try {
    return path === null ? null : await get(path);
  } catch (error) {
    if (error.status === 404) {
      return null;
    }
    throw error;
  }
}

/** Answers a job with that id, whatever its source; of several the one that changed last, or null where there is none. */
async function jobOfId(jobId) {
  const jobsOf = states => Object.values(states).reduce((sum, n) => sum + n, 0);
  const {sources} = await get("/api/v1/summary");
  const most = sources.sort((a, b) => jobsOf(b.states) - jobsOf(a.states)).slice(0, MOST_SOURCES);
  const jobs = await Promise.all(most.map(({source}) => jobOf(source, jobId)));
  return jobs.filter(job => job !== null).sort((a, b) => Date.parse(b.changedAt) - Date.parse(a.changedAt))[0] ?? null;
}
