/** Results never go where a command reads from: every command, everything that it reads. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { netSpec, writeIdxFolder } from "./train-world.ts";

const policies = `quant Mild {
  weights:     lsq(bits: 8, per: channel)
  activations: lsq(bits: 8, per: tensor)
  on:          merged
}
`;
const recipes = netSpec.slice(netSpec.indexOf("recipe Short"));

/** A model that imports a block that imports another; policies and recipes apart; images of two kinds. */
function world() {
  const terminal = fakeTerminal({
    "net.repq": 'import { Mine } from "./parts/mine.repq"\nmodel Net { input x: image[6, 6, 1]\n output x -> Mine(4) -> global_avg -> dense(3) }\n',
    "parts/mine.repq": 'import { Inner } from "./Net.ts"\nblock Mine => conv(3x3) { branch a = Inner() }\n',
    "parts/Net.ts": "block Inner => conv(3x3) { branch a = conv(3x3) -> bn }\n",
    "policies.repq": policies,
    "recipes.repq": recipes,
    "w.safetensors": "weights",
    "x.safetensors": "input",
    "small.pth": "checkpoint",
    "net.names.json": "{}",
  }); // prettier-ignore
  const at = (path: string) => join(terminal.folder, path);
  writeIdxFolder(at("images"));
  for (const part of ["train", "val"]) mkdirSync(at(`classes/${part}/cat`), { recursive: true });
  writeFileSync(at("classes/train/cat/a.png"), "a picture");
  symlinkSync("parts/mine.repq", at("link.repq"));
  symlinkSync("classes/train", at("inside"));
  const files = () => readdirSync(terminal.folder, { recursive: true }).map(String).toSorted();
  const contents = () =>
    new Map(
      readdirSync(terminal.folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]), // prettier-ignore
    );
  return { terminal, files, contents };
}

const run = "run net.repq --mode eval --backend cpu --weights w.safetensors --input x.safetensors";
const imported = "import net.repq --from small.pth --backend cpu";
const train = "train net.repq --backend cpu --recipe recipes.repq#Short --data images";
const onnx = "export net.repq --to onnx --backend cpu --weights w.safetensors";
const verify = "verify net.repq --backend cpu --weights w.safetensors";

const same = "is the same file";
const mine = "`parts/mine.repq`, imported by the spec, is the same file";

describe("results never replace", () => {
  it.each([
    ["graph net.repq -o net.repq", `the spec ${same}`],
    ["graph net.repq -o parts/mine.repq", mine],
    ["graph net.repq -o link.repq", mine],
    ["graph net.repq -o parts/Net.ts", `\`parts/Net.ts\`, imported by the spec, ${same}`],
    ["graph net.repq --quant policies.repq#Mild -o policies.repq", `--quant ${same}`],
    ["compile net.repq -o parts", "`parts/Net.ts`, imported by the spec,"],
    [`${run} -o parts/mine.repq`, mine],
    [`${run} --quant policies.repq#Mild -o policies.repq`, `--quant ${same}`],
    [`${run} -o x.safetensors`, `--input ${same}`],
    [`${imported} -o small.pth`, `--from ${same}`],
    [`${imported} -o net.names.json`, `the table of names ${same}`],
    [`${imported} -o parts/mine.repq`, mine],
    [`${imported} --equalize images -o images/t10k-labels-idx1-ubyte`, "it is a file of --equalize"],
    [`${verify} -o parts/mine.repq`, "`parts/mine.repq`, imported by what is verified,"],
    [`${verify} -o w.safetensors`, `--weights ${same}`],
    [`${verify} --data images -o images/train-labels-idx1-ubyte`, "it is a file of --data"],
    [`${verify} --data classes -o classes/train/verdict.json`, "it lies among the classes of --data"],
    [`${verify} --data classes -o inside/new/verdict.json`, "it lies among the classes of --data"],
    [`${train} --data classes -o classes/train/run`, "it lies among the classes of --data"],
    [`${train} --test-data classes -o classes/val/cat/run`, "it lies among the classes of --test-data"],
  ])("what they are made from: %s", async (call, reason) => {
    const { terminal, contents } = world();
    const before = contents();
    expect(await main(call.split(" "), terminal)).toBe(1);
    expect(terminal.errors()).toContain("error[artefact/unwritable]");
    expect(terminal.errors()).toContain(`cannot be written: ${reason}`);
    expect(contents()).toEqual(before);
  }); // prettier-ignore

  it("the weights that an export is made of, or what its spec imports", async () => {
    const { terminal, contents } = world();
    const call = (...args: readonly string[]) => main(args, terminal);
    expect(await call(..."compile net.repq".split(" "))).toBe(0);
    const { weights } = JSON.parse(readFileSync(join(terminal.folder, "Net.json"), "utf8")) as {
      weights: readonly { readonly path: string; readonly shape: readonly number[] }[];
    };
    const { writeSafetensors } = await import("../../runtime/safetensors.ts");
    const zeros = weights.map(({ path, shape }) => [path, { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1) }] as const); // prettier-ignore
    writeFileSync(join(terminal.folder, "w.safetensors"), writeSafetensors(new Map(zeros)));
    const before = contents();
    for (const [out, reason] of [
      ["w.safetensors", `--weights ${same}`],
      ["parts/mine.repq", mine],
    ] as const) {
      expect(await call(...onnx.split(" "), "-o", out)).toBe(1);
      expect(terminal.errors()).toContain(`\`${out}\` cannot be written: ${reason}`);
    }
    expect(contents()).toEqual(before);
    expect(await call(...onnx.split(" "), "-o", "net.onnx"), terminal.errors()).toBe(0);
  });

  it("but may go beside images, with a run among them", async () => {
    const { terminal, files } = world();
    const train = (...args: readonly string[]) =>
      main(["train", "net.repq", "--backend", "cpu", "--recipe", "recipes.repq#Short(1)", "--data", "images", ...args], terminal); // prettier-ignore
    expect(await train("-o", "images/run"), terminal.errors()).toBe(0);
    const report = (out: string) =>
      main(["report", "images/run", "--backend", "cpu", "-o", out], terminal);
    for (const out of ["images/run/report.html", "images/page.html"])
      expect([await report(out), await report(out)], terminal.errors()).toEqual([0, 0]);
    expect(await report("images/train-labels-idx1-ubyte")).toBe(1);
    expect(terminal.errors()).toContain("it is a file of what the run was begun with (data)");
    expect(files()).toContain(join("images", "run", "report.html"));
    const chart = "images/run/samples.safetensors";
    expect(await main(["report", "images/run", "--backend", "cpu", "-o", chart], terminal)).toBe(1);
    expect(terminal.errors()).toContain("the run's samples.safetensors is the same file");
    const spec = ["report", "images/run", "--backend", "cpu", "-o", "parts/mine.repq"];
    expect(await main(spec, terminal)).toBe(1);
    expect(terminal.errors()).toContain("imported by the run's spec, is the same file");
    const demo = ["demo", "--out", join(terminal.folder, "net.repq", "demo")];
    expect(await main(demo, terminal)).toBe(1);
    expect(terminal.errors()).toContain("a part of the path is a file, not a folder");
  });
});
