import type { Call, Graph, Instruction, Plan } from "../ir/index.ts";

/** Where a value belongs, in parts of a weight path: [] is the whole model. */
export type Home = readonly string[];

export interface NamedValues {
  /** The variable of a value. */
  readonly variable: (value: string) => string;
  /** Home of a value: that of the weights it is made of; a constant has none. */
  readonly home: (value: string) => Home | undefined;
}

/** What to call the result of a primitive; any other keeps the primitive's own name. */
const nouns: Readonly<Record<string, string>> = {
  add: "sum",
  addChannels: "biased",
  carry: "carried",
  composeKernels: "composed",
  conv: "convolved",
  cropMap: "cropped",
  depthToSpace: "pixels",
  dequantize: "dequantized",
  dilateKernel: "dilated",
  embedKernel: "embedded",
  fillVector: "constant",
  firstImages: "sample",
  fixedKernel: "filter",
  followMean: "next_mean",
  followVariance: "next_variance",
  globalAverage: "average",
  identityKernel: "identity",
  learnedStepQuantize: "quantized",
  multiply: "product",
  negate: "negated",
  normalize: "normalized",
  padMap: "padded",
  prelu: "activated",
  quantizedConv: "convolved",
  quantizedGlobalAverage: "average",
  quantizeLevels: "levels",
  reciprocalRoot: "inverse_deviation",
  regroupKernel: "regrouped",
  relu: "activated",
  scaleChannels: "scaled",
  scaleIn: "scaled_kernel",
  scaleOut: "scaled_kernel",
  spreadKernel: "spread",
  subtract: "difference",
  tileChannels: "tiled",
};

/** Names every value of a plan after its home and what it is, as `s1_0_dense_1_scale`; no two are alike, and none is `reserved`. */
export function nameValues(
  plan: Plan,
  graph: Graph,
  reserved: Iterable<string>,
  input: string,
): NamedValues {
  const makers = makersOf(graph);
  const homes = new Map<string, Home | undefined>();
  const variables = new Map<string, string>();
  const taken = new Set(reserved);
  const define = (value: string, wanted: string) => variables.set(value, takeName(wanted, taken));
  const variable = (value: string): string => {
    const found = variables.get(value);
    if (found === undefined) throw new Error(`repqc bug: ${value} is used before it is computed`);
    return found;
  };
  const home = (value: string) => homes.get(value);
  if (plan.input !== undefined) {
    variables.set(plan.input, input);
    homes.set(plan.input, []);
  }
  for (const { name, path } of plan.weights) {
    homes.set(name, path.split(".").slice(0, -1));
    define(name, path.replaceAll(".", "_"));
  }
  for (const call of plan.calls) {
    const ownHome = homeOf(call, makers, home);
    for (const { name, field } of call.results) {
      homes.set(name, ownHome);
      define(name, [...(ownHome ?? []), nounOf(call, field, variable)].join("_"));
    }
  }
  return { variable, home };
}

/** A plan's values extend the names of the graph's: `%6.next` belongs to the instruction that makes `%6`. */
function makersOf(graph: Graph): (value: string) => Instruction | undefined {
  const makers = new Map(
    graph.instructions.flatMap((one) => one.results.map((result) => [result, one] as const)),
  );
  return (value) => makers.get(value.split(".")[0] ?? value);
}

/** Home of a call: its own path, or what the homes of its operands share. Activations come from elsewhere and count only among themselves. */
function homeOf(
  call: Call,
  makers: (value: string) => Instruction | undefined,
  home: (value: string) => Home | undefined,
): Home | undefined {
  const own = makers(call.results[0]?.name ?? "")?.attributes["path"];
  if (typeof own === "string") return own.split(".");
  const operands = call.arguments.flatMap((one) => ("value" in one ? [one.value] : []));
  const isActivation = (value: string): boolean => {
    const kind = makers(value)?.types[0]?.kind;
    return kind === "map" || kind === "features";
  };
  const learned = operands.filter((value) => !isActivation(value));
  const homes = (learned.length > 0 ? learned : operands)
    .map(home)
    .filter((one) => one !== undefined);
  return homes.length === 0 ? undefined : homes.reduce(sharedPart);
}

function sharedPart(a: Home, b: Home): Home {
  const end = a.findIndex((part, index) => part !== b[index]);
  return end < 0 ? a : a.slice(0, end);
}

function nounOf(
  { primitive, arguments: args }: Call,
  field: string | undefined,
  variable: (value: string) => string,
): string {
  if (field !== undefined) return field === "y" ? "normalized" : field;
  const isScale = args.some(
    (one) => "value" in one && /_?inverse_deviation(_\d+)?$/.test(variable(one.value)),
  );
  if (primitive === "multiply" && isScale) return "scale";
  return nouns[primitive] ?? primitive;
}

/** The name, or with the smallest number that makes it a new one. */
function takeName(wanted: string, taken: Set<string>): string {
  const name = /^\d/.test(wanted) ? `_${wanted}` : wanted;
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
  taken.add(free);
  return free;
}
