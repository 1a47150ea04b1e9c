import type { Argument, Call, Graph, Plan } from "../ir/index.ts";
import { nameValues, type Home, type NamedValues } from "./value-names.ts";

export interface FunctionBody {
  /** Statements, one call of a primitive each, with a comment line where another block or branch begins. */
  readonly lines: readonly string[];
  /** Properties of the object that holds the graph's outputs: `"path": variable`. */
  readonly outputs: readonly string[];
  /** The same of the running statistics' next values. */
  readonly updates: readonly string[];
}

export interface BodyRequest {
  readonly plan: Plan;
  readonly graph: Graph;
  /** Paths of the convolutions that are deployed, for the comments. */
  readonly blocks: readonly string[];
  /** Names that variables must not take. */
  readonly reserved: Iterable<string>;
}

/** Parameters of every function. */
export const inputName = "x";
export const weightsName = "weights";
/** Parameter of a function whose primitives draw. */
export const drawName = "draw";
/** Takes a weight out of the caller's record. */
export const takeName = "take";

/** A plan as the statements of a function of `x` and `weights`. */
export function functionBody({ plan, graph, blocks, reserved }: BodyRequest): FunctionBody {
  const own = [inputName, weightsName, drawName, takeName];
  const names = nameValues(plan, graph, [...reserved, ...own], inputName);
  const uses = usedValues(plan);
  const waiting = new Map(plan.weights.map((weight) => [weight.name, weight.path]));
  const lines: string[] = [];
  let section = "";
  const load = (value: string): void => {
    const path = waiting.get(value);
    if (path === undefined) return;
    waiting.delete(value);
    lines.push(
      `const ${names.variable(value)} = ${takeName}(${weightsName}, ${JSON.stringify(path)});`,
    );
  };
  for (const call of plan.calls) {
    const title = sectionOf(names.home(call.results[0]?.name ?? ""), blocks) ?? section;
    if (title !== section) lines.push("", `// ${title}`);
    section = title;
    for (const argument of call.arguments) if ("value" in argument) load(argument.value);
    lines.push(statement(call, names, uses));
  }
  const results = [...Object.values(plan.outputs), ...Object.values(plan.updates)];
  const passed = results.filter((value) => waiting.has(value));
  if (passed.length > 0) lines.push("", "// as they are");
  passed.forEach(load);
  return { lines, ...namedResults(plan, names) };
}

/** What a returned record holds. A value that is the caller's own, or returned already, is a clone, so that each can be disposed. */
function namedResults(plan: Plan, names: NamedValues): Pick<FunctionBody, "outputs" | "updates"> {
  const notOurs = new Set([...plan.weights.map(({ name }) => name), plan.input]);
  const property = ([name, value]: readonly [string, string]): string => {
    const variable = names.variable(value);
    const expression = notOurs.has(value) ? `tf.clone(${variable})` : variable;
    notOurs.add(value);
    return `${JSON.stringify(name)}: ${expression}`;
  };
  const outputs = Object.entries(plan.outputs).map(property);
  return { outputs, updates: Object.entries(plan.updates).map(property) };
}

/** `const name = primitive(...)`, or `const { field: name } = primitive(...)` of the fields that somebody uses. */
function statement(call: Call, names: NamedValues, uses: ReadonlySet<string>): string {
  const [first] = call.results;
  const args = call.arguments.map((one) => expression(one, names)).join(", ");
  const value = `${call.primitive}(${args});`;
  if (first?.field === undefined) return `const ${names.variable(first?.name ?? "")} = ${value}`;
  const fields = call.results
    .filter(({ name }) => uses.has(name))
    .map(({ name, field }) => `${field}: ${names.variable(name)}`);
  return `const { ${fields.join(", ")} } = ${value}`;
}

function expression(argument: Argument, names: NamedValues): string {
  if ("given" in argument) return drawName;
  return "value" in argument ? names.variable(argument.value) : JSON.stringify(argument.literal);
}

/** Whether some primitive draws. */
export function isDrawing({ calls }: Plan): boolean {
  return calls.some((call) => call.arguments.some((one) => "given" in one));
}

function usedValues({ calls, outputs, updates }: Plan): ReadonlySet<string> {
  const read = calls.flatMap((call) =>
    call.arguments.flatMap((one) => ("value" in one ? [one.value] : [])),
  );
  return new Set([...read, ...Object.values(outputs), ...Object.values(updates)]);
}

/** `s1.0`, or `s1.0, branch dense`; nothing for a constant, which stands where it is used. */
function sectionOf(home: Home | undefined, blocks: readonly string[]): string | undefined {
  if (home === undefined) return undefined;
  const path = home.join(".");
  const around = blocks.filter(
    (block) => block === "" || path === block || path.startsWith(`${block}.`),
  );
  const block = around.toSorted((a, b) => b.length - a.length)[0];
  if (block === undefined) return path === "" ? "the model" : path;
  const [branch] = path.slice(block === "" ? 0 : block.length + 1).split(".");
  const isPart = branch === "" || branch === undefined || branch === "input" || branch === "kernel";
  if (isPart) return block === "" ? "the block" : block;
  return block === "" ? `branch ${branch}` : `${block}, branch ${branch}`;
}
