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
  detach: "constant",
  dilateKernel: "dilated",
  dilatedConv: "convolved",
  embedKernel: "embedded",
  fillVector: "constant",
  firstImages: "sample",
  fixedKernel: "filter",
  fixedStepQuantize: "quantized",
  flipKernel: "flipped",
  foldKernel: "folded_kernel",
  followMean: "next_mean",
  followRange: "next_step",
  followVariance: "next_variance",
  globalAverage: "average",
  identityKernel: "identity",
  joinChannels: "joined",
  learnedStepQuantize: "quantized",
  maxPool: "pooled",
  mixKernels: "mixed",
  multiply: "product",
  negate: "negated",
  normalize: "normalized",
  offsetLevels: "levels",
  offsetQuantize: "quantized",
  padMap: "padded",
  prelu: "activated",
  quantizedConv: "convolved",
  quantizedGlobalAverage: "average",
  quantizeLevels: "levels",
  rangeStep: "step",
  reciprocalRoot: "inverse_deviation",
  regroupKernel: "regrouped",
  relu: "activated",
  sampleLattice: "sample",
  scaleChannels: "scaled",
  scaleIn: "scaled_kernel",
  scaleOut: "scaled_kernel",
  selectKernel: "selection",
  sliceChannels: "sliced",
  spreadKernel: "spread",
  stepOfRange: "step",
  subtract: "difference",
  tileChannels: "tiled",
};

/** Where the same primitive means different things, by kind of its result. */
const nounsByKind: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  add: { kernel: "summed_kernel", vector: "summed_bias" },
  joinChannels: { kernel: "joined_kernel", vector: "joined_bias" },
  negate: { kernel: "negated_kernel", vector: "negated_bias" },
  subtract: { vector: "offset" },
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
  const taken = new Map<string, number>();
  for (const name of reserved) taken.set(name, 1);
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
    homes.set(name, ownerOf(path));
    define(name, path.replaceAll(".", "_"));
  }
  for (const call of plan.calls) {
    const maker = makers(call.results[0]?.name ?? "");
    const ownHome = homeOf(call, makers, home);
    const prefix = pathOf(maker)?.split(".") ?? ownHome ?? [];
    for (const { name, field } of call.results) {
      homes.set(name, ownHome);
      define(name, [...prefix, nounOf(call, maker, field, variable)].join("_"));
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

function pathOf(instruction: Instruction | undefined): string | undefined {
  const path = instruction?.attributes["path"];
  return typeof path === "string" ? path : undefined;
}

/** Home of a weight: `s1.0` owns `s1.0.kernel`, and the step of `s1.0.input` too. */
function ownerOf(weightPath: string): Home {
  const parts = weightPath.split(".");
  return parts.slice(0, parts.at(-1) === "step" ? -2 : -1);
}

/** Home of a call: its own path, or what the homes of its operands share. Activations come from elsewhere and count only among themselves. */
function homeOf(
  call: Call,
  makers: (value: string) => Instruction | undefined,
  home: (value: string) => Home | undefined,
): Home | undefined {
  const maker = makers(call.results[0]?.name ?? "");
  const path = pathOf(maker);
  if (path !== undefined)
    return maker?.op.startsWith("quantize") ? path.split(".").slice(0, -1) : path.split(".");
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
  maker: Instruction | undefined,
  field: string | undefined,
  variable: (value: string) => string,
): string {
  if (field !== undefined) return field === "y" ? "normalized" : `batch_${field}`;
  const names = args.flatMap((one) => ("value" in one ? [variable(one.value)] : []));
  const has = (noun: RegExp): boolean => names.some((name) => noun.test(name));
  if (primitive === "multiply" && has(/inverse_deviation(_\d+)?$/)) return "scale";
  if (primitive === "multiply" && has(/mean(_\d+)?$/)) return "scaled_mean";
  const kind = maker?.types[0]?.kind ?? "";
  return nounsByKind[primitive]?.[kind] ?? nouns[primitive] ?? primitive;
}

/**
 * The name, or with the smallest number that makes it a new one.
 * @param taken every name given, with the last number that was tried behind it
 */
function takeName(wanted: string, taken: Map<string, number>): string {
  const name = /^\d/.test(wanted) ? `_${wanted}` : wanted;
  let count = taken.get(name) ?? 0;
  let free = name;
  while (taken.has(free)) free = `${name}_${++count}`;
  taken.set(name, Math.max(count, 1));
  taken.set(free, taken.get(free) ?? 1);
  return free;
}
