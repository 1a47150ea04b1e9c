import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { load } from "../cli/run-files.ts";
import { torchZip, written, type WrittenTensor } from "./write-torch.ts";

const spec = `block Mine => conv(3x3) {
  branch dense = conv(3x3) -> bn
  branch point = conv(1x1)
  then prelu
}

block Thin => conv(3x3) {
  branch wide = conv(1x3) -> bn
  branch tall = conv(3x1) -> bn
}

model Net {
  input image: image[6, 6, 2]
  body = image -> Mine(3)
  output body -> global_avg -> dense(4)
}
`;

const names = JSON.stringify({
  checkpoints: [
    {
      of: "somebody, while training",
      names: {
        "features.{i}": { block: "./mine.names.json", path: "body.{i}" },
        "fc.weight": "output.1.kernel",
        "fc.bias": "output.1.bias",
      },
    },
    {
      of: "somebody, merged",
      names: {
        "features.{i}.weight": "body.{i}.kernel",
        "features.{i}.bias": "body.{i}.bias",
        "features.{i}.slope": "body.{i}.then.0.alpha",
        "fc.weight": "output.1.kernel",
        "fc.bias": "output.1.bias",
      },
    },
  ],
});

const blockNames = JSON.stringify({
  "conv.weight": "dense.0.kernel",
  "bn.weight": "dense.1.gamma",
  "bn.bias": "dense.1.beta",
  "bn.running_mean": "dense.1.mean",
  "bn.running_var": "dense.1.variance",
  "point.weight": "point.0.kernel",
  "act.weight": "then.0.alpha",
});

const count = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const ramp = (...shape: readonly number[]) =>
  written(
    shape,
    Array.from({ length: count(shape) }, (_, index) => index / 8),
  );

const head = { "fc.weight": ramp(4, 3), "fc.bias": ramp(4) };
const branches: Readonly<Record<string, WrittenTensor>> = {
  "features.0.conv.weight": ramp(3, 2, 3, 3),
  "features.0.bn.weight": ramp(3),
  "features.0.bn.bias": ramp(3),
  "features.0.bn.running_mean": ramp(3),
  "features.0.bn.running_var": ramp(3),
  "features.0.bn.num_batches_tracked": {
    shape: [],
    type: "LongStorage",
    bytes: new Uint8Array(BigInt64Array.of(9n).buffer),
  },
  "features.0.point.weight": ramp(3, 2, 1, 1),
  "features.0.act.weight": ramp(3),
  ...head,
};
const merged = {
  "features.0.weight": ramp(3, 2, 3, 3),
  "features.0.bias": ramp(3),
  "features.0.slope": ramp(3),
  ...head,
};

function world(
  tensors: Readonly<Record<string, WrittenTensor>>,
  table: string | undefined = names,
) {
  const files = { "net.repq": spec, "net.names.json": table, "mine.names.json": blockNames };
  const terminal = fakeTerminal(files);
  writeFileSync(join(terminal.folder, "a.pth"), torchZip(tensors));
  const call = (...args: readonly string[]) =>
    main(["import", "net.repq", "--from", "a.pth", "-o", "w.safetensors", ...args], terminal);
  /** Nothing may be left of a refused import. */
  const left = () => readdirSync(terminal.folder).filter((name) => name.startsWith("w."));
  return { terminal, call, left };
}

describe("repqc import", () => {
  it("writes the weights of a checkpoint, by the table beside the spec", async () => {
    const { terminal, call } = world(branches);
    const code = await call("--entry", "Net");
    expect(terminal.errors()).toBe("");
    expect(code).toBe(0);
    expect(terminal.output()).toBe(
      "wrote w.safetensors: 9 weights of 91 numbers from 9 tensors of a.pth, names of somebody, while training; left out as constants or counters: 1\n",
    );
    const weights = load(terminal, "w.safetensors");
    expect([...weights.keys()].slice(0, 2)).toEqual([
      "body.0.dense.0.kernel",
      "body.0.dense.1.gamma",
    ]);
    const { shape, data } = weights.get("output.1.kernel")!;
    expect(shape).toEqual([1, 1, 3, 4]);
    expect([...data]).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11].map((number) => number / 8));
  });

  it("imports a block by its own table", async () => {
    const own = Object.entries(branches).filter(([name]) => name.startsWith("features"));
    const tensors = own.map(([name, one]) => [name.replace("features.0.", ""), one] as const);
    const { terminal, call } = world(Object.fromEntries(tensors));
    const block = ["--entry", "Mine(3)", "--input-shape", "6,6,2", "--names", "mine.names.json"];
    expect(await call(...block)).toBe(0);
    expect(load(terminal, "w.safetensors").size).toBe(7);
  });

  it("unmerges where it is asked to, and only then", async () => {
    const { terminal, call, left } = world(merged);
    expect(await call("--entry", "Net")).toBe(1);
    expect(terminal.errors()).toMatch(
      /artefact\/merged-weights[^]*`body.0` of `Net` has branches[^]*--unmerge/,
    );
    expect(left()).toEqual([]);
    expect(await call("--entry", "Net", "--unmerge", "--seed", "4")).toBe(0);
    expect(terminal.output()).toMatch(/names of somebody, merged\nunmerged 1 block: .* by seed 4/);
    expect(load(terminal, "w.safetensors").size).toBe(9);
  });

  it("says which block has no branch to unmerge into", async () => {
    const own = { kernel: ramp(3, 2, 3, 3), bias: ramp(3) };
    const { terminal, call } = world(own, '{"kernel": "kernel", "bias": "bias"}');
    expect(await call("--entry", "Thin(3)", "--input-shape", "6,6,2", "--unmerge")).toBe(1);
    expect(terminal.errors()).toMatch(/artefact\/cannot-unmerge[^]*`Thin\(3\)`/);
  });

  it("lists what does not fit and writes nothing", async () => {
    const { "features.0.bn.bias": _, ...others } = branches;
    const nan = written([3], [1, Number.NaN, 2]);
    const tensors = {
      ...others,
      "features.0.conv.weight": ramp(3, 2, 5, 5),
      "features.7.bn.bias": ramp(3),
      "head.bias": ramp(3),
    };
    const { terminal, call, left } = world(tensors);
    expect(await call("--entry", "Net")).toBe(1);
    const errors = terminal.errors();
    expect(errors).toContain(
      "tensor `features.0.conv.weight` of `a.pth` is [3, 2, 5, 5], and weight `body.0.dense.0.kernel` would be [3, 2, 3, 3]",
    );
    expect(errors).toContain(
      "`body.7.dense.1.beta` by the table of names, and `Net` has no place for that",
    );
    expect(errors).toContain("tensor `head.bias` of `a.pth` is not in the table of names");
    expect(errors).toContain("`a.pth` has no tensor for weight `body.0.dense.1.beta` [3]");
    expect(errors.match(/somebody, while training/g)).toHaveLength(1);
    const broken = world({ ...branches, "features.0.bn.bias": nan });
    expect(await broken.call("--entry", "Net")).toBe(1);
    expect(broken.terminal.errors()).toContain(
      "`features.0.bn.bias` of `a.pth` holds NaN at position 1",
    );
    const negative = world({ ...branches, "features.0.bn.running_var": written([3], [1, -1, 0]) });
    expect(await negative.call("--entry", "Net")).toBe(1);
    expect(negative.terminal.errors()).toContain("is a variance, but -1 at 1 is negative");
    expect([...left(), ...broken.left(), ...negative.left()]).toEqual([]);
  });

  it("counts problems beyond twenty", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`x${index}`, ramp(1)]),
    );
    const { terminal, call } = world({ ...branches, ...many });
    expect(await call("--entry", "Net")).toBe(1);
    expect(terminal.errors().match(/error\[/g)).toHaveLength(20);
    expect(terminal.errors()).toContain("and 10 more such problems with `a.pth`");
  });

  it("refuses files that are not what they should be", async () => {
    const { terminal, call, left } = world(branches);
    const refused = async (...args: readonly string[]) => {
      const before = terminal.errors().length;
      expect(await call("--entry", "Net", ...args)).toBe(1);
      return terminal.errors().slice(before);
    };
    expect(await refused("--from", "net.repq")).toMatch(/neither a checkpoint of PyTorch nor/);
    expect(await refused("--from", "b.pth")).toMatch(/there is no file `b.pth`/);
    expect(await refused("--names", "net.repq")).toMatch(/no table of names: it is not JSON text/);
    expect(await refused("--names", "gone.json")).toMatch(
      /no file `gone.json`[^]*--names repq:models/,
    );
    expect(await refused("--names", "repq:models/gone")).toMatch(/no file `repq:models\/gone`/);
    expect(await refused("--names", "repq:../package")).toMatch(/no file `repq:..\/package`/);
    expect(await refused("-o", "a.pth")).toMatch(
      /`a.pth` cannot be written: --from is the same file/,
    );
    const whole = readFileSync(join(terminal.folder, "a.pth"));
    writeFileSync(join(terminal.folder, "cut.pth"), whole.subarray(0, 500));
    expect(await refused("--from", "cut.pth")).toMatch(/artefact\/corrupt[^]*`cut.pth` is damaged/);
    expect(left()).toEqual([]);
    expect(existsSync(join(terminal.folder, "a.pth"))).toBe(true);
  });

  it("takes tables of the standard library", async () => {
    const { terminal, call } = world(branches);
    expect(await call("--entry", "Net", "--names", "repq:models/ecbsr")).toBe(1);
    expect(terminal.errors()).toMatch(/names were read as those of ECBSR/);
  });
});
