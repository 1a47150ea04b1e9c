import { it } from "vitest";
import { compareOutputs, exportOnnx, optimizationLevels, runOnnx } from "/work/main/runtime/export/index.ts";
import { runInteger } from "/work/main/runtime/integer/index.ts";
import { DeployDraft } from "/work/main/test/runtime/integer/deploy-draft.ts";
let seed = 5; const rnd = () => { seed = (Math.imul(seed, 1664525) + 1013904223) | 0; return (seed >>> 0) / 2 ** 32; };
const gauss = () => Math.sqrt(-2 * Math.log(rnd() + 1e-9)) * Math.cos(6.283185 * rnd());
function net(bits: number) {
  const d = new DeployDraft(); let x = d.add("input", [], { kind: "map", shape: [28, 28, 1] });
  let n = 0;
  const conv = (inC: number, out: number, k: number, stride: number, groups = 1, relu = true, signed = false, b = bits) => {
    const p = `s.${n++}`; const s = d.weight(`${p}.input.step`, "step", { kind: "scalar", shape: [] }, Float32Array.of(4 / 2 ** b * (0.9 + 0.2 * rnd())));
    const [low, high] = signed ? [-(2 ** (b - 1)), 2 ** (b - 1) - 1] : [0, 2 ** b - 1];
    const q = d.add("quantize", [x, s], { quantizer: "lsq", bits: b, low, high, path: `${p}.input` });
    const fan = k * k * inC / groups; const w = d.weight(`${p}.kernel`, "kernel", { kind: "kernel", shape: [k, k, inC / groups, out], groups }, Float32Array.from({ length: fan * out }, () => gauss() * Math.sqrt(2 / fan)));
    const ks = d.weight(`${p}.kernel.step`, "step", { kind: "vector", shape: [out] }, Float32Array.from({ length: out }, () => 2.5 * Math.sqrt(2 / fan) / 2 ** (b - 1) * (0.8 + 0.4 * rnd())));
    const qk = d.add("quantize", [w, ks], { quantizer: "lsq", bits: b, low: -(2 ** (b - 1)), high: 2 ** (b - 1) - 1, path: `${p}.kernel` });
    const bias = d.weight(`${p}.bias`, "bias", { kind: "vector", shape: [out] }, Float32Array.from({ length: out }, () => gauss() * 0.1));
    const pad = (k - 1) / 2; const type = d.typeOf(x); x = d.add("conv", [q, qk, bias], { stride, pads: type.kind === "map" ? [pad, pad, pad, pad] : [0, 0, 0, 0], groups });
    if (relu) x = d.add("relu", [x]);
  };
  conv(1, 16, 3, 2, 1, true, true, 8); conv(16, 16, 3, 1); conv(16, 32, 3, 2); const r = x; conv(32, 32, 3, 1); conv(32, 32, 3, 1, 1, false); x = d.add("add", [x, r]); x = d.add("relu", [x]); conv(32, 32, 3, 1, 32); conv(32, 64, 1, 1);
  const s = d.weight(`pool.input.step`, "step", { kind: "scalar", shape: [] }, Float32Array.of(0.03));
  x = d.add("global_avg", [d.add("quantize", [x, s], { quantizer: "lsq", bits: 8, low: 0, high: 255, path: "pool.input" })]);
  conv(64, 10, 1, 1, 1, false, false, 8);
  return { program: d.program(x), weights: d.weights };
}
it("bench", async () => {
  const count = Number(process.env.COUNT ?? 2000);
  const input = { shape: [count, 28, 28, 1], data: Float32Array.from({ length: count * 784 }, () => gauss()) };
  for (const bits of [8, 4]) {
    const { program, weights } = net(bits);
    const t = performance.now(); const { output, report } = runInteger(program.deploy, weights, input);
    console.log(bits, "integer", ((performance.now() - t) / count).toFixed(3), "ms/image; sample", [...output.data.slice(0, 5)]);
    if (bits === 4) console.log(JSON.stringify([...report.accumulators].slice(0, 4)), [...report.quantizers].slice(0, 4), report.tiedExamples.reduce((a, b) => a + b, 0));
    for (const scales of ["after-sum", "in-dequantize"] as const) {
      const file = exportOnnx(program, weights, { generator: "repqc 0.1.0", scales });
      for (const level of optimizationLevels) for (const threads of [2]) {
        const t = performance.now(); const y = await runOnnx(file.bytes, input, { level, threads });
        console.log(bits, scales, level, threads, file.weightBytes, file.bytes.length, ((performance.now() - t) / count).toFixed(3), JSON.stringify(compareOutputs(output, y, report.tiedExamples)));
      }
    }
  }
}, 600000);
