/** Reads one area's Markdown into sections; every mistake in a section throws with its code. */

const SEVERITIES = ["error", "warning", "hint"];
const PLACEHOLDER = /\{([a-z][A-Za-z]*)(\??)\}/g;

export function parseSections(markdown, area) {
  const parts = markdown.split(/^## /m).slice(1);
  return parts.map((part) => parseSection(part, area));
}

function parseSection(part, area) {
  const [heading = "", ...lines] = part.split(/[ \t]*\r?\n/);
  const code = heading.trim();
  const fail = (problem) => {
    throw new Error(`specs/diagnostics/${area}.md, ${code}: ${problem}`);
  };
  if (!new RegExp(`^${area}/[a-z][a-z0-9-]*$`).test(code)) fail(`a heading is ${area}/slug`);
  const { prose, examples } = splitExamples(lines, fail);
  const { items, why } = splitItems(prose);
  const texts = (key) => items.filter(([name]) => name === key).map(([, text]) => text);
  const messages = items.filter(([name]) => SEVERITIES.includes(name));
  const stranger = items.find(([name]) => ![...SEVERITIES, "label", "help"].includes(name));
  if (stranger !== undefined) fail(`unknown list item "${stranger[0]}"`);
  if (messages.length !== 1) fail("one list item states the message: error, warning or hint");
  if (why === "") fail("there is no paragraph that says why");
  const [severity, message] = messages[0];
  const section = {
    code,
    severity,
    message,
    label: texts("label"),
    help: texts("help"),
    why,
    ...examples,
  };
  if (/\{[a-zA-Z]+\?\}/.test(message)) fail("the message cannot have optional placeholders");
  if (section.passes.length === 0 && section.fails.length > 0) fail("there is no passing example");
  return section;
}

/** Takes the fenced examples out; what remains is the list and the prose. */
function splitExamples(lines, fail) {
  const examples = { fails: [], passes: [] };
  const prose = [];
  let open;
  for (const line of lines) {
    const fence = /^```(\S*)\s*(\S*)\s*(\S*)$/.exec(line);
    if (open !== undefined && line === "```") {
      open.group.push({
        language: open.language,
        path: open.path,
        text: open.text.join("\n") + "\n",
      });
      open = undefined;
    } else if (open !== undefined) open.text.push(line);
    else if (fence !== null) {
      const [, language, kind, path] = fence;
      const group = examples[kind] ?? fail(`an example is "fails" or "passes", not "${kind}"`);
      open = { group, language, path: path === "" ? "main.repq" : path, text: [] };
    } else prose.push(line);
  }
  if (open !== undefined) fail("an example is not closed");
  return { prose: prose.join("\n").trim(), examples };
}

function splitItems(prose) {
  const paragraphs = prose.split(/\n{2,}/);
  const list = (paragraphs[0] ?? "").startsWith("- ") ? paragraphs.shift() : "";
  const items = list
    .split(/^- /m)
    .slice(1)
    .map((item) => item.replace(/\s*\n\s*/g, " ").trim())
    .map((item) => [item.slice(0, item.indexOf(":")), item.slice(item.indexOf(":") + 1).trim()]);
  const why = paragraphs
    .map((text) => text.replace(/\s*\n\s*/g, " ").trim())
    .filter((text) => text !== "");
  return { items, why: why.join("\n\n") };
}

/** The placeholders of all texts of a section, in order of appearance; optional only where always optional. */
export function placeholdersOf({ message, label, help }) {
  const found = new Map();
  for (const text of [message, ...label, ...help]) {
    for (const [, name, mark] of text.matchAll(PLACEHOLDER)) {
      found.set(name, (found.get(name) ?? true) && mark === "?");
    }
  }
  return [...found].map(([name, isOptional]) => ({ name, isOptional }));
}
