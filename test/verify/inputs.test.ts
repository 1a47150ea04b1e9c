import { describe, expect, it } from "vitest";
import { cutToSize } from "../../cli/verify/cut-to-size.ts";
import { inParts } from "../../cli/verify/in-parts.ts";
import type { Examples } from "../../runtime/data/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";

/** Single features 0, 1, 2, ... in arrays of the given lengths. */
async function* numbers(...lengths: readonly number[]): AsyncGenerator<HostTensor> {
  let next = 0;
  for (const length of lengths) {
    yield { shape: [length, 1], data: Float32Array.from({ length }, () => next++) };
  }
}

async function collect(parts: AsyncIterable<HostTensor>): Promise<readonly number[][]> {
  const found: number[][] = [];
  for await (const { data } of parts) found.push([...data]);
  return found;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("inputs in parts", () => {
  it("are all of them once, in their order, in parts that grow", async () => {
    const limits = { examples: 1000, seconds: 60 };
    const found = await collect(inParts(numbers(5, 50, 1, 64), limits, () => 0));
    expect(found.map((part) => part.length)).toEqual([8, 16, 32, 64]);
    expect(found.flat()).toEqual(upTo(120));
  });

  it("are as many as wanted", async () => {
    for (const examples of [1, 7, 8, 9, 30]) {
      const found = await collect(inParts(numbers(64), { examples, seconds: 60 }, () => 0));
      expect(found.flat()).toEqual(upTo(examples));
    }
  });

  it("end when time is up, and shrink before that", async () => {
    let time = 0;
    let isUp = false;
    const onTimeUp = () => void (isUp = true);
    const parts = inParts(numbers(64), { examples: 64, seconds: 20, onTimeUp }, () => time);
    const found: number[] = [];
    // A second for each.
    for await (const { data } of parts) {
      found.push(data.length);
      time += data.length;
    }
    expect(found).toEqual([8, 12]);
    expect(isUp).toBe(true);
  });

  it("are not cut short where they are enough just in time", async () => {
    let time = 0;
    let isUp = false;
    const limits = { examples: 8, seconds: 1, onTimeUp: () => void (isUp = true) };
    for await (const _ of inParts(numbers(8), limits, () => time)) time += 100;
    expect(isUp).toBe(false);
  });
});

describe("images cut to size", () => {
  const examples = (inputShape: readonly [number, number, number], count: number): Examples => {
    const size = inputShape[0] * inputShape[1] * inputShape[2];
    return {
      name: "images",
      source: "a test",
      size: count,
      inputShape,
      target: { kind: "labels", classes: ["one"] },
      async *pass() {
        const inputs = Float32Array.from({ length: count * size }, (_, i) => i);
        yield {
          number: 0,
          count,
          inputs,
          inputShape,
          targets: new Int32Array(count),
          targetShape: [],
        };
      },
    };
  };

  it("stay whole where they have it", async () => {
    const found = await collect(cutToSize(examples([2, 2, 1], 3), [2, 2, 1], 3));
    expect(found).toEqual([upTo(12)]);
  });

  it("are tiles side by side of larger ones, and none of smaller ones", async () => {
    const found = await collect(cutToSize(examples([3, 5, 1], 1), [2, 2, 1], 1));
    expect(found).toEqual([
      [0, 1, 5, 6],
      [2, 3, 7, 8],
    ]);
    expect(await collect(cutToSize(examples([1, 5, 1], 1), [2, 2, 1], 1))).toEqual([]);
  });
});
