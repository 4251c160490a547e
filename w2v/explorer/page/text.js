// Words as text for people. A word may hold anything: it only ever reaches the page as textContent or on the canvas.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const JOINERS = "\u200c\u200d"; // part of the spelling of Persian and Indic words and of emoji

/** `word` with control, invisible and direction-changing characters as escapes such as \u{202e}. */
export function shown(word) {
  return word.replace(UNSEEN, (c) => (JOINERS.includes(c) ? c : `\\u{${c.codePointAt(0).toString(16)}}`));
}

/** At most `n` characters of a text, with an ellipsis. */
export function shortened(text, n) {
  if (text.length <= n) return text;
  const characters = [...text.slice(0, 2 * n + 2)]; // a character is one unit or two
  return characters.length <= n ? text : characters.slice(0, n - 1).join("") + "…";
}

export const integer = new Intl.NumberFormat("en").format;

/** An element with properties and children; strings become text nodes. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A word in a span, cut by an ellipsis where there is no room; the whole of it is its title. */
export function wordSpan(word) {
  const text = shown(word);
  return element("span", { className: "word", dir: "auto", title: shortened(text, 200) }, shortened(text, 80));
}
