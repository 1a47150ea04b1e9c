import { expect, it } from "vitest";
import { proveJson } from "../../cli/prove/prove-json.ts";
import { proveIsland } from "../../compiler/prove/index.ts";
import { blockOf, seed } from "./prove-text-block.ts";

it("the certificate says how far apart the taps of a promise are", () => {
  const promise = "conv(3x5, dilation: 3, stride: 2, groups: 2, pad: 4)";
  const block = blockOf(["conv(1x1)"], { promise });
  const proof = proveIsland(block, seed);
  const certificates = [{ island: block.island, proof }];
  const result = { seed, certificates, barriers: [], isProved: true };
  const { blocks } = JSON.parse(proveJson({ entry: "Sample(4)", result }));
  expect(blocks[0].promise).toEqual({
    size: [3, 5],
    dilation: 3,
    stride: 2,
    groups: 2,
    pads: [4, 4, 4, 4],
  });
});
