// Asks the API, with the token where one was given, and keeps what each answer says of its own age.

import {learnServerTime} from "./time.js";

const TOKEN_KEY = "jobwatch.token";
const TIMEOUT_MILLIS = 20000;
const STALE_SECONDS = 30;
/** How long an endpoint that is not there is not asked for again. */
const MISSING_MILLIS = 60000;

let token = readToken();
const missing = new Map();

/** What the last answers said: seconds of lag, whether they are too old, and when the last one came (by this machine's clock). */
export const answered = {lag: null, stale: false, at: null};

/** An answer that is none. The status is 0 where there was no answer at all. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Answers JSON, or text where that is accepted. */
export async function get(path, {accept = "application/json", signal = null} = {}) {
  const deadline = AbortSignal.timeout(TIMEOUT_MILLIS);
  let answer;
  try {
    answer = await fetch(path, {headers: headers(accept), cache: "no-store", credentials: "omit", redirect: "error",
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline});
    const receivedAt = Date.now();
    if (answer.ok) {
      const value = await (accept === "application/json" ? answer.json() : answer.text());
      learnServerTime(answer.headers.get("Date"), receivedAt);
      remember(answer, accept === "application/json" ? value.stale === true : answered.stale);
      return value;
    }
  } catch (error) {
    if (signal && signal.aborted) {
      throw error;
    }
    throw new ApiError(0, "jobwatch does not answer");
  }
  throw await problemOf(answer);
}

/** As get, but null where the server has no such endpoint; it is asked again after a minute. */
export async function getIfThere(path, options) {
  const endpoint = path.split("?")[0];
  if (missing.has(endpoint) && Date.now() - missing.get(endpoint) < MISSING_MILLIS) {
    return null;
  }
  try {
    return await get(path, options);
  } catch (error) {
    if (error.status === 404 || error.status === 405 || error.status === 501) {
      missing.set(endpoint, Date.now());
      return null;
    }
    throw error;
  }
}

export function headers(accept) {
  return token ? {Accept: accept, Authorization: "Bearer " + token} : {Accept: accept};
}

export async function problemOf(answer) {
  let detail = "jobwatch answered " + answer.status;
  if ((answer.headers.get("Content-Type") || "").startsWith("application/problem+json")) {
    // Where the document cannot be read, the status has to do.
    detail = await answer.json().then(problem => problem.detail || detail, () => detail);
  }
  return new ApiError(answer.status, detail);
}

/** Only JSON tells whether it is stale; what it told stands until JSON tells otherwise. */
function remember(answer, stale) {
  const lag = answer.headers.get("X-Jobwatch-View-Lag");
  answered.lag = lag === null ? null : Number(lag);
  answered.stale = stale || answered.lag > STALE_SECONDS;
  answered.at = Date.now();
}

export function hasToken() {
  return token !== null;
}

/** Whether a text can be sent as a token at all. */
export function isToken(text) {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Keeps a token for this tab, until it is closed; null forgets it. */
export function keepToken(text) {
  token = text;
  try {
    if (text === null) {
      sessionStorage.removeItem(TOKEN_KEY);
    } else {
      sessionStorage.setItem(TOKEN_KEY, text);
    }
  } catch (error) {
    console.warn("the token is kept only until the page is loaded again:", error.message);
  }
}

function readToken() {
  try {
    return sessionStorage.getItem(TOKEN_KEY);
  } catch (error) {
    console.warn("no token is kept:", error.message);
    return null;
  }
}
