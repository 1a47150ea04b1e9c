import type { Island, KernelType, Program, QuantizedModel } from "../../compiler/ir/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { branchKernels } from "./branch-kernels.ts";
import type { SeenQuantizer } from "./capture-quantizers.ts";
import { channelRanges, type ChannelRanges } from "./channel-ranges.ts";

/** A convolution of the deployed network with its quantizers; or a quantizer that stands elsewhere. */
export interface Layer {
  /** Of the block, or of the quantizer that stands alone. */
  readonly path: string;
  /** Name of the block that it comes from. */
  readonly block?: string;
  /** Of a convolution's kernel. */
  readonly kernel?: KernelType;
  readonly ranges?: ChannelRanges;
  readonly quantizers: readonly SeenQuantizer[];
}

export interface LayerSources {
  readonly program: Program;
  readonly weights: HostWeights;
  /** Deployed kernels by path, `<island>.kernel`. */
  readonly deployed: HostWeights;
  readonly quantizers: readonly SeenQuantizer[];
  /** What the specs say, where they are still what the run was begun with. */
  readonly model?: QuantizedModel;
}

/** Layers in the order of the network, and behind them what belongs to none. */
export function layersOf(sources: LayerSources): readonly Layer[] {
  const { program, quantizers } = sources;
  const paths = program.deployed
    .filter(({ role }) => role === "kernel")
    .map(({ path }) => path.replace(/\.?kernel$/, ""));
  const owners = new Map(quantizers.map((one) => [one, ownerOf(one.path, paths)] as const));
  const convolutions = paths.map((path) => ({
    ...convolution(path, sources),
    quantizers: quantizers.filter((one) => owners.get(one) === path),
  }));
  const others = quantizers
    .filter((one) => owners.get(one) === undefined)
    .map((one) => ({ path: one.path, quantizers: [one] }));
  return [...convolutions, ...others];
}

/** The longest path that a quantizer's begins with. */
function ownerOf(path: string, layers: readonly string[]): string | undefined {
  return layers
    .filter((layer) => layer === "" || path.startsWith(`${layer}.`))
    .toSorted((a, b) => b.length - a.length)[0];
}

function convolution(path: string, { program, deployed, weights, model }: LayerSources): Layer {
  const name = path === "" ? "kernel" : `${path}.kernel`;
  const kernel = deployed.get(name);
  const leaf = program.deploy.instructions.find(
    ({ op, attributes }) => op === "weight" && attributes["path"] === name,
  );
  const type = leaf?.types[0];
  if (!kernel) throw new Error(`repqc bug: \`${path}\` has no deployed kernel`);
  const island = model?.model.nodes.find((node) => node.kind === "island" && node.path === path);
  const isTaken = island?.kind === "island" && model?.on !== "after_merge";
  const branches = isTaken ? branchKernels(island, reading(weights)) : [];
  return {
    path,
    ...(island?.kind === "island" && { block: (island satisfies Island).label }),
    ...(type?.kind === "kernel" && { kernel: type }),
    ranges: channelRanges(kernel, branches),
    quantizers: [],
  };
}

function reading(weights: HostWeights): (path: string) => Float64Array {
  return (path) => {
    const found: HostTensor | undefined = weights.get(path);
    if (!found) throw new Error(`repqc bug: there is no weight \`${path}\``);
    return Float64Array.from(found.data);
  };
}

/** The smallest signal-to-noise ratio of a layer's quantizers; Infinity where none is known. */
export function worstSnr({ quantizers }: Layer): number {
  return Math.min(...quantizers.map(({ numbers }) => numbers?.snr ?? Infinity));
}
