// A list that changes while somebody reads it, without moving under the reader.

import {el, update} from "./dom.js";
import {empty, tableOf} from "./parts.js";

/** How long after the last move of the pointer over the rows somebody may be about to click on one. */
const POINTING_MILLIS = 3000;

/**
 * The rows of a page of the API. While nobody looks into the list it is what the API answered. While somebody does (below its top, with the
 * focus, a selection or the pointer in it), the rows that are shown stay where they are and only their contents change; what is new is
 * counted and waits for a click.
 *
 * On a page that begins after a cursor nothing moves: what changes goes to the first page. There the API fills up with what stood on the pages
 * after it; these rows are not shown, so the way to the next page must be that of the answer that is shown, not of the newest one.
 */
export class LiveList {
  #label;
  #heads;
  #rowOf;
  #keyOf;
  #body = el("tbody", {role: "rowgroup"});
  #card;
  #more = el("button", {class: "button new", type: "button", hidden: true, onclick: () => this.#catchUp()});
  #empty = el("div", {});
  #shown = [];
  #latest = null;
  #drawn = null;
  #pointed = 0;

  /** Takes the columns as table() does, and how an item becomes a row() and a key that names it. */
  constructor(label, heads, keyOf, rowOf) {
    this.#label = label;
    this.#heads = heads;
    this.#keyOf = keyOf;
    this.#rowOf = rowOf;
    this.#card = el("div", {class: "card", hidden: true}, tableOf(label, heads, this.#body));
    this.#body.addEventListener("pointermove", event => {
      this.#pointed = event.pointerType === "mouse" ? performance.now() : 0;
    });
    this.element = el("section", {class: "livelist", tabindex: "-1", "aria-label": label}, this.#more, this.#card, this.#empty);
  }

  /** Forgets what is shown: the next page is another one. Until it comes the rows are still there, but marked as not being it. */
  reset() {
    this.#shown = [];
    this.#latest = null;
    this.#drawn = null;
    this.#more.hidden = true;
    this.element.setAttribute("aria-busy", "true");
  }

  /** There is no page to be shown. */
  clear() {
    this.reset();
    update(this.#body);
    update(this.#empty);
    this.#card.hidden = true;
    this.element.removeAttribute("aria-busy");
  }

  /**
   * Shows a page of the API.
   *
   * @param first     whether it is the first page, into which what is new comes
   * @param whenEmpty what to say where there is nothing
   * @param drawn     called once the rows are those of this page, which may be after a click, or never
   */
  show(page, first, whenEmpty, drawn = () => {}) {
    this.#latest = {page, drawn};
    this.element.removeAttribute("aria-busy");
    if (this.#shown.length === 0 || first && !this.#isRead()) {
      this.#replace();
    } else {
      this.#keep(page, first);
    }
    this.#card.hidden = this.#shown.length === 0;
    update(this.#empty, this.#shown.length === 0 ? empty(whenEmpty) : []);
  }

  #isRead() {
    const selection = getSelection();
    return this.#card.getBoundingClientRect().top < -40 || this.#body.contains(document.activeElement)
      || !selection.isCollapsed && this.#body.contains(selection.anchorNode)
      || this.#pointed > 0 && performance.now() - this.#pointed < POINTING_MILLIS;
  }

  #replace() {
    const {page, drawn} = this.#latest;
    const before = new Map(this.#shown.map(item => [this.#keyOf(item), JSON.stringify(item)]));
    const isNew = this.#shown.length > 0;
    this.#shown = page.items;
    this.#drawn = page;
    this.#draw(item => isNew && before.get(this.#keyOf(item)) !== JSON.stringify(item) ? "changed" : null);
    this.#announce(0);
    drawn();
  }

  #keep(page, first) {
    const fresh = new Map(page.items.map(item => [this.#keyOf(item), item]));
    const shown = new Set(this.#shown.map(this.#keyOf));
    const before = new Map(this.#shown.map(item => [this.#keyOf(item), JSON.stringify(item)]));
    this.#shown = this.#shown.map(item => fresh.get(this.#keyOf(item)) || item);
    const last = this.#shown.findLastIndex(item => fresh.has(this.#keyOf(item)));
    const whole = page.nextCursor === null || !first && page.items.length >= this.#shown.length;
    this.#draw((item, i) => {
      const key = this.#keyOf(item);
      // What is not in the answer and is not beyond its end is no longer in the list.
      return !fresh.has(key) ? whole || !first && i < last ? "left" : null : before.get(key) !== JSON.stringify(item) ? "changed" : null;
    });
    this.#announce(first ? this.#above(page.items, shown).length : 0);
  }

  /** The items that are not shown, without those that were on the next page and have moved up for others that left. */
  #above(items, shown) {
    const known = items.findLastIndex(item => shown.has(this.#keyOf(item)));
    return (this.#drawn.nextCursor === null || known < 0 ? items : items.slice(0, known)).filter(item => !shown.has(this.#keyOf(item)));
  }

  #draw(classOf) {
    update(this.#body, this.#shown.map((item, i) => {
      const tr = this.#rowOf(item);
      tr.setAttribute("data-key", this.#keyOf(item));
      const name = classOf(item, i);
      if (name !== null) {
        tr.classList.add(name);
        if (name === "left") {
          tr.title = "no longer in this list: it changed, or was forgotten";
        }
      }
      return tr;
    }));
  }

  #announce(count) {
    const text = count + (this.#latest.page.nextCursor !== null && count === this.#latest.page.items.length ? " or more" : "") + " new, show";
    this.#more.hidden = count === 0;
    if (count > 0 && this.#more.textContent !== text) {
      this.#more.textContent = text;
    }
  }

  #catchUp() {
    this.#pointed = 0;
    getSelection().removeAllRanges();
    this.#replace();
    this.element.focus({preventScroll: true});
    this.element.scrollIntoView({block: "start"});
  }
}
