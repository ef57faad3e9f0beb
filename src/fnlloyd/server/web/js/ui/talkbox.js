// The talk box: Enter sends what the player wrote, Escape gives the hands back to the game.

export class TalkBox {
  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement} field  where the focus returns
   * @param {(text: string) => boolean} say  false when there is no connection
   */
  constructor(form, field, say) {
    this.form = form;
    this.input = form.querySelector("input");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) {
        field.focus({ preventScroll: true });
        return;
      }
      if (say(text)) this.input.value = "";
      form.classList.toggle("unsent", this.input.value !== "");
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") field.focus({ preventScroll: true });
    });
  }

  get typing() {
    return document.activeElement === this.input;
  }

  focus() {
    this.input.focus();
  }
}
