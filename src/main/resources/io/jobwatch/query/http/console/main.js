// Puts the pages into the frame: which one is shown, when it asks again, and what is said about the age of what it shows.

import {AlertsPage} from "./alerts.js";
import {answered} from "./api.js";
import {el, said, update} from "./dom.js";
import {FailuresPage} from "./failures.js";
import {JobPage} from "./job.js";
import {JobsPage} from "./jobs.js";
import {Live} from "./live.js";
import {OverviewPage} from "./overview.js";
import {note} from "./parts.js";
import {linkTo, placeOf} from "./places.js";
import {listenToSearch} from "./search.js";
import {SignIn} from "./signin.js";
import {SourcesPage} from "./sources.js";
import {currentZone, duration, tick, useZone} from "./time.js";
import {Visited, comeBack} from "./visited.js";

const POLL_MILLIS = 2500;
/** With the stream, what it does not tell is still asked for: alerts, sources, progress, the age of the view. */
const STREAM_POLL_MILLIS = 10000;
/** Never more than one question a second, however much changes. */
const LEAST_MILLIS = 1000;
/** The view may show a change a little later than the stream tells it. */
const SETTLE_MILLIS = 1500;
const LONGEST_POLL_MILLIS = 20000;
/** Without an answer for so long, what is shown may not be what is. */
const SILENT_MILLIS = 12000;

/** Answers to a request that may be answered well when it is repeated: there is no job yet, or too much is asked at once. */
const PASSING = new Set([404, 408, 425, 429]);

const PAGES = {overview: OverviewPage, jobs: JobsPage, job: JobPage, failures: FailuresPage, alerts: AlertsPage, sources: SourcesPage};
const byId = id => document.getElementById(id);
const main = byId("main");
const notice = el("div", {role: "alert"});

const shown = {place: null, page: null, loaded: false, navigated: false, back: null, anyBefore: false};
const asking = {timer: null, running: null, settling: null, failures: 0, trouble: "", began: 0, dirty: false, refused: false};
const visited = new Visited();
let streaming = false;

const live = new Live(changed, isThere => {
  streaming = isThere;
  showAge();
}, () => signIn.ask());
const signIn = new SignIn(byId("signin"), byId("signout"), isSignedIn => {
  main.hidden = !isSignedIn;
  if (isSignedIn) {
    live.open();
    route();
  } else {
    live.close();
    stopAsking();
    forgetPage();
  }
});

// --- where the reader is ----------------------------------------------------------------------------------------------------------------------

function forgetPage() {
  if (shown.page !== null && shown.page.end) {
    shown.page.end();
  }
  Object.assign(shown, {page: null, place: null, loaded: false});
  main.replaceChildren(notice);
}

function route() {
  if (signIn.isAsking()) {
    return;
  }
  shown.back = visited.enter();
  const place = placeOf(location.hash);
  const same = shown.page !== null && shown.place.page === place.page && (place.page !== "job" || shown.page.isAt(place));
  if (same) {
    const turned = shown.place.query.get("cursor") !== place.query.get("cursor");
    shown.page.move(place);
    shown.navigated = turned;
  } else {
    forgetPage();
    shown.page = new PAGES[place.page](place);
    shown.page.element.hidden = true;
    shown.navigated = shown.anyBefore;
    shown.anyBefore = true;
    main.append(shown.page.element);
  }
  shown.place = place;
  document.title = (place.page === "overview" ? "" : shown.page.title + " – ") + "jobwatch";
  for (const link of byId("pages").querySelectorAll("a")) {
    link.dataset.page === (place.page === "job" ? "jobs" : place.page) ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
  }
  asking.failures = 0;
  asking.refused = false;
  ask();
}

/**
 * After a way to another page, the keyboard and screen readers begin at its head; after Back where they were, once there is what they were
 * looking at.
 */
function arrive(isAnswered) {
  shown.loaded = true;
  shown.page.element.hidden = false;
  if (shown.back !== null) {
    if (!isAnswered) {
      return;
    }
    shown.navigated = !comeBack(shown.back) && shown.navigated;
  } else if (shown.navigated) {
    scrollTo(0, 0);
  }
  if (shown.navigated) {
    shown.page.element.querySelector("h1").focus({preventScroll: true});
  }
  Object.assign(shown, {navigated: false, back: null});
}

// --- when it asks -----------------------------------------------------------------------------------------------------------------------------

function stopAsking() {
  clearTimeout(asking.timer);
  if (asking.running !== null) {
    asking.running.abort();
    asking.running = null;
  }
}

/** Asks now, whatever is being asked. */
async function ask() {
  stopAsking();
  const page = shown.page;
  const run = asking.running = new AbortController();
  Object.assign(asking, {began: Date.now(), dirty: false});
  try {
    const show = await page.load(run.signal);
    if (asking.running === run) {
      show();
      tick();
      Object.assign(asking, {failures: 0, trouble: "", refused: false});
      update(notice);
      arrive(true);
    }
  } catch (error) {
    if (asking.running === run) {
      failed(error);
    }
  }
  if (asking.running === run) {
    asking.running = null;
    tick();
    showAge();
    plan(asking.dirty ? LEAST_MILLIS : nextPoll());
  }
}

function failed(error) {
  if (error.status === 401) {
    signIn.ask();
    return;
  }
  if (error.status === undefined) {
    console.error(error);
  }
  asking.failures++;
  asking.trouble = error.status === 0 ? "not connected" : error.status >= 500 ? "not ready" : "";
  asking.refused = error.status >= 400 && error.status < 500 && !PASSING.has(error.status);
  update(notice, note("bad", ...reasonOf(error)));
  if (asking.refused && shown.page.refused) {
    shown.page.refused();
  }
  // Also without an answer the reader can choose something else.
  arrive(false);
}

function reasonOf(error) {
  if (asking.refused) {
    const {page, query} = shown.place;
    return ["jobwatch refuses what this address asks for: ", said(error.message), ". ",
      page !== "job" && query.size > 0 ? el("a", {href: linkTo(page)}, "Show all " + page) : ""];
  }
  return [error.status === undefined ? "This page has a fault: " + error.message : error.message, error.status === 404 ? "" : ". Trying again."];
}

function nextPoll() {
  return asking.failures > 0 ? Math.min(LONGEST_POLL_MILLIS, POLL_MILLIS * 2 ** (asking.failures - 1)) : streaming ? STREAM_POLL_MILLIS : POLL_MILLIS;
}

function plan(millis) {
  clearTimeout(asking.timer);
  if (!document.hidden && !signIn.isAsking() && !asking.refused) {
    asking.timer = setTimeout(ask, Math.max(millis, asking.began + LEAST_MILLIS - Date.now()));
  }
}

function changed() {
  if (!asking.dirty) {
    asking.dirty = true;
    if (asking.running === null) {
      plan(100);
    }
  }
  clearTimeout(asking.settling);
  asking.settling = setTimeout(() => {
    if (asking.running === null) {
      plan(0);
    }
  }, SETTLE_MILLIS);
}

// --- how old it is ----------------------------------------------------------------------------------------------------------------------------

function showAge() {
  const silent = answered.at === null ? 0 : Date.now() - answered.at;
  const lost = asking.trouble !== "" && (silent > SILENT_MILLIS || answered.at === null);
  const mode = asking.trouble || (asking.refused ? "paused" : answered.at === null ? "connecting" : streaming ? "live" : "polling");
  const lag = answered.lag === null || asking.trouble || asking.refused ? "" : ", " + duration(answered.lag * 1000) + " old";
  byId("age").dataset.mode = answered.stale || asking.trouble ? "bad" : mode;
  say("age", (answered.stale && !asking.trouble ? "stale" : mode) + lag);
  const banner = lost ? "No answer from jobwatch" + (answered.at === null ? "." : " for " + duration(Math.floor(silent / 1000) * 1000).replace(".0", "")
    + ": what is below is from then.") : answered.stale ? "Stale: " + (answered.lag > 30 ? "the view is " + duration(answered.lag * 1000) + " old"
      : "events wait to be processed") + ". Jobs may have moved on." : "";
  byId("banner").hidden = banner === "";
  say("banner-text", banner);
  // Said once when it begins and when it ends; a text that counts would be read aloud each second.
  say("spoken", lost ? "No answer from jobwatch" : answered.stale ? "The view is stale" : answered.at === null ? "" : "Connected");
}

function say(id, text) {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

// --- the frame --------------------------------------------------------------------------------------------------------------------------------

function showZone() {
  const [name, other] = currentZone() === "utc" ? ["UTC", "local time"] : ["Local", "UTC"];
  say("zone", name);
  byId("zone").setAttribute("aria-label", "Times in " + name + ", show them in " + other);
}

byId("zone").addEventListener("click", () => {
  useZone(currentZone() === "utc" ? "local" : "utc");
  showZone();
});
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();   // the part after # says where the reader is
  main.focus();
});
addEventListener("hashchange", route);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    live.close();
    clearTimeout(asking.timer);
  } else if (!signIn.isAsking()) {
    live.open();
    ask();
  }
});
setInterval(() => {
  tick();
  showAge();
}, 1000);

listenToSearch(byId("search"), byId("query"));
showZone();
route();
live.open();
