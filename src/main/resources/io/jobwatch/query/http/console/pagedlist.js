// A list that is longer than an answer of the API: a page of it, and the way to the others.

import {el} from "./dom.js";
import {Pager} from "./pager.js";

/** Jobs, failures or alerts, a page at a time. */
export class PagedList {
  #name;
  #list;
  #pager;
  #ask;
  #place = {filters: [], cursor: "", asked: []};

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
    this.#list.reset();
  }

  /** Answers the page, for show(); null where the server has no such list. */
  load(signal) {
    const {asked, cursor} = this.#place;
    return this.#ask("/api/v1/" + this.#name + "?" + new URLSearchParams([["limit", "50"], ...asked, ...cursor ? [["cursor", cursor]] : []]), {signal});
  }

  show(page, whenEmpty) {
    const {filters, cursor} = this.#place;
    this.#list.show(page, !cursor, whenEmpty, () => this.#pager.show(filters, cursor, page.nextCursor));
  }
}
