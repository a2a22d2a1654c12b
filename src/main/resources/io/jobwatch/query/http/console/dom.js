// Makes elements and brings them up to date. What a service says becomes text here and nothing else: no function takes markup.

/**
 * Characters that show nothing, or turn around what stands beside them: controls, bidirectional marks, zero-width spaces and fillers,
 * lone surrogates. Joiners belong to emoji and to some scripts, but not beside ASCII.
 */
const UNSEEN = new RegExp("[\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180E\\u200B\\u200E"
  + "\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF9-\\uFFFB\\uD800-\\uDFFF\\u{E0000}-\\u{E007F}]"
  + "|(?<=[ -~])[\\u200C\\u200D]|[\\u200C\\u200D](?=[ -~])", "gu");

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Properties that begin with "on" are listeners, null and false leave an attribute out, true sets it empty. Children are
 * nodes, texts, lists of these, or null for nothing.
 */
export function el(name, properties, ...children) {
  return filled(document.createElement(name), properties, children);
}

/** Makes an element of an image. */
export function svg(name, properties, ...children) {
  return filled(document.createElementNS(SVG, name), properties, children);
}

/** A text of a service: its direction of writing does not touch what stands beside it. */
export function said(text) {
  return el("bdi", {}, String(text));
}

function filled(element, properties, children) {
  for (const [key, value] of Object.entries(properties || {})) {
    if (typeof value === "function") {
      element.addEventListener(key.substring(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      setAttribute(element, key, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

function setAttribute(element, name, value) {
  if (/^(on|style$|src$|srcdoc$)/i.test(name) || name === "href" && !/^(#\/|\/(?!\/)|#main$)/.test(value)) {
    throw new Error("no attribute " + name + "=" + value + " here");
  }
  element.setAttribute(name, value);
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child instanceof Node) {
      element.append(child);
    } else if (child !== null && child !== undefined && child !== false) {
      appendText(element, String(child));
    }
  }
}

/** Characters that nobody would see are shown by their numbers. */
function appendText(element, text) {
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    element.append(text.substring(from, match.index));
    const number = match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    const mark = document.createElement("span");
    mark.className = "unseen";
    mark.title = "an invisible character, U+" + number;
    mark.dataset.character = match[0];
    mark.textContent = "U+" + number;
    element.append(mark);
    from = match.index + match[0].length;
  }
  if (from < text.length || text === "") {
    element.append(text.substring(from));
  }
}

/** The text that an element was made of, with the characters that are shown by their numbers. */
export function textOf(element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    text += parent.className === "unseen" ? parent.dataset.character : texts.currentNode.data;
  }
  return text;
}

/**
 * Makes the children of an element be like the given ones, and keeps the nodes that are there: so focus, selection, scroll positions and
 * what a reader has opened survive. Children with the same data-key are the same thing, wherever they move.
 *
 * Listeners are not carried over: a listener must ask for what is current, not remember what was when it was made.
 */
export function update(parent, ...children) {
  const fresh = el("div", {}, children);
  updateChildren(parent, [...fresh.childNodes]);
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null;
}

function updateChildren(parent, fresh) {
  const wanted = new Set(fresh.map(keyOf).filter(key => key !== null));
  const keyed = new Map();
  for (const child of [...parent.childNodes]) {
    const key = keyOf(child);
    if (key !== null && !wanted.has(key)) {
      child.remove();
    } else if (key !== null) {
      keyed.set(key, child);
    }
  }
  let next = parent.firstChild;
  for (const node of fresh) {
    const key = keyOf(node);
    const known = key === null ? alike(next, node) ? next : null : keyed.get(key) || null;
    if (known === null) {
      parent.insertBefore(node, next);
    } else {
      known.nodeName === node.nodeName ? morph(known, node) : known.replaceWith(node);
      if (known === next) {
        next = next.nextSibling;
      } else {
        parent.insertBefore(known, next);
      }
    }
  }
  while (next) {
    const rest = next.nextSibling;
    next.remove();
    next = rest;
  }
}

function alike(old, fresh) {
  return old !== null && old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === null;
}

/** Makes one node be like another of the same name. */
export function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) {
      old.data = fresh.data;
    }
    return;
  }
  for (const {name} of [...old.attributes]) {
    // What is open was opened by the reader.
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) {
      old.removeAttribute(name);
    }
  }
  for (const {name, value} of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  // The text of a time is kept by the clock.
  if (old.nodeName !== "TIME") {
    updateChildren(old, [...fresh.childNodes]);
  }
}
