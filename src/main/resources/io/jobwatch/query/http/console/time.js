// Times: how long ago, the whole time in UTC or local, and durations. The clock is the server's, as far as its answers tell it.

const ZONE_KEY = "jobwatch.zone";
/** More than the whole seconds of a header and a slow answer explain. */
const TOLERATED_MILLIS = 1500;

let offset = 0;
let zone = readZone();

/**
 * Learns what time the server has, of a header that has whole seconds. An estimate is kept while headers agree with it: with a new one for
 * each, the ages shown would run backwards now and then.
 *
 * @param receivedAt when the header came, by this machine's clock
 */
export function learnServerTime(dateHeader, receivedAt) {
  // On the average, half a second of the server's time is not told.
  const difference = Date.parse(dateHeader) + 500 - receivedAt;
  if (Math.abs(difference - offset) > TOLERATED_MILLIS) {
    offset = difference;
  }
}

/** The time by the server's clock, in milliseconds since 1970. */
export function now() {
  return Date.now() + offset;
}

export function currentZone() {
  return zone;
}

/** Shows times in "utc" or "local" from now on, and remembers it in this browser. */
export function useZone(name) {
  zone = name;
  try {
    localStorage.setItem(ZONE_KEY, name);
  } catch (error) {
    console.warn("the time zone is not remembered:", error.message);
  }
  tick();
}

function readZone() {
  try {
    return localStorage.getItem(ZONE_KEY) === "local" ? "local" : "utc";
  } catch (error) {
    console.warn("no time zone is remembered:", error.message);
    return "utc";
  }
}

/**
 * A time: "ago" as how long ago, "due" as how soon, "full" as date and time, "both". Its text is set by tick(), which keeps it true. A dash
 * for no time.
 */
export function time(iso, show = "ago") {
  const element = document.createElement(iso ? "time" : "span");
  if (iso) {
    element.dateTime = iso;
    element.dataset.show = show;
  } else {
    element.textContent = "–";
  }
  return element;
}

/** Sets the texts of all times in the page; called each second and after each change. */
export function tick() {
  for (const element of document.querySelectorAll("time[data-show]")) {
    const millis = Date.parse(element.dateTime);
    const full = fullTime(millis);
    const text = textOf(element.dataset.show, millis, full);
    if (element.textContent !== text) {
      element.textContent = text;
    }
    if (element.title !== full) {
      element.title = full;
    }
  }
  for (const element of document.querySelectorAll("[data-running-since]")) {
    const text = duration(now() - Date.parse(element.dataset.runningSince)) + " so far";
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }
}

function textOf(show, millis, full) {
  switch (show) {
    case "full": return full;
    case "both": return full + " (" + ago(millis) + ")";
    case "due": return millis - now() < 1000 ? "due" : ago(millis);
    default: return ago(millis);
  }
}

function ago(millis) {
  const passed = now() - millis;
  if (Math.abs(passed) < 1000) {
    return "now";
  }
  return passed > 0 ? coarse(passed) + " ago" : "in " + coarse(-passed);
}

function coarse(millis) {
  const seconds = Math.floor(millis / 1000);
  if (seconds < 60) {
    return seconds + " s";
  }
  if (seconds < 3600) {
    return Math.floor(seconds / 60) + " min";
  }
  return seconds < 48 * 3600 ? Math.floor(seconds / 3600) + " h" : Math.floor(seconds / 86400) + " d";
}

/** How long something took, to two units: 1 h 05 min. */
export function duration(millis) {
  if (millis < 1000) {
    return Math.max(0, Math.round(millis)) + " ms";
  }
  const seconds = Math.floor(millis / 1000);
  const two = number => String(number).padStart(2, "0");
  if (seconds < 60) {
    return (Math.floor(millis / 100) / 10).toFixed(1) + " s";
  }
  if (seconds < 3600) {
    return Math.floor(seconds / 60) + " min " + two(seconds % 60) + " s";
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 48 * 60 ? Math.floor(minutes / 60) + " h " + two(minutes % 60) + " min"
    : Math.floor(minutes / 1440) + " d " + two(Math.floor(minutes / 60) % 24) + " h";
}

/** Date and time in the zone that was chosen; milliseconds only where there are some. */
export function fullTime(millis) {
  const at = new Date(millis);
  if (Number.isNaN(at.getTime())) {
    return "no time";
  }
  if (zone === "utc") {
    return at.toISOString().replace("T", " ").replace(/(\.000)?Z$/, " UTC");
  }
  const east = -at.getTimezoneOffset();
  const shifted = new Date(millis + east * 60000).toISOString().replace("T", " ").replace(/(\.000)?Z$/, "");
  const two = number => String(number).padStart(2, "0");
  return shifted + " " + (east < 0 ? "-" : "+") + two(Math.floor(Math.abs(east) / 60)) + ":" + two(Math.abs(east) % 60);
}
