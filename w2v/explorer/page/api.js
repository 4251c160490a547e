// Questions to the server. The token of this run stands behind the # of the address; it is kept for this tab only.

const KEY = "w2v-token";

if (location.hash.length > 1) {
  sessionStorage.setItem(KEY, location.hash.slice(1));
  history.replaceState(history.state, "", location.pathname);
}

/** An answer that is no answer: `message`, and for an unknown word its `closeMatches`. */
export class Refusal extends Error {
  constructor(status, content) {
    super(content.error ?? `the server answered with status ${status}`);
    this.status = status;
    this.word = content.word ?? null;
    this.closeMatches = content.close_matches ?? [];
  }
}

/** JSON from /api; a parameter may be a list, null leaves it out. */
export async function ask(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null) for (const one of [value].flat()) query.append(name, one);
  }
  let response;
  try {
    response = await fetch(`/api/${path}?${query}`, { headers: { "x-w2v-token": sessionStorage.getItem(KEY) ?? "" }, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, { error: "The explorer has ended: start it again with w2v explore." });
  }
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, content);
  return content;
}
