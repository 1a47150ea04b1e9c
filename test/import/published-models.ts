/** Names and shapes of whole models as the authors' constructors make them, written down here once more from their public code. */
import type { HostTensor } from "../../runtime/safetensors.ts";

export type Named = [string, HostTensor][];

/** Which numbers does not matter: the tests are about names and shapes. */
function tensor(shape: readonly number[]): HostTensor {
  return { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5) };
}

function batchNorm(prefix: string, channels: number): Named {
  const names = ["weight", "bias", "running_mean", "running_var"];
  const numbers = names.map((name): Named[number] => [`${prefix}.${name}`, tensor([channels])]);
  return [...numbers, [`${prefix}.num_batches_tracked`, tensor([])]];
}

function convAndNorm(prefix: string, shape: readonly number[]): Named {
  return [[`${prefix}.conv.weight`, tensor(shape)], ...batchNorm(`${prefix}.bn`, shape[0]!)];
}

function linear(inputs: number, outputs: number): Named {
  return [
    ["linear.weight", tensor([outputs, inputs])],
    ["linear.bias", tensor([outputs])],
  ];
}

interface Conv {
  readonly prefix: string;
  readonly in: number;
  readonly out: number;
  readonly k: number;
  readonly groups: number;
  readonly stride: number;
}

function mergedAs(name: string): (conv: Conv) => Named {
  return ({ prefix, in: from, out, k, groups }) => [
    [`${prefix}.${name}.weight`, tensor([out, from / groups, k, k])],
    [`${prefix}.${name}.bias`, tensor([out])],
  ];
}

function repVgg(widths: readonly number[], counts: readonly number[]): readonly Conv[] {
  let from = 3;
  const block = (prefix: string, out: number, stride: number): Conv => {
    const made = { prefix, in: from, out, stride, k: 3, groups: 1 };
    from = out;
    return made;
  };
  const stem = block("stage0", Math.min(64, widths[0]!), 2);
  const stages = widths.flatMap((width, stage) =>
    Array.from({ length: counts[stage]! }, (_, index) =>
      block(`stage${stage + 1}.${index}`, width, index === 0 ? 2 : 1),
    ),
  );
  return [stem, ...stages];
}

function repVggBranches({ prefix, in: from, out, stride }: Conv): Named {
  return [
    ...convAndNorm(`${prefix}.rbr_dense`, [out, from, 3, 3]),
    ...convAndNorm(`${prefix}.rbr_1x1`, [out, from, 1, 1]),
    ...(from === out && stride === 1 ? batchNorm(`${prefix}.rbr_identity`, out) : []),
  ];
}

function mobileOne(): readonly Conv[] {
  const convs: Conv[] = [{ prefix: "stage0", in: 3, out: 48, k: 3, groups: 1, stride: 2 }];
  let from = 48;
  for (const [stage, [width, count]] of [
    [48, 2],
    [128, 8],
    [256, 10],
    [1024, 1],
  ].entries()) {
    for (let index = 0; index < count!; index++) {
      const at = (place: number) => `stage${stage + 1}.${2 * index + place}`;
      const stride = index === 0 ? 2 : 1;
      convs.push({ prefix: at(0), in: from, out: from, k: 3, groups: from, stride });
      convs.push({ prefix: at(1), in: from, out: width!, k: 1, groups: 1, stride: 1 });
      from = width!;
    }
  }
  return convs;
}

function mobileOneBranches({ prefix, in: from, out, k, groups, stride }: Conv): Named {
  const copies = Array.from({ length: prefix === "stage0" ? 1 : 4 }, (_, copy) =>
    convAndNorm(`${prefix}.rbr_conv.${copy}`, [out, from / groups, k, k]),
  );
  return [
    ...(from === out && stride === 1 ? batchNorm(`${prefix}.rbr_skip`, out) : []),
    ...copies.flat(),
    ...(k > 1 ? convAndNorm(`${prefix}.rbr_scale`, [out, from / groups, 1, 1]) : []),
  ];
}

/** ResNet-18 as both repositories of re-parametrized ones have it: `stage0` is the stem, a shortcut is plain. */
function resNet18(stem = "stage0.conv1", conv1 = "conv1"): readonly Conv[] {
  const convs: Conv[] = [{ prefix: stem, in: 3, out: 64, k: 7, groups: 1, stride: 2 }];
  let from = 64;
  for (const [stage, out] of [64, 128, 256, 512].entries()) {
    for (const index of [0, 1]) {
      const at = `stage${stage + 1}.${index}`;
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const square = { groups: 1, out, k: 3 };
      if (stride === 2) convs.push({ ...square, prefix: `${at}.shortcut`, in: from, k: 1, stride });
      convs.push({ ...square, prefix: `${at}.${conv1}`, in: from, stride });
      convs.push({ ...square, prefix: `${at}.conv2`, in: out, stride: 1 });
      from = out;
    }
  }
  return convs;
}

function plainBranches({ prefix, in: from, out, k }: Conv): Named {
  return convAndNorm(prefix, [out, from, k, k]);
}

function acBranches(conv: Conv): Named {
  const { prefix, in: from, out, k } = conv;
  if (k !== 3) return plainBranches(conv);
  const shapes = { square: [k, k], ver: [k, 1], hor: [1, k] };
  return Object.entries(shapes).flatMap(([name, size]) => [
    [`${prefix}.${name}_conv.weight`, tensor([out, from, ...size])],
    ...batchNorm(`${prefix}.${name}_bn`, out),
  ]);
}

/** Of one 3x3 kernel; the authors keep constants beside the weights. */
function orepaKernel(prefix: string, from: number, out: number): Named {
  const shapes = {
    weight_orepa_origin: [out, from, 3, 3],
    weight_orepa_avg_conv: [out, from, 1, 1],
    weight_orepa_pfir_conv: [out, from, 1, 1],
    weight_orepa_1x1: [out, from, 1, 1],
    weight_orepa_1x1_kxk_idconv1: [from, from, 1, 1],
    weight_orepa_1x1_kxk_conv2: [out, from, 3, 3],
    weight_orepa_gconv_dw: [8 * from, 1, 3, 3],
    weight_orepa_gconv_pw: [out, 8 * from, 1, 1],
    vector: [6, out],
    weight_orepa_avg_avg: [3, 3],
    id_tensor: [from, from, 1, 1],
    weight_orepa_prior: [out, 3, 3],
  };
  return Object.entries(shapes).map(([name, shape]) => [`${prefix}.${name}`, tensor(shape)]);
}

function orepaBranches(conv: Conv): Named {
  const { prefix, in: from, out, k } = conv;
  if (k === 1) return plainBranches(conv);
  const kernels =
    k === 3
      ? orepaKernel(prefix, from, out)
      : [from, out, out].flatMap((width, index) =>
          orepaKernel(`${prefix}.weight${index}`, width, out),
        );
  return [...kernels, ...batchNorm(`${prefix}.bn`, out)];
}

/** Merged in a block, or where there is none in the convolution itself. */
function mergedInBlocks(names: Readonly<Record<number, string>>): (conv: Conv) => Named {
  return (conv) => mergedAs(names[conv.k] ?? "conv")(conv);
}

export interface PublishedModel {
  readonly of: string;
  readonly name: string;
  readonly file: string;
  readonly convs: readonly Conv[];
  readonly branches: (conv: Conv) => Named;
  readonly head: Named;
  /** Where the authors publish what they merge. */
  readonly merged?: (conv: Conv) => Named;
}

export const publishedModels: readonly PublishedModel[] = [
  {
    of: "DingXiaoH/RepVGG",
    name: "RepVGG_A0",
    file: "models/repvgg",
    convs: repVgg([48, 96, 192, 1280], [2, 4, 14, 1]),
    branches: repVggBranches,
    head: linear(1280, 1000),
    merged: mergedAs("rbr_reparam"),
  },
  {
    of: "apple/ml-mobileone",
    name: "MobileOne_S0",
    file: "models/mobileone",
    convs: mobileOne(),
    branches: mobileOneBranches,
    head: linear(1024, 1000),
    merged: mergedAs("reparam_conv"),
  },
  {
    of: "DingXiaoH/DiverseBranchBlock",
    name: "AC_ResNet18",
    file: "models/ac-resnet18",
    convs: resNet18(),
    branches: acBranches,
    head: linear(512, 1000),
    merged: mergedInBlocks({ 3: "fused_conv" }),
  },
  {
    of: "DingXiaoH/ACNet",
    name: "AC_ResNet18",
    file: "models/ac-resnet18",
    convs: resNet18("conv1", "conv1.acb"),
    branches: acBranches,
    head: linear(512, 1000),
  },
  {
    of: "JUGGHM/OREPA_CVPR2022",
    name: "OREPA_ResNet18",
    file: "models/orepa-resnet18",
    convs: resNet18(),
    branches: orepaBranches,
    head: linear(512, 1000),
    merged: mergedInBlocks({ 3: "orepa_reparam", 7: "or_large_reparam" }),
  },
];
