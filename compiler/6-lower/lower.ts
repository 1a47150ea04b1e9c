import type {
  DeployedSpec,
  Graph,
  Island,
  MapNode,
  Model,
  Node,
  NodeId,
  NodeQuantizers,
  Program,
  QuantizedModel,
  StatisticsMode,
  ValueId,
  WeightSpec,
} from "../ir/index.ts";
import { GraphBuilder, channelsOf, shapeOf, stepsOf, weightPath, weightsOf } from "../ir/index.ts";
import type { Execution } from "./branch-stretches.ts";
import { lowerBranches } from "./branches.ts";
import { mergeGraph } from "./merge-graph.ts";
import { convolve, lowerMerged } from "./merged.ts";
import { quantized } from "./quantize.ts";
import { mapWeights, plainWeights } from "./weights.ts";

export type { Execution } from "./branch-stretches.ts";

/** How floating-point islands train: op by op, with linear stretches folded, or merged as RepQ does without quantizers. */
export type TrainForm = Execution | "merged";

const batchStatistics: StatisticsMode = { mode: "batch", options: {} };

/**
 * Given a model with its quantizers, result: the train graph, the merge graph and the deploy graph over one instruction table.
 */
export function lower(
  quantizedModel: QuantizedModel,
  form: TrainForm,
): Pick<Program, "train" | "merge" | "deploy" | "weights" | "deployed" | "input" | "output"> {
  const { model } = quantizedModel;
  const train = trainGraph(quantizedModel, form);
  const merge = mergeGraph(quantizedModel);
  const deploy = deployGraph(quantizedModel);
  const inputNode = model.nodes.find((node) => node.kind === "input");
  const outputNode = model.nodes[model.output];
  if (!inputNode || !outputNode) throw new Error("repqc bug: a model without input or output");
  return {
    input: { name: inputNode.name, shape: shapeOf(inputNode.type) },
    output: { shape: shapeOf(outputNode.type) },
    weights: [...ownWeights(quantizedModel), ...stepWeights(train)],
    train,
    merge,
    deployed: deployedWeights(deploy),
    deploy,
  };
}

function trainGraph(quantizedModel: QuantizedModel, form: TrainForm): Graph {
  return graphOf(
    quantizedModel.model,
    (builder, island, x, id) => {
      const quantizers = quantizedModel.quantizers.get(id) ?? {};
      const statistics = quantizedModel.statistics.get(id) ?? batchStatistics;
      const isQuantized = quantizers.input !== undefined || quantizers.kernel !== undefined;
      const { on, branches } = quantizedModel;
      if (on === "after_merge") return lowerPlain(builder, island, x, quantizers);
      if (on === "branches" && (isQuantized || hasQuantizers(island, branches)))
        return lowerBranches(builder, island, x, "branches", branches, quantizers.input);
      // A mode other than the batch's is the merge's: the same in floating-point training (RepQ, supplementary S1).
      const isOwnMode = on === "merged" && statistics.mode !== "batch";
      if (isQuantized || isOwnMode || form === "merged")
        return lowerMerged(builder, island, x, quantizers, statistics);
      return lowerBranches(builder, island, x, form);
    },
    quantizedModel,
  );
}

function hasQuantizers({ body }: Island, branches: QuantizedModel["branches"]): boolean {
  return stepsOf(body).some((step) => Object.keys(branches?.get(step) ?? {}).length > 0);
}

/** @param outputs names of its outputs, by the results of nodes */
export function deployGraph(quantizedModel: QuantizedModel, outputs?: Outputs): Graph {
  const isMergeable = quantizedModel.on !== "branches";
  return graphOf(
    quantizedModel.model,
    (builder, island, x, id) => {
      const quantizers = isMergeable ? (quantizedModel.quantizers.get(id) ?? {}) : {};
      return lowerPlain(builder, island, x, quantizers, quantized);
    },
    isMergeable ? quantizedModel : undefined,
    outputs,
  );
}

/** One convolution with a kernel and a bias of its own: the deployed form, and the "Merged" baseline's train form. */
function lowerPlain(
  builder: GraphBuilder,
  island: Island,
  x: ValueId,
  quantizers: NodeQuantizers,
  onGrid?: typeof quantized,
): ValueId {
  const { kernel, bias } = plainWeights(builder, island);
  return convolve(builder, island, [x, kernel, bias], quantizers, onGrid);
}

type Outputs = (value: (id: NodeId) => ValueId) => Readonly<Record<string, ValueId>>;

type LowerIsland = (builder: GraphBuilder, island: Island, x: ValueId, id: NodeId) => ValueId;

/** Everything between islands is the same in training and deployment. */
function graphOf(
  model: Model,
  lowerIsland: LowerIsland,
  quantizedModel: QuantizedModel | undefined,
  outputs: Outputs = (value) => ({ output: value(model.output) }),
): Graph {
  const builder = new GraphBuilder();
  const values: ValueId[] = [];
  const value = (id: NodeId) => values[id] ?? missing(id);
  model.nodes.forEach((node, id) => {
    values.push(
      lowerNode(builder, node, value, quantizedModel?.quantizers.get(id), (island) =>
        lowerIsland(builder, island, value(island.input), id),
      ),
    );
  });
  return builder.finish(outputs(value));
}

function missing(id: NodeId): never {
  throw new Error(`repqc bug: node ${id} is used before it is defined`);
}

function lowerNode(
  builder: GraphBuilder,
  node: Node,
  value: (id: NodeId) => ValueId,
  quantizers: NodeQuantizers | undefined,
  lowerIsland: (island: Island) => ValueId,
): ValueId {
  switch (node.kind) {
    case "input":
      return builder.leaf("input", node.type, {});
    case "island":
      return lowerIsland(node);
    case "map":
      return lowerMap(builder, node, quantized(builder, value(node.input), quantizers?.input));
    case "add":
      return builder.emit("add", [
        quantized(builder, value(node.inputs[0]), quantizers?.left),
        quantized(builder, value(node.inputs[1]), quantizers?.right),
      ]);
  }
}

function lowerMap(builder: GraphBuilder, node: MapNode, x: ValueId): ValueId {
  const weights = Object.values(mapWeights(builder, node));
  return builder.emit(node.op.name, [x, ...weights], node.op.attributes(node.params));
}

/** Weights other than steps, in the order of the spec. */
function ownWeights({ model, on }: QuantizedModel): readonly WeightSpec[] {
  return model.nodes.flatMap((node): readonly WeightSpec[] => {
    if (node.kind === "island")
      return on === "after_merge" ? plainSpecs(node) : weightsOf(node.body);
    if (node.kind !== "map") return [];
    return Object.entries(node.op.weights(node.params, channelsOf(node.type))).map(
      ([name, { shape, role, initial }]) => ({
        path: weightPath(node.path, name),
        shape,
        role,
        initial,
      }),
    );
  });
}

function plainSpecs({ body, path, promised: { size, groups } }: Island): readonly WeightSpec[] {
  const shape = [size.height, size.width, body.in / groups, body.out];
  const bound = 1 / Math.sqrt(size.height * size.width * (body.in / groups));
  return [
    {
      path: weightPath(path, "kernel"),
      shape,
      role: "kernel",
      initial: { kind: "uniform", bound },
    },
    {
      path: weightPath(path, "bias"),
      shape: [body.out],
      role: "bias",
      initial: { kind: "constant", value: 0 },
    },
  ];
}

/** Steps of the quantizers of a graph, in order. */
function stepWeights(graph: Graph): readonly WeightSpec[] {
  const leaves = new Map(
    graph.instructions.map((instruction) => [instruction.results[0], instruction]),
  );
  const specs = graph.instructions.flatMap(({ op, args, types }): readonly WeightSpec[] => {
    const leaf = op === "quantize" ? leaves.get(args[1]) : undefined;
    if (!leaf) return [];
    const of = types[0]?.kind === "kernel" ? "kernel" : "input";
    return [
      {
        path: leaf.attributes["path"] as string,
        shape: leaf.attributes["shape"] as readonly number[],
        role: "step",
        initial: { kind: "step", of },
      },
    ];
  });
  return [...new Map(specs.map((spec) => [spec.path, spec])).values()];
}

function deployedWeights(deploy: Graph): readonly DeployedSpec[] {
  return deploy.instructions
    .filter(({ op }) => op === "weight")
    .map(({ attributes, types }) => {
      const path = attributes["path"] as string;
      return {
        path,
        shape: attributes["shape"] as readonly number[],
        role: deployedRole(path, types[0]?.kind),
      };
    });
}

function deployedRole(path: string, kind: string | undefined): DeployedSpec["role"] {
  if (path.endsWith("step")) return "step";
  if (kind === "kernel") return "kernel";
  return path.endsWith("bias") ? "bias" : "scale";
}
