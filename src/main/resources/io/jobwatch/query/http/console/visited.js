// Where on its pages the reader was, so that Back leads there and not to the top of a page.

/** More pages than anybody goes back. */
const MOST_ENTRIES = 200;
/** Browsers refuse to be told too often. */
const SCROLLED_MILLIS = 300;

/**
 * Remembers for each entry of the browser's history how far down the reader was, and on which link. The browser itself cannot bring them
 * back: when it tries, the page has not been asked for yet.
 */
export class Visited {
  #places = new Map();
  #entry = null;
  #scrolling;

  constructor() {
    history.scrollRestoration = "manual";
    // A page that is loaded again begins where it was; what holds the other places is gone then. Once it is left it is too late to say so.
    addEventListener("scroll", () => {
      clearTimeout(this.#scrolling);
      this.#scrolling = setTimeout(() => this.#scrolled(), SCROLLED_MILLIS);
    }, {passive: true});
  }

  #scrolled() {
    if (history.state !== null && history.state.entry === this.#entry) {
      history.replaceState({entry: this.#entry, y: scrollY}, "");
    }
  }

  /**
   * The address is another one, the page is still the same. Answers where the reader was when they left the entry that they come back to,
   * or null where it is a new one.
   */
  enter() {
    const state = history.state;
    if (state !== null && state.entry === this.#entry) {
      return null;
    }
    if (this.#entry !== null) {
      this.#keep(this.#entry, reading());
    }
    this.#entry = state === null ? Math.random().toString(36).substring(2) : state.entry;
    if (state === null) {
      history.replaceState({entry: this.#entry}, "");
      return null;
    }
    return this.#places.get(this.#entry) || (state.y === undefined ? null : {y: state.y, href: null, key: null});
  }

  #keep(entry, place) {
    this.#places.delete(entry);
    this.#places.set(entry, place);
    if (this.#places.size > MOST_ENTRIES) {
      this.#places.delete(this.#places.keys().next().value);
    }
  }
}

function reading() {
  const link = document.activeElement === null ? null : document.activeElement.closest("main a[href]");
  return {y: scrollY, href: link && link.getAttribute("href"), key: link && keyOf(link)};
}

/** Brings the reader back to a place; answers whether there is the link that they were on. */
export function comeBack({y, href, key}) {
  scrollTo(0, y);
  const links = href === null ? [] : [...document.querySelectorAll("main a[href]")].filter(link => link.getAttribute("href") === href);
  const link = links.find(one => keyOf(one) === key) || links[0];
  if (link) {
    link.focus({preventScroll: true});
    link.scrollIntoView({block: "nearest"});   // it may have moved meanwhile
  }
  return Boolean(link);
}

function keyOf(link) {
  const keyed = link.closest("[data-key]");
  return keyed && keyed.dataset.key;
}
