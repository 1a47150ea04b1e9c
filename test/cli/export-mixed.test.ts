import { describe, expect, it } from "vitest";
import { verifyWorld } from "./verify-world.ts";

/** Leaves the last sum to numbers that are not quantized, behind a quantizer. */
const mixed = `quant Mixed {
  weights:     lsq(bits: 8, per: channel)
  activations: lsq(bits: 8, per: tensor)
  at last {
    weights:     none
    activations: none
  }
}
`;

describe("a model that no two engines round alike", () => {
  it("is exported without a command that would fail, and not offered where it is refused", async () => {
    const { call, verify } = await verifyWorld(["--quant", "Mixed"], mixed);
    const { exitCode, text, errors } = await call("export", "run", "--to", "onnx", "--mixed");
    expect(exitCode, errors).toBe(0);
    expect(text).not.toContain("repqc verify");
    expect(text).toContain("it cannot be verified: numbers that are not quantized decide");
    const refused = await verify("run");
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain("no-integer-form");
    expect(refused.errors).not.toContain("--mixed");
    expect(refused.errors).toContain("`repqc export --float`");
  });

  it("has one where nothing of it is mixed", async () => {
    const { call } = await verifyWorld(["--quant", "repq:quant/uniform#RepQ(4)"]);
    const { text } = await call("export", "run", "--to", "onnx", "--mixed");
    expect(text).toContain("repqc verify run/deployed.onnx\n");
  });
});
