import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { randomTensor, save } from "./run-files.ts";
import { netSpec, writeIdxFolder } from "./train-world.ts";

const policiesAt = (place: string) => `quant Mixed {
  weights:     lsq(bits: 8, per: channel)
  activations: lsq(bits: 8, per: tensor)
  at ${place} {
    weights:     none
    activations: none
  }
}
`;

const dense = "last";
const mean = "output.0";

/** A run one of whose places stays in floating point, behind a quantized one. */
async function world(place = dense) {
  const terminal = fakeTerminal({ "net.repq": netSpec + policiesAt(place) });
  const at = (path: string) => join(terminal.folder, path);
  const call = async (...args: readonly string[]) => {
    const told = terminal.errors().length;
    const exitCode = await main([...args, "--backend", "cpu"], terminal);
    return { exitCode, errors: terminal.errors().slice(told) };
  };
  writeIdxFolder(at("images"));
  const net = ["train", "net.repq", "--entry", "Net", "--recipe", "Short", "--data", "images"];
  const training = [...net, "--epochs", "1", "--quant", "Mixed", "-o", "run"];
  const { exitCode, errors } = await call(...training);
  expect(exitCode, errors).toBe(0);
  return { terminal, at, call };
}

const line = "  output body -> global_avg -> dense(3)";
const number = netSpec.split("\n").indexOf(line) + 1;
/** With carets below `dense(3)`. */
const shown = `${number} │ ${line}\n  │ ${" ".repeat(line.indexOf("dense"))}^^^^^^^^\n`;

describe("an op without integer form", () => {
  it("is shown in the spec by whoever needs integers, with what can be done", async () => {
    const { at, call, terminal } = await world();
    save(
      terminal,
      "x.safetensors",
      new Map([["input", randomTensor(Random.fromSeed(1), [2, 6, 6, 1])]]),
    );
    const quantized = ["--entry", "Net", "--quant", "Mixed", "--weights", "run"];
    const integers = ["--mode", "integer", "--input", "x.safetensors", "-o", "y.safetensors"];
    const calls = [
      ["export", "run", "--to", "onnx"],
      ["export", "net.repq", ...quantized, "--to", "tfjs"],
      ["verify", "run"],
      ["verify", "net.repq", ...quantized, "--input", "x.safetensors"],
      [
        "run",
        "net.repq",
        ...quantized.slice(0, 4),
        "--weights",
        "run/weights.safetensors",
        ...integers,
      ],
    ];
    for (const args of calls) {
      const { exitCode, errors } = await call(...args);
      expect(exitCode, args.join(" ")).toBe(1);
      expect(errors).toMatch(
        /no-integer-form\]: `dense` at `output.1` cannot run on integers: its input and its kernel are not/,
      );
      expect(errors, args.join(" ")).toContain(shown);
      expect(errors).toContain("help: let the policy quantize weights and activations there");
      expect(errors).toContain("`repqc export --float`");
    }
    expect(existsSync(at("run/deployed.onnx"))).toBe(false);
  });

  it("names its path where the run's spec has changed since", async () => {
    const { at, call } = await world();
    writeFileSync(at("net.repq"), netSpec + policiesAt(dense).replace("bits: 8", "bits: 4"));
    const { exitCode, errors } = await call("verify", "run");
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/no-integer-form\]: `conv` at `\S+` cannot/);
    expect(errors).not.toContain("│");
  });

  it("says behind what a mean stands where nothing else tells its place", async () => {
    const { at, call } = await world(mean);
    writeFileSync(at("net.repq"), netSpec + policiesAt(mean).replace("bits: 8", "bits: 4"));
    const { exitCode, errors } = await call("verify", "run");
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/`global_avg` behind `body\S*` cannot run on integers: its input is/);
  });

  it("is exported where that is asked for, and in floating point, which is verified", async () => {
    const { at, call } = await world();
    const mixed = await call("export", "run", "--to", "onnx", "--mixed", "-o", "mixed.onnx");
    expect(mixed.exitCode, mixed.errors).toBe(0);
    expect(readFileSync(at("mixed.onnx")).length).toBeGreaterThan(500);
    const float = await call("export", "run", "--to", "onnx", "--float");
    expect(float.exitCode, float.errors).toBe(0);
    const verified = await call("verify", "run/deployed-float.onnx");
    expect(verified.exitCode, verified.errors).toBe(0);
  });
});
