// The words of the reader's language, as the server put them into the page.
export class Words {
  constructor(catalogue, lang) {
    this.catalogue = catalogue;
    this.plural = new Intl.PluralRules(lang);
  }

  // Says a word, in the plural form for values.count, with {name} filled in.
  say(key, values = {}) {
    let text = this.catalogue[key];
    if (text && typeof text === "object") text = text[this.plural.select(values.count)] || text.other;
    if (!text) return "";
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }
}
