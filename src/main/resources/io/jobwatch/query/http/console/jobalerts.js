// The alerts of one job. The API lists alerts by source, the newest first.

import {alertKey} from "./alerts.js";
import {getIfThere} from "./api.js";

const MOST_REQUESTS = 5;
/** The job is first seen by one clock, its alerts are noticed by another. */
const TOLERATED_MILLIS = 60000;

/**
 * Answers {items, complete}: those that are active before those that ended. It is not complete where the source has had more alerts since
 * the job was first seen than are looked through; and empty where the server has no alerts.
 */
export async function alertsOf(job, signal) {
  const found = new Map();
  let complete = true;
  for (const active of [true, false]) {
    let cursor = "";
    for (let requests = 0; cursor !== null; requests++) {
      if (requests === MOST_REQUESTS) {
        complete = false;
        break;
      }
      const query = new URLSearchParams({active, limit: "500", source: job.source, ...cursor ? {cursor} : {}});
      const page = await getIfThere("/api/v1/alerts?" + query, {signal});
      if (page === null) {
        return {items: [], complete: true};
      }
      // One that ended meanwhile is in both lists.
      page.items.filter(alert => alert.jobId === job.jobId).forEach(alert => found.set(alertKey(alert), alert));
      const oldest = page.items.at(-1);
      const isBefore = oldest && Date.parse(oldest.detectedAt) < Date.parse(job.firstSeenAt) - TOLERATED_MILLIS;
      cursor = isBefore ? null : page.nextCursor;
    }
  }
  return {items: [...found.values()], complete};
}
