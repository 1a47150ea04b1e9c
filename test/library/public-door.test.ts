import { describe, expect, it } from "vitest";
import * as repqc from "../../index.ts";
import type { Engine, HostTensor, Program, Verification } from "../../index.ts";
import { createHost } from "../../node.ts";
import { packageRoot } from "../../cli/package-root.ts";

/** A block of the standard library with first weights, as a user of the library would make it. */
async function deployed() {
  const { host, entry, other } = createHost({
    folder: packageRoot,
    entry: "repq:blocks/acnet",
    other: "repq:quant/uniform",
  });
  const shape = [6, 5, 2];
  const request = { file: entry, entry: "ACNet(3)", shape };
  const quantized = { ...request, policy: "RepQ(4)", ...(other && { policyFile: other }) };
  const { program, diagnostics } = repqc.compile(quantized, host);
  const branches = repqc.compile({ ...request, form: "branches" }, host).program;
  if (!program || !branches) throw new Error(repqc.renderText(diagnostics));
  await repqc.openBackend("cpu");
  const data = Float32Array.from({ length: 3 * 60 }, (_, place) => ((place * 7) % 31) / 10 - 1.2);
  const input: HostTensor = { shape: [3, ...shape], data };
  const first = repqc.initialWeights(program, 1);
  const ones = program.weights.filter(({ role }) => role === "step");
  const steps = ones.map(({ path, shape: of }): [string, HostTensor] => {
    const length = of.reduce((product, size) => product * size, 1);
    return [path, { shape: of, data: new Float32Array(length).fill(0.13) }];
  });
  const trained = new Map([...first, ...steps]);
  return {
    program,
    branches,
    input,
    trained,
    deployed: await repqc.mergeWeights(program, trained),
  };
}

describe("the library", () => {
  it("verifies a deployment in every engine, and in one of the user's own", async () => {
    const { program, branches, input, trained, deployed: weights } = await deployed();
    const floating = await repqc.floatingDeployment(program, branches, trained);
    expect(floating).toBeDefined();
    const own: Engine = {
      name: "off by half",
      missing: async () => undefined,
      run: async (deployment, given) => {
        const { output } = repqc.runInteger(deployment.program.deploy, deployment.deployed, given);
        return { ...output, data: output.data.map((number) => number + 0.5) };
      },
    };
    const deployment = { program, trained, deployed: weights };
    const options = { engines: [...repqc.engines, own], ...(floating && { floating }) };
    const found: Verification = await repqc.verifyDeployment(deployment, input, options);
    const verdicts = found.rows.map(({ name, found: verdict }) => [
      name,
      "isVerified" in verdict && verdict.isVerified,
    ]);
    expect(Object.fromEntries(verdicts)).toEqual({
      ...Object.fromEntries(repqc.engines.slice(1).map(({ name }) => [name, true])),
      "off by half": false,
      "merged, floating point": true,
    });
  });

  it("exports in every format, and says where a model is from", async () => {
    const { program, input, deployed: weights } = await deployed();
    const written = new Map(
      repqc.exporters.map(({ name, write }) => {
        return [name, write(program, weights, { generator: "test 1" }).files] as const;
      }),
    );
    expect([...written.keys()]).toEqual(["onnx", "tfjs"]);
    const expected = repqc.runInteger(program.deploy, weights, input).output;
    const onnx = await repqc.runOnnx([...written.get("onnx")!.values()][0]!, input);
    const tfjs = await repqc.runTfjs(written.get("tfjs")!, input);
    expect(repqc.compareOutputs(expected, onnx).differing).toBe(0);
    expect(repqc.compareOutputs(expected, tfjs).differing).toBe(0);
    const again: Program = repqc.loadProgram(JSON.stringify(program), "program.json");
    expect(again.policy).toBe("RepQ(bits: 4)");
  });
});
