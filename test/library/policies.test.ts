/** Policies of the library put the bits where the paper's supplementary has them. */
import { describe, expect, it } from "vitest";
import type { NodeQuantizers, QuantizedModel } from "../../compiler/ir/index.ts";
import { compileUser, declared } from "./library.ts";

type Bits = readonly [kernel: number | undefined, input: number | undefined];

interface Column {
  readonly model: string;
  readonly entry: string;
  readonly file: string;
  /** Bits of the first and last layer where all others have four. */
  readonly first: Bits;
  readonly last: Bits;
  /** Layers from the end that keep statistics of the batch under estimated statistics. */
  readonly kept: number;
}

const columns: readonly Column[] = [
  {
    model: "models/repvgg",
    entry: "RepVGG_A0",
    file: "quant/repvgg",
    first: [4, 8],
    last: [4, 4],
    kept: 0,
  },
  {
    model: "models/ac-resnet18",
    entry: "AC_ResNet18",
    file: "quant/ac-resnet18",
    first: [8, 8],
    last: [4, 4],
    kept: 3,
  },
  {
    model: "models/orepa-resnet18",
    entry: "OREPA_ResNet18",
    file: "quant/orepa-resnet18",
    first: [8, 8],
    last: [8, 8],
    kept: 3,
  },
  {
    model: "models/ecbsr",
    entry: "ECBSR_M4C16(2)",
    file: "quant/ecbsr",
    first: [8, 8],
    last: [8, 8],
    kept: 0,
  },
];

const cells = columns.flatMap((column) =>
  declared(`${column.file}.repq`).map((policy) => [column.file, policy, column] as const),
);

function quantized(column: Column, file: string, policy: string): QuantizedModel {
  const {
    model,
    program,
    diagnostics: all,
  } = compileUser([column.model, file], {
    entry: column.entry,
    policy,
  });
  const diagnostics = all.filter(({ code }) => code !== "quant/float-merge");
  if (!model || !program || diagnostics.length > 0)
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return model;
}

/** Convolutions and dense layers, in order. */
function layersOf({ model, quantizers }: QuantizedModel): readonly NodeQuantizers[] {
  return model.nodes.flatMap((node, id) =>
    node.kind === "island" ? [quantizers.get(id) ?? {}] : [],
  );
}

function bitsOf({ kernel, input }: NodeQuantizers): Bits {
  return [kernel?.bits, input?.bits];
}

function statisticsOf({ model, statistics }: QuantizedModel): readonly (string | undefined)[] {
  return model.nodes.flatMap((node, id) =>
    node.kind === "island" ? [statistics.get(id)?.mode] : [],
  );
}

it("RepQ_Sums adds nothing to RepQ but 8 bits for the operands of every sum", () => {
  const column = columns[1]!;
  const sums = quantized(column, "quant/uniform", "RepQ_Sums(4)");
  const plain = quantized(column, "quant/uniform", "RepQ(4)");
  const operands = [...sums.quantizers.values()].flatMap(({ left, right }) => [left, right]);
  expect(operands.flatMap((one) => one?.bits ?? [])).toEqual(Array.from({ length: 16 }, () => 8));
  expect(layersOf(sums)).toEqual(layersOf(plain));
  expect(sums.statistics).toEqual(plain.statistics);
});

describe.each(cells)("%s: %s", (file, policy, column) => {
  const isFloat = policy.startsWith("Float");

  it("keeps the paper's exceptions at 4 bits", () => {
    const layers = layersOf(quantized(column, file, policy)).map(bitsOf);
    const none: Bits = [undefined, undefined];
    const expected = layers.map((_, index): Bits => {
      if (isFloat) return none;
      if (index === 0) return column.first;
      return index === layers.length - 1 ? column.last : [4, 4];
    });
    expect(layers).toEqual(expected);
  });

  it("is what the uniform policy is at 8 bits", () => {
    const [call, uniform] = isFloat ? [policy, policy] : [`${policy}(8)`, `${policy}(8)`];
    const own = quantized(column, file, call);
    const plain = quantized(column, "quant/uniform", uniform);
    expect(layersOf(own)).toEqual(layersOf(plain));
    expect(own.on).toBe(plain.on);
  });

  it("takes the statistics that its name says", () => {
    const found = statisticsOf(quantized(column, file, policy));
    const isEstimated = policy.endsWith("BNEst");
    const expected = found.map((_, index) =>
      isEstimated && index < found.length - column.kept ? "estimated" : "batch",
    );
    expect(found).toEqual(expected);
  });
});

describe("the last two convolutions of a ResNet-18", () => {
  it.each(columns.filter(({ kept }) => kept > 0))(
    "keep the batch's statistics, in $entry",
    (column) => {
      const whole = quantized(column, column.file, "RepQ_BNEst");
      const kept = whole.model.nodes.flatMap((node, id) =>
        node.kind === "island" && whole.statistics.get(id)?.mode === "batch" ? [node.path] : [],
      );
      expect(kept).toEqual(["s4_1.0", "s4_1.1", "output.1"]);
    },
  );
});
