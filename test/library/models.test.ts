/** Models of the library have as many parameters as their authors' code, while they train and deployed. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { WeightRole } from "../../compiler/ir/index.ts";
import { declared, programOf } from "./library.ts";

const readme = readFileSync(new URL("../../specs/README.md", import.meta.url), "utf8");

/** What papers count: no running statistics, and no steps of quantizers. */
const counted: ReadonlySet<WeightRole> = new Set(["kernel", "bias", "scale"]);

interface Weight {
  readonly shape: readonly number[];
  readonly role: WeightRole;
}

function count(weights: readonly Weight[]): number {
  return weights
    .filter(({ role }) => counted.has(role))
    .map(({ shape }) => shape.reduce((product, side) => product * side, 1))
    .reduce((sum, size) => sum + size, 0);
}

type Counts = readonly [train: number, deploy: number];
const known = new Map<string, Counts>();

function countBoth(from: string, entry: string): Counts {
  const before = known.get(entry);
  if (before) return before;
  const { weights, deployed } = programOf([from], { entry });
  const counts = [count(weights), count(deployed)] as const;
  known.set(entry, counts);
  return counts;
}

/**
 * Counted by the authors' own code (`shared/design/blocks.md`, section 4). None counts a parameter that the spec lacks or the other way about:
 * OREPA's priors, means and identities are buffers there, and its row of factors that nothing uses stands only in the RepVGG form.
 */
const exact: readonly (readonly [
  from: string,
  entry: string,
  train: number | undefined,
  deploy: number,
])[] = [
  ["models/repvgg", "RepVGG_A0", 9_108_968, 8_309_384],
  ["models/repvgg", "RepVGG_B0", 15_817_960, 14_339_048],
  ["models/ac-resnet18", "AC_ResNet18", 19_028_520, 11_684_712],
  ["models/orepa-resnet18", "OREPA_ResNet18", 37_756_041, 11_684_712],
  ["models/mobileone", "MobileOne_S0", 5_293_272, 2_078_504],
  ["models/ecbsr", "ECBSR_M4C8(2)", 10_804, 2_748],
  ["models/ecbsr", "ECBSR_M4C16(2)", 39_956, 10_100],
  ["models/ecbsr", "ECBSR_M10C16(2)", undefined, 24_116],
  ["models/ecbsr", "ECBSR_M10C32(2)", 353_620, 94_308],
  ["models/ecbsr", "ECBSR_M16C64(2)", undefined, 594_884],
  ["models/ecbsr", "ECBSR_M4C8(4)", 16_624, 3_624],
  ["models/ecbsr", "ECBSR_M4C16(4)", 47_120, 11_840],
  ["models/ecbsr", "ECBSR_M10C16(4)", undefined, 25_856],
  ["models/ecbsr", "ECBSR_M10C32(4)", 363_472, 97_776],
  ["models/ecbsr", "ECBSR_M16C64(4)", undefined, 601_808],
];

/** Millions, where only the papers' tables are at hand; they cut off what they do not print, or round it. */
const rounded: readonly (readonly [
  from: string,
  entry: string,
  train: number | undefined,
  deploy: number,
  digits: number,
])[] = [
  ["models/repvgg", "RepVGG_A1", 14.09, 12.78, 2],
  ["models/repvgg", "RepVGG_A2", 28.21, 25.49, 2],
  ["models/repvgg", "RepVGG_B1", 57.42, 51.82, 2],
  ["models/repvgg", "RepVGG_B2", 89.02, 80.31, 2],
  ["models/repvgg", "RepVGG_B3", 123.09, 110.96, 2],
  ["models/mobileone", "MobileOne_S1", undefined, 4.8, 1],
  ["models/mobileone", "MobileOne_S2", undefined, 7.8, 1],
  ["models/mobileone", "MobileOne_S3", undefined, 10.1, 1],
];

describe("the number of parameters", () => {
  it.each(exact)("of %s: %s is the authors'", (from, entry, train, deploy) => {
    const [trained, deployed] = countBoth(from, entry);
    expect(deployed).toBe(deploy);
    expect(trained).toBe(train ?? trained);
  });

  it.each(rounded)(
    "of %s: %s is that of the paper's table",
    (from, entry, train, deploy, digits) => {
      const [trained, deployed] = countBoth(from, entry).map((n) => n / 1e6);
      const nearly = 10 ** -digits;
      expect(Math.abs(deployed! - deploy)).toBeLessThan(nearly);
      expect(Math.abs(trained! - (train ?? trained!))).toBeLessThan(nearly);
    },
  );

  it("is what the library's README says", () => {
    const rows = [
      ...readme.matchAll(/^\|([^|]*)\| `(\w+(?:\(\d\))?)` +\| +([\d,]+) \| +([\d,]+) \|$/gm),
    ];
    let file = "";
    const told = rows.map(([, named = "", entry = "", train = "", deploy = ""]) => {
      file = /`(.*)`/.exec(named)?.[1] ?? file;
      const numbers = [train, deploy].map((number) => Number(number.replaceAll(",", "")));
      return { file, entry, numbers };
    });
    expect(told).toHaveLength(23);
    for (const { file: from, entry, numbers } of told)
      expect(countBoth(from, entry), entry).toEqual(numbers);
  });

  it("is told of every model but the demo's", () => {
    const files = ["repvgg", "ac-resnet18", "orepa-resnet18", "mobileone", "ecbsr"];
    const all = files.flatMap((file) => declared(`models/${file}.repq`));
    const told = [...exact, ...rounded].map(([, entry]) => entry.replace(/\(.*/, ""));
    expect([...new Set(told)].toSorted()).toEqual(all.toSorted());
  });
});

/** Blocks in each stage, and multipliers of 64, 128, 256 and 512 channels (Ding et al., CVPR 2021, table 2). */
const families = [
  ["A0", [2, 4, 14, 1], [0.75, 0.75, 0.75, 2.5]],
  ["A1", [2, 4, 14, 1], [1, 1, 1, 2.5]],
  ["A2", [2, 4, 14, 1], [1.5, 1.5, 1.5, 2.75]],
  ["B0", [4, 6, 16, 1], [1, 1, 1, 2.5]],
  ["B1", [4, 6, 16, 1], [2, 2, 2, 4]],
  ["B2", [4, 6, 16, 1], [2.5, 2.5, 2.5, 5]],
  ["B3", [4, 6, 16, 1], [3, 3, 3, 5]],
] as const;

describe("RepVGG", () => {
  it.each(families)("%s has the widths of its family", (name, blocks, multipliers) => {
    const { deployed } = programOf(["models/repvgg"], { entry: `RepVGG_${name}` });
    const widths = deployed
      .filter(({ role, shape }) => role === "kernel" && shape[0] === 3)
      .map(({ shape }) => shape[3]);
    const stages = blocks.flatMap((repeats, stage) =>
      Array.from({ length: repeats }, () => 64 * 2 ** stage * multipliers[stage]!),
    );
    expect(widths).toEqual([Math.min(64, 64 * multipliers[0]), ...stages]);
  });
});
