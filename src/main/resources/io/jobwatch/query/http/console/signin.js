// The form that asks for a token, where the server wants one.

import {hasToken, isToken, keepToken} from "./api.js";

/** Shows the form when it is needed, and says when the reader has signed in or out. The token is kept by api.js for this tab alone. */
export class SignIn {
  #form;
  #out;
  #field;
  #message;
  #signed;

  constructor(form, out, signed) {
    this.#form = form;
    this.#out = out;
    this.#field = form.querySelector("input");
    this.#message = form.querySelector("[role=alert]");
    this.#signed = signed;
    out.hidden = !hasToken();
    form.addEventListener("submit", event => {
      event.preventDefault();
      this.#submit();
    });
    out.addEventListener("click", () => {
      keepToken(null);
      this.#show("");
    });
  }

  isAsking() {
    return !this.#form.hidden;
  }

  /** The server wants a token, or another one than it got. */
  ask() {
    if (!this.isAsking()) {
      const refused = hasToken();
      keepToken(null);
      this.#show(refused ? "This token is not accepted." : "");
    }
  }

  #submit() {
    const text = this.#field.value.trim();
    if (!isToken(text)) {
      this.#message.textContent = text === "" ? "Paste a token." : "A token has no spaces and none but ASCII characters.";
      this.#field.focus();
      return;
    }
    keepToken(text);
    this.#field.value = "";
    this.#form.hidden = true;
    this.#out.hidden = false;
    this.#signed(true);
  }

  #show(message) {
    this.#message.textContent = message;
    this.#form.hidden = false;
    this.#out.hidden = true;
    this.#signed(false);
    this.#field.focus();
  }
}
