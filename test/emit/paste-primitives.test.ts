import { describe, expect, it } from "vitest";
import { pastePrimitives } from "../../compiler/7-emit/paste-primitives.ts";

const files: Readonly<Record<string, string>> = {
  "a/outer.ts": `import type { tf } from "../tensors.ts";
import {
  inner,
  type Shape,
} from "../b/inner.ts";

/** Calls inner; see \`unused\`. */
export function outer(x: tf.Tensor, shape: Shape): tf.Tensor {
  return inner(x, shape); // not helper
}

export function unused(): number {
  return helper();
}

function helper(): number {
  return 1;
}
`,
  "b/inner.ts": `import { tf } from "../tensors.ts";

/** Sizes. */
export type Shape = {
  /** Rows. */
  readonly rows: number;
};

/** One. */
const one = 1;

export function inner(x: tf.Tensor, { rows }: Shape): tf.Tensor {
  return tf.mul(x, rows + one);
}
`,
  "c/inner.ts": "export function inner(): number {\n  return 2;\n}\n",
};
const places: Readonly<Record<string, string>> = { outer: "a/outer.ts", inner: "c/inner.ts" };
const sources = { fileOf: (name: string) => places[name]!, read: (file: string) => files[file]! };

describe("pastePrimitives", () => {
  it("takes what is needed, with comments, without imports and exports", () => {
    const pasted = pastePrimitives(["outer"], sources);
    expect(pasted.map(({ name }) => name)).toEqual(["outer", "Shape", "inner", "one"]);
    expect(pasted.map(({ text }) => text).join("\n\n")).toMatchInlineSnapshot(`
      "/** Calls inner; see \`unused\`. */
      function outer(x: tf.Tensor, shape: Shape): tf.Tensor {
        return inner(x, shape); // not helper
      }

      /** Sizes. */
      type Shape = {
        /** Rows. */
        readonly rows: number;
      };

      function inner(x: tf.Tensor, { rows }: Shape): tf.Tensor {
        return tf.mul(x, rows + one);
      }

      /** One. */
      const one = 1;"
    `);
  });

  it("refuses two files that declare one name", () => {
    expect(() => pastePrimitives(["outer", "inner"], sources)).toThrow(
      "repqc bug: `inner` is declared in b/inner.ts and in c/inner.ts",
    );
  });
});
