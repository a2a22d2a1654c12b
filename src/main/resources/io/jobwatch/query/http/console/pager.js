// The way through pages of the API, each of which begins where the one before ended.

import {el, update} from "./dom.js";
import {linkTo} from "./places.js";

/** Links to the next, the previous and the first page of a list. A page that came by a shared link knows no previous one. */
export class Pager {
  #page;
  #before = new Map();
  #last = {cursor: null, next: null};
  element = el("nav", {class: "pager", "aria-label": "Pages", hidden: true});

  /** Takes the name of the page that the list is on. */
  constructor(page) {
    this.#page = page;
  }

  /** Brings the links up to date; the cursor is empty on the first page, the next one null on the last. */
  show(filters, cursor, next) {
    const link = (name, to, rel) => el("a", {class: "button", href: linkTo(this.#page, [...filters, ["cursor", to]]), rel, "data-key": name}, name);
    this.#remember(cursor, next);
    const back = cursor ? this.#before.get(cursor) : undefined;
    this.element.hidden = !cursor && next === null;
    update(this.element,
      cursor ? link("Newest", "", "first") : [],
      back ? link("Newer", back, "prev") : [],
      next !== null ? link("Older", next, "next") : [],
      cursor ? el("span", {class: "quiet small"}, "Older than the first page: nothing new comes in here.") : []);
  }

  /** While a page is refreshed its next cursor changes each time, and nobody has followed the one before. */
  #remember(cursor, next) {
    if (this.#last.cursor === cursor && this.#last.next !== next) {
      this.#before.delete(this.#last.next);
    }
    if (next !== null) {
      this.#before.set(next, cursor);
    }
    this.#last = {cursor, next};
  }
}
