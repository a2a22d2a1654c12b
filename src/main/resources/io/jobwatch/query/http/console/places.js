// Where the reader is: all of it stands in the part of the address after #, so that a link can be shared and Back works.

const PAGES = new Set(["jobs", "failures", "alerts", "sources"]);

/** The page that a hash names, and its filters. What names none is the overview. */
export function placeOf(hash) {
  const text = hash.replace(/^#\/?/, "");
  const mark = text.indexOf("?");
  const query = new URLSearchParams(mark < 0 ? "" : text.substring(mark + 1));
  const parts = (mark < 0 ? text : text.substring(0, mark)).split("/");
  if (parts.length === 1 && PAGES.has(parts[0])) {
    return {page: parts[0], query};
  }
  if (parts.length === 3 && parts[0] === "jobs" && parts[1] !== "" && parts[2] !== "") {
    try {
      return {page: "job", source: decodeURIComponent(parts[1]), jobId: decodeURIComponent(parts[2]), query};
    } catch (error) {
      return {page: "overview", query: new URLSearchParams(), problem: "the address after # holds a % that encodes nothing"};
    }
  }
  return {page: "overview", query: new URLSearchParams()};
}

/** The address of a page. Filters are pairs of name and value; those without a value are left out. */
export function linkTo(page, filters = []) {
  const query = new URLSearchParams(filters.filter(([, value]) => value !== null && value !== undefined && value !== ""));
  const text = query.toString();
  return "#/" + (page === "overview" ? "" : page) + (text ? "?" + text : "");
}

export function linkToJob(source, jobId) {
  return "#/jobs/" + encoded(source) + "/" + encoded(jobId);
}

/**
 * The address of a job in the API, or null: a browser takes "." and ".." for steps in the path, however they are encoded, so it cannot ask
 * for a job of such an id.
 */
export function apiOfJob(source, jobId) {
  const isStep = text => text === "." || text === "..";
  return isStep(source) || isStep(jobId) ? null : "/api/v1/jobs/" + encoded(source) + "/" + encoded(jobId);
}

function encoded(text) {
  // Half a surrogate pair has no encoding.
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD"));
}

/** Source and job id of a whole key, or null where the text is none. */
export function keyOf(text) {
  const match = /^([a-z0-9][a-z0-9-]*)\/(.+)$/s.exec(text.trim());
  return match ? {source: match[1], jobId: match[2]} : null;
}
