// Hears that something changed. What changed, the page asks the API for: so a missed or repeated event does no harm, and a burst costs
// one question a second.

import {headers} from "./api.js";

const FIRST_BACKOFF = 1000;
const LONGEST_BACKOFF = 30000;
/** The server says something every 15 s; a connection that is silent for three times as long is dead. */
const SILENCE_MILLIS = 45000;
/** How soon a server without a stream is asked for one again. */
const WITHOUT_MILLIS = 60000;
/**
 * A position older than that is forgotten: the server would read and send all that was since, and the page, which asks anew anyway, needs
 * none of it.
 */
const OLD_MILLIS = 60000;
/** A longer line, which no position has, is not kept. */
const LONGEST_LINE = 65536;

/**
 * The stream of transitions, read with fetch, because an EventSource cannot send a token. Reconnects for ever, with back-off: after a short
 * loss from the position it had, else from now. While there is no connection, the page polls.
 */
export class Live {
  #changed;
  #moded;
  #unauthorized;
  #running = null;
  #position = null;
  #heardAt = 0;

  /** Takes what to call on each change, with true or false when the stream comes or goes, and when a token is asked for. */
  constructor(changed, moded, unauthorized) {
    this.#changed = changed;
    this.#moded = moded;
    this.#unauthorized = unauthorized;
  }

  open() {
    if (this.#running === null) {
      this.#running = new AbortController();
      this.#run(this.#running.signal);
    }
  }

  /** Closes the connection; browsers allow few to a server, so a tab that nobody sees gives its own back. */
  close() {
    if (this.#running !== null) {
      this.#running.abort();
      this.#running = null;
      this.#position = null;
      this.#moded(false);
    }
  }

  async #run(signal) {
    let backoff = FIRST_BACKOFF;
    while (!signal.aborted) {
      const began = Date.now();
      const wait = await this.#connect(signal);
      if (signal.aborted) {
        return;
      }
      this.#moded(false);
      backoff = Date.now() - began > LONGEST_BACKOFF ? FIRST_BACKOFF : backoff;
      await pause(wait || backoff * (0.75 + Math.random() / 2), signal);
      backoff = Math.min(LONGEST_BACKOFF, backoff * 2);
    }
  }

  /** One connection from its beginning to its end; returns how long to wait for the next, or null for the usual time. */
  async #connect(signal) {
    const connection = new AbortController();
    const end = () => connection.abort();
    signal.addEventListener("abort", end);
    let silence = setTimeout(end, SILENCE_MILLIS);
    try {
      const asked = headers("text/event-stream");
      if (Date.now() - this.#heardAt > OLD_MILLIS) {
        this.#position = null;
      }
      if (this.#position !== null) {
        asked["Last-Event-ID"] = this.#position;
      }
      const answer = await fetch("/api/v1/events", {headers: asked, cache: "no-store", credentials: "omit", redirect: "error",
        signal: connection.signal});
      if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("text/event-stream")) {
        return this.#refused(answer);
      }
      this.#moded(true);
      this.#changed();
      const lines = new Lines(line => this.#take(line));
      const decoder = new TextDecoder();
      const reader = answer.body.getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MILLIS);
        this.#heardAt = Date.now();
        lines.add(decoder.decode(part.value, {stream: true}));
      }
      return null;
    } catch (error) {
      return null;   // a broken connection is begun again, whatever broke it
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", end);
      end();
    }
  }

  #refused(answer) {
    if (answer.status === 401) {
      this.#unauthorized();
      return WITHOUT_MILLIS;
    }
    if (answer.status === 400 && this.#position !== null) {
      this.#position = null;   // a position that the server does not know (any more)
      return null;
    }
    return answer.status >= 500 || answer.status === 429 ? null : WITHOUT_MILLIS;
  }

  #take(line) {
    if (line.startsWith("id:")) {
      this.#position = line.substring(3).trim();
    } else if (line.startsWith("event:") || line.startsWith("data:")) {
      this.#changed();
    }
  }
}

/** Cuts a text that comes in pieces into lines. */
class Lines {
  #take;
  #rest = "";

  constructor(take) {
    this.#take = take;
  }

  add(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop();
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = "data:";
    }
    lines.forEach(this.#take);
  }
}

function pause(millis, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, {once: true});
  });
}
