// The box at the top: a whole key leads to the job, anything else to the jobs with that in their names.

import {get} from "./api.js";
import {apiOfJob, keyOf, linkTo, linkToJob} from "./places.js";

/** Listens to the form, and to the key / that leads to its field from anywhere but a field. */
export function listenToSearch(form, field) {
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const text = field.value.trim();
    if (text !== "") {
      location.hash = await target(text);
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
  const path = key === null ? null : apiOfJob(key.source, key.jobId);
  if (path !== null) {
    try {
      await get(path);
      return linkToJob(key.source, key.jobId);
    } catch (error) {
      if (error.status !== 404) {
        return linkToJob(key.source, key.jobId);   // the job's page tells what is wrong
      }
    }
  }
  return linkTo("jobs", [["name", text]]);
}
