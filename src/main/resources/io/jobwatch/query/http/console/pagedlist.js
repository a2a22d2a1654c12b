// A list that is longer than an answer of the API: a page of it, and the way to the others.

import {el} from "./dom.js";
import {Pager} from "./pager.js";
import {linkTo} from "./places.js";

/** An answer may hold few items, or none, though there are more: the API looks through so much of a list and no more. */
const FEW = 10;
const MOST_REQUESTS = 5;
/** How long a page that took more than one request is not asked for again. */
const SPARED_MILLIS = 10000;

/** Jobs, failures or alerts, a page at a time. */
export class PagedList {
  #name;
  #list;
  #pager;
  #ask;
  #place = {filters: [], cursor: "", asked: []};
  #costly = null;

  /**
   * Takes the name that the list has in the API and in addresses of the console, the LiveList that shows it, and which of the functions of
   * api.js asks for it.
   */
  constructor(name, list, ask) {
    this.#name = name;
    this.#list = list;
    this.#pager = new Pager(name);
    this.#ask = ask;
    this.element = el("div", {}, list.element, this.#pager.element);
  }

  /**
   * Another page of it is to be shown, of which nothing is known yet.
   *
   * @param filters as they stand in the address, pairs of name and value
   * @param cursor  empty for the first page
   * @param asked   the filters as the API takes them
   */
  move(filters, cursor, asked = filters) {
    this.#place = {filters, cursor, asked: asked.filter(([, value]) => value)};
    this.#costly = null;
    this.#list.reset();
  }

  /** Answers the page, for show(); null where the server has no such list. */
  async load(signal) {
    const place = this.#place;
    if (this.#costly !== null && Date.now() - this.#costly.at < SPARED_MILLIS) {
      return this.#costly.page;
    }
    const page = {items: [], nextCursor: place.cursor || null};
    let requests = 0;
    do {
      const query = new URLSearchParams([["limit", "50"], ...place.asked, ...page.nextCursor === null ? [] : [["cursor", page.nextCursor]]]);
      const answer = await this.#ask("/api/v1/" + this.#name + "?" + query, {signal});
      if (answer === null) {
        return null;
      }
      page.items.push(...answer.items);
      page.nextCursor = answer.nextCursor;
      requests++;
    } while (page.items.length < FEW && page.nextCursor !== null && requests < MOST_REQUESTS);
    if (this.#place === place) {
      this.#costly = requests > 1 ? {page, at: Date.now()} : null;
    }
    return page;
  }

  /** The server will not answer what is asked. */
  refused() {
    this.#list.clear();
    this.#pager.element.hidden = true;
  }

  show(page, whenEmpty) {
    const {filters, cursor} = this.#place;
    const nothing = page.nextCursor === null ? whenEmpty
      : ["None of the " + (cursor ? "next " : "newest ") + this.#name + " matches these filters; older ones have not been looked through. ",
        el("a", {href: linkTo(this.#name, [...filters, ["cursor", page.nextCursor]])}, "Search on")];
    this.#list.show(page, !cursor, nothing, () => this.#pager.show(filters, cursor, page.nextCursor));
  }
}
