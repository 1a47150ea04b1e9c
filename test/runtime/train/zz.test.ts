import { it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { tf } from "../../../runtime/tensors.ts";
import { differentiate } from "../../../runtime/train/differentiate.ts";
import { GraphBuilder } from "../interpreter/graph-builder.ts";
const signed = { quantizer: "lsq", bits: 4, low: -8, high: 7 };
function block(h: number, c: number, repq: boolean) {
  const b = new GraphBuilder();
  const x = b.input(h, h, c);
  const norm = (n: string) => ["gamma", "beta", "mean", "variance"].map((p) => b.vector(`${n}.${p}`, c)) as [string, string, string, string];
  const xq = b.op("quantize", [x, b.scalar("x.step")], { ...signed, low: 0, high: 15 });
  const G = { stride: 1, pads: [1, 1, 1, 1], groups: 1 };
  if (!repq) {
    const k = b.op("quantize", [b.kernel("k", [3, 3, c, c]), b.vector("k.step", c)], signed);
    return b.graph({ output: b.op("relu", [b.op("batch_norm", [b.op("conv", [xq, k], G), ...norm("a")], { epsilon: 1e-5, momentum: 0.1 })]) });
  }
  const part = (k: string | undefined, n: string, pads: number[]) => {
    const [g, be, m, v] = norm(n);
    const [mm, vv] = b.ops("statistics", k ? [x, k, m, v] : [x, m, v], { path: n, mode: "batch", momentum: 0.1, stride: 1, pads, groups: 1 });
    const f = b.op("multiply_vectors", [g, b.op("reciprocal_root", [vv!], { epsilon: 1e-5 })]);
    return { k: b.op("scale_out", [k ?? b.op("identity_kernel", [], { channels: c, groups: 1 }), f]), b: b.op("subtract_vectors", [be, b.op("multiply_vectors", [mm!, f])]) };
  };
  const d = part(b.kernel("k", [3, 3, c, c]), "a", [1, 1, 1, 1]);
  const p = part(b.kernel("p", [1, 1, c, c]), "b", [0, 0, 0, 0]);
  const s = part(undefined, "c", [0, 0, 0, 0]);
  const e = b.op("embed", [b.op("add_kernels", [p.k, s.k])], { height: 3, width: 3, top: 1, left: 1 });
  const K = b.op("quantize", [b.op("add_kernels", [d.k, e]), b.vector("k.step", c)], signed);
  const B = b.op("add_vectors", [b.op("add_vectors", [d.b, p.b]), s.b]);
  return b.graph({ output: b.op("relu", [b.op("conv", [xq, K, B], G)]) });
}
it("x", async () => {
  await openBackend("wasm", { threads: 2 });
  for (const [h, c] of [[16, 32]] as const) for (const repq of [false, true]) {
    const graph = block(h, c, repq);
    const ws = graph.instructions.filter((i) => i.op === "weight");
    const weights = new Map(ws.map((i) => {
      const t = i.types[0]!; const path = String(i.attributes["path"]);
      const shape = i.attributes["shape"] as number[];
      return [path, /step|variance/.test(path) ? tf.fill(shape, 0.3) : t.kind === "kernel" ? tf.randomNormal(shape, 0, 0.1) : tf.ones(shape)] as [string, tf.Tensor];
    }));
    const program = { train: graph } as never;
    const input = tf.randomUniform([32, h, h, c]);
    const by = [...weights.keys()].filter((k) => !/mean|variance/.test(k));
    const times: number[] = []; let peak = 0;
    for (let n = 0; n < 2; n++) {
      const base = tf.memory().numBytes;
      const r = await tf.profile(() => { const r = differentiate(program, { weights, input, by, inputName: ".x", objective: (o) => tf.sum(tf.mul(o, o)) });  tf.dispose([r.output, ...r.gradients.values(), ...r.updates.values()]); return r.value; });
      peak = r.peakBytes - base;
      (r.result as tf.Tensor).dispose();
      times.push(1);
      if (n === 1) {
        const by: Record<string, number> = {};
        for (const k of r.kernels) by[k.name] = (by[k.name] ?? 0) + 1;
        console.log(JSON.stringify(by));
        const map = 32 * h * h * c * 4;
        console.log(r.kernels.map((k) => `${k.name}:${(k.totalBytesSnapshot - base) / map}`.slice(0, 28)).filter((_, i) => i % 4 === 0).join(" "));
      }
    }
    console.log(h, c, repq, "peak MB", (peak / 1e6).toFixed(0), "in maps", peak / (32 * h * h * c * 4));
  }
});
