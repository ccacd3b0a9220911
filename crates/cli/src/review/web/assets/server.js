// What is asked of emendo. Writes go one after the other, each built when it is its turn: it names what the reader saw last.

const key = document.querySelector('meta[name="emendo-key"]').content;

/** Why emendo did not do it. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function answer(response) {
  const text = await response.text();
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    said = { error: text };
  }
  if (!response.ok) throw new Refused(response.status, said.error ?? "It was refused.");
  return said;
}

export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  return answer(await fetch(`/api/${path}${query ? `?${query}` : ""}`, { credentials: "same-origin" }));
}

let last = Promise.resolve();

export function write(path, build) {
  const turn = last.then(async () => answer(await fetch(`/api/${path}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json", "x-emendo-key": key },
    body: JSON.stringify(build()),
  })));
  last = turn.catch(() => {});
  return turn;
}
