import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { load } from "../cli/run-files.ts";
import { writeIdxFolder } from "../cli/train-world.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { runTrainGraph } from "../support/run-program.ts";
import { compileModel } from "./compile-model.ts";
import { torchZip, written } from "./write-torch.ts";

const spec = `block Mine => conv(3x3, bias: true) {
  branch dense = conv(3x3)
  branch point = conv(1x1)
  then prelu
}

model Net {
  input image: image[6, 6, 1]
  body = image -> Mine(4) -> Mine(5)
  output body -> global_avg -> dense(3)
}
`;
/** What a merged checkpoint holds, channels of very different sizes. */
function drawMerged() {
  const random = Random.fromSeed(2);
  const draw = (...shape: readonly number[]) => {
    const inner = shape.slice(1).reduce((product, side) => product * side, 1);
    const sizes = Array.from({ length: shape[0]! }, (_, channel) => 4 ** channel / 16);
    const one = (_: unknown, index: number) =>
      random.normal(0, 1) * sizes[Math.floor(index / inner)]!;
    return written(shape, Array.from({ length: shape[0]! * inner }, one));
  };
  return {
    "body.0.kernel": draw(4, 1, 3, 3),
    "body.0.bias": draw(4),
    "body.0.then.0.alpha": draw(4),
    "body.1.kernel": draw(5, 4, 3, 3),
    "body.1.bias": draw(5),
    "body.1.then.0.alpha": draw(5),
    "output.1.kernel": draw(3, 5),
    "output.1.bias": draw(3),
  };
}

const branches = {
  "body.0.dense.0.kernel": written(
    [4, 1, 3, 3],
    Array.from({ length: 36 }, () => 0.5),
  ),
  "body.0.dense.0.bias": written([4], [0, 1, 2, 3]),
  "body.0.point.0.kernel": written([4, 1, 1, 1], [1, 2, 3, 4]),
  "body.0.point.0.bias": written([4], [0, 1, 2, 3]),
};

function world(tensors: Parameters<typeof torchZip>[0], table = ownNames(Object.keys(tensors))) {
  const terminal = fakeTerminal({ "net.repq": spec, "net.names.json": table });
  writeFileSync(join(terminal.folder, "a.pth"), torchZip(tensors));
  writeIdxFolder(join(terminal.folder, "images"));
  const call = (...args: readonly string[]) =>
    main(["import", "net.repq", "--entry", "Net", "--from", "a.pth", ...args], terminal);
  const left = () => readdirSync(terminal.folder).filter((name) => name.startsWith("w."));
  return { terminal, call, left };
}

/** A table in which everything is called as we call it. */
function ownNames(paths: readonly string[]): string {
  const own = Object.fromEntries(paths.map((path) => [path, path]));
  return JSON.stringify({ checkpoints: [{ of: "ourselves", names: own }] });
}

it("equalizes merged weights with the ranges of images, and the function stays", async () => {
  const { terminal, call } = world(drawMerged());
  expect(await call("--unmerge", "-o", "plain.safetensors"), terminal.errors()).toBe(0);
  expect(await call("--unmerge", "--equalize", "images", "-o", "w.safetensors")).toBe(0);
  expect(terminal.output()).toMatch(
    /equalized the channels behind 2 convolutions: divided by 0\.\d+ to [\d.]+\n/,
  );
  const { program } = compileModel("net.repq", "Net", { text: spec });
  const shape = [4, 6, 6, 1];
  const data = Float32Array.from({ length: 144 }, (_, index) => Math.abs(Math.sin(index)));
  const [plain, equalized] = await Promise.all(
    ["plain.safetensors", "w.safetensors"].map((file) =>
      runTrainGraph(program, "eval", load(terminal, file), { shape, data }),
    ),
  );
  expect(distance(equalized!.data, plain!.data)).toBeLessThan(1e-4 * magnitude(plain!.data));
  const path = "body.0.dense.0.kernel";
  expect(load(terminal, "w.safetensors").get(path)).not.toEqual(load(terminal, "plain.safetensors").get(path)); // prettier-ignore
});

it("refuses branches, folders that are not there, and --peak alone, and writes nothing", async () => {
  const { "body.0.kernel": _k, "body.0.bias": _b, ...others } = drawMerged();
  const { terminal, call, left } = world({ ...branches, ...others });
  expect(await call("--unmerge", "--equalize", "images", "-o", "w.safetensors")).toBe(1);
  expect(terminal.errors()).toMatch(
    /`--equalize` needs merged weights, and those of `a.pth` are not/,
  );
  expect(await call("--unmerge", "--equalize", "nowhere", "-o", "w.safetensors")).toBe(1);
  expect(terminal.errors()).toMatch(/no file `nowhere`/);
  expect(await call("--unmerge", "--peak", "1", "-o", "w.safetensors")).toBe(1);
  expect(terminal.errors()).toMatch(/`--peak` needs `--equalize FOLDER`/);
  expect(left()).toEqual([]);
});
