/** The formulas of the standard library, checked by hand against the papers' merges. */
import { describe, expect, it } from "vitest";
import { explainMerge } from "../../compiler/7-emit/index.ts";
import { compile } from "../../compiler/compile.ts";
import { limits } from "../../compiler/limits.ts";
import { textHost } from "../support/compile-text.ts";
import { specHost } from "../support/spec-host.ts";

function explainSpec(file: string, entry: string, shape?: readonly number[], format = "text") {
  const { model, diagnostics } = compile({ file, entry, ...(shape && { shape }) }, specHost);
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return explainMerge(model.model, format === "text" ? "text" : "latex");
}

function explainText(
  text: string,
  entry: string,
  shape?: readonly number[],
  format: "text" | "latex" = "text",
) {
  const request = { file: "sample.repq", entry, ...(shape && { shape }) };
  const { model, diagnostics } = compile(request, textHost(text));
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return explainMerge(model.model, format);
}

/** What stands in front of the legend. */
function formulasOf(text: string): string {
  return text.slice(0, text.indexOf("\n\nwhere\n"));
}

const shape = [8, 8, 16];

const golden = [
  [
    "repvgg",
    "RepVGG(16)",
    `RepVGG(16) => conv(3x3)

  K = a_dense ⊙ W_dense + pad(a_point ⊙ W_point) + pad(a_skip ⊙ I)
  b = c_dense + c_point + c_skip

  a_n = γ_n / √(σ²_n + ε)
  c_n = β_n − a_n ⊙ μ_n
  for n = dense, point, skip

  ε = 1e-5`,
  ],
  [
    "acnet",
    "ACNet(16)",
    `ACNet(16) => conv(3x3)

  K = a_square ⊙ W_square + pad(a_horizontal ⊙ W_horizontal)
    + pad(a_vertical ⊙ W_vertical)
  b = c_square + c_horizontal + c_vertical

  a_n = γ_n / √(σ²_n + ε)
  c_n = β_n − a_n ⊙ μ_n
  for n = square, horizontal, vertical

  ε = 1e-5`,
  ],
  [
    "dbb",
    "DBB(16)",
    `DBB(16) => conv(3x3)

  K = a_dense ⊙ W_dense + pad(a_point ⊙ W_point)
    + a_deep₂ ⊙ ((a_deep₁ ⊙ (W_deep₁ + I)) ∗ W_deep₂)
    + a_mean₂ ⊙ ((a_mean₁ ⊙ W_mean) ∗ F)
  b = c_dense + c_point + a_deep₂ ⊙ (c_deep₁ ∗ W_deep₂) + c_deep₂
    + a_mean₂ ⊙ (c_mean₁ ∗ F) + c_mean₂

  a_n = γ_n / √(σ²_n + ε)
  c_n = β_n − a_n ⊙ μ_n
  for n = dense, point, deep₁, deep₂, mean₁, mean₂

  F = 1/9 at each of 3×3 taps
  ε = 1e-5`,
  ],
  [
    "ecb",
    "ECB(16, residual: true)",
    `ECB(16, residual: true) => conv(3x3)

  K = W_dense + W_deep₁ ∗ W_deep₂ + s_sobel_x ⊙ (W_sobel_x ∗ F₁)
    + s_sobel_y ⊙ (W_sobel_y ∗ F₂) + s_laplacian ⊙ (W_laplacian ∗ F₃) + pad(I)
  b = b_dense + b_deep₁ ∗ W_deep₂ + b_deep₂ + s_sobel_x ⊙ (b_sobel_x₁ ∗ F₁) + b_sobel_x₂
    + s_sobel_y ⊙ (b_sobel_y₁ ∗ F₂) + b_sobel_y₂ + s_laplacian ⊙ (b_laplacian₁ ∗ F₃)
    + b_laplacian₂

  F₁ = [1 0 −1; 2 0 −2; 1 0 −1]
  F₂ = [1 2 1; 0 0 0; −1 −2 −1]
  F₃ = [0 1 0; 1 −4 1; 0 1 0]`,
  ],
  [
    "mobileone",
    "MobileOne(16)",
    `MobileOne(16) => conv(3x3)

  K = Σₖ₌₁⁴ a_dense,k ⊙ W_dense,k + pad(a_point ⊙ W_point) + pad(a_skip ⊙ I)
  b = Σₖ₌₁⁴ c_dense,k + c_point + c_skip

  a_n = γ_n / √(σ²_n + ε)
  c_n = β_n − a_n ⊙ μ_n
  for n = dense,k, point, skip

  ε = 1e-5`,
  ],
  [
    "qarepvgg",
    "QARepVGG(16)",
    `QARepVGG(16) => conv(3x3)

  K = a_then ⊙ (a_dense ⊙ W_dense + pad(W_point) + pad(I))
  b = a_then ⊙ c_dense + c_then

  a_n = γ_n / √(σ²_n + ε)
  c_n = β_n − a_n ⊙ μ_n
  for n = dense, then

  ε = 1e-5`,
  ],
  [
    "orepa",
    "OREPA(16)",
    `OREPA(16) => conv(3x3)

  K = a_then ⊙ (s_origin ⊙ W_origin + s_mean ⊙ (W_mean ∗ F₁)
              + s_frequency ⊙ (W_frequency ∗ F₂) + s_deep ⊙ ((W_deep₁ + I) ∗ W_deep₂)
              + pad(s_point ⊙ W_point)
              + s_separable ⊙ (blkdiag(W_separable₁) ∗ W_separable₂))
  b = c_then

  a_then = γ_then / √(σ²_then + ε)
  c_then = β_then − a_then ⊙ μ_then
  F₁ = 1/9 at each of 3×3 taps
  F₂ = [0.866 0.866 0.866; 0 0 0; −0.866 −0.866 −0.866], … (12 fixed filters)
  ε = 1e-5`,
  ],
] as const;

describe("the merge of a block of the library", () => {
  it.each(golden)("%s", (file, entry, expected) => {
    expect(formulasOf(explainSpec(`blocks/${file}.repq`, entry, shape))).toBe(expected);
  });

  it.each([
    ...golden.map(([file, entry]) => [file, entry] as const),
    ["orepa", "OREPA_Large(16)"],
    ["orepa", "RepVGG_OREPA(16)"],
    ["mobileone", "MobileOneUnit(16)"],
    ["qarepvgg", "QARepVGG_YOLOv6(16)"],
  ] as const)("fits a terminal: %s, %s", (file, entry) => {
    const lines = explainSpec(`blocks/${file}.repq`, entry, shape).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(88);
  });

  it("gives long factors of a composition names", () => {
    const text = explainSpec("blocks/orepa.repq", "OREPA_Large(16)", shape);
    expect(text).toContain("  K = a_then ⊙ (G₁ ∗ G₂ ∗ G₃)\n  b = c_then\n");
    expect(text).toContain("  G₁ = s_origin₁ ⊙ W_origin₁ + s_mean₁ ⊙ (W_mean₁ ∗ F₁)\n     + ");
    expect(text).toContain("  G₂ = s_origin₂ ⊙ flip(W_origin₂) + s_mean₂");
  });
});

describe("the legend", () => {
  it("explains every sign by the law that it comes from, and no others", () => {
    const text = explainSpec("blocks/dbb.repq", "DBB(16)", shape);
    expect(text.slice(text.indexOf("where\n"))).toBe(`where
  y[p,q,o] = b[o] + Σ K[h,w,i,o] · x[p+h,q+w,i] over h, w, i; x is padded once        S2
  i and t run over the group of output o; of a depthwise kernel that is o itself      C6
  (v ⊙ A)[h,w,i,o] = v[o] · A[h,w,i,o]                                                C1
  (v ⊙ u)[o] = v[o] · u[o]                                                            C1
  pad(A): zeros around A, as far as K reaches                                         C2
  (A ∗ B)[u,v,i,o] = Σ A[u−h,v−w,i,t] · B[h,w,t,o] over h, w, t: first A, then B      C3
  (v ∗ A)[o] = Σ v[i] · A[h,w,i,o] over h, w, i                                       C3
  I[0,0,i,o] = 1 where output o meets input i of its group, else 0                    C5
`);
  });

  it("knows strides", () => {
    const text = explainSpec("blocks/repvgg.repq", "RepVGG(16, stride: 2)", shape);
    expect(text).toContain("x[s·p+h,s·q+w,i]");
  });
});

describe("signs of the calculus", () => {
  const one = (chain: string, promise = "conv(3x3)") =>
    formulasOf(
      explainText(`block Sample => ${promise} {\n  branch b = ${chain}\n}`, "Sample(4)", [8, 8, 4]),
    );

  it.each([
    ["bn -> conv(3x3)", "K = W_b diag(a_b)\n  b = c_b ∗ W_b"],
    ["scale -> scale -> conv(3x3)", "K = W_b diag(s_b₂ ⊙ s_b₁)\n  b = 0"],
    ["(conv(3x3) - conv(1x1))", "K = W_b₁ − pad(W_b₂)\n  b = 0"],
    ["(conv(3x3) - bn)", "K = W_b − pad(a_b ⊙ I)\n  b = −c_b"],
    ["conv(2x2, dilation: 2)", "K = dilate(W_b, 2)\n  b = 0"],
    ["conv(3x3, groups: 2)", "K = blkdiag(W_b)\n  b = 0"],
    ["flip(conv(3x3))", "K = flip(W_b)\n  b = 0"],
    ["negate -> conv(3x3)", "K = W_b diag(−1)\n  b = 0"],
    [
      "concat(conv(3x3, out: 3, bias: true), slice(1, 1))",
      "K = [W_b | pad(I[1:2])]\n  b = [b_b | 0]",
    ],
    ["split(conv(3x3), conv(1x1))", "K = blkdiag([W_b₁ ⊕ pad(W_b₂)])\n  b = 0"],
    ["concat(conv(3x3, out: 2), conv(1x1, out: 2))", "K = [W_b₁ | pad(W_b₂)]\n  b = 0"],
    ["conv(3x3, residual: true) -> bn(epsilon: 0.0)", "K = a_b ⊙ (W_b + pad(I))\n  b = c_b"],
  ])("%s", (chain, expected) => {
    expect(one(chain)).toContain(`\n  ${expected}`);
  });

  it("a dilated promise has no zeros between its taps", () => {
    const block =
      "block Sample => conv(3x3, dilation: 2, stride: 2) {\n  branch a = conv(3x3)\n  branch b = conv(1x1)\n}";
    const text = explainText(block, "Sample(4)", [8, 8, 4]);
    expect(text).toContain("conv(3x3, dilation: 2, stride: 2)");
    expect(text).toContain("K = W_a + pad(W_b)\n");
    expect(text).toContain("x[s·p+d·h,s·q+d·w,i]");
    expect(text).not.toContain("dilate(");
    const latex = explainText(block, "Sample(4)", [8, 8, 4], "latex");
    expect(latex).toContain("x_{sp+dh,sq+dw,i}");
  });

  it("says that a split's parts have inputs of their own", () => {
    const block = "block Sample => conv(3x3) {\n  branch b = split(conv(3x3), conv(1x1))\n}";
    expect(explainText(block, "Sample(4)", [8, 8, 4])).toContain(
      "[A ⊕ B]: the outputs of A, then those of B, each of inputs of its own",
    );
    expect(explainText(block, "Sample(4)", [8, 8, 4])).not.toContain("[A | B]");
  });

  it("writes each epsilon as a number where they differ", () => {
    const text = one("bn(epsilon: 0.001) -> conv(3x3) -> bn(epsilon: 0.0) -> bn");
    expect(text).toContain("a_b₁ = γ_b₁ / √(σ²_b₁ + 0.001)");
    expect(text).toContain("a_b₂ = γ_b₂ / √(σ²_b₂)");
    expect(text).toContain("a_b₃ = γ_b₃ / √(σ²_b₃ + 1e-5)");
    expect(text).not.toContain("ε");
  });

  it("does not call any branch what one of them is called", () => {
    const text = explainText(
      "block Sample => conv(3x3) {\n  branch n = conv(3x3) -> bn\n  branch j = conv(1x1) -> bn\n}",
      "Sample(4)",
      [8, 8, 4],
    );
    expect(text).toContain("a_r = γ_r / √(σ²_r + ε)");
    expect(text).toContain("for r = n, j");
  });
});

describe("a model", () => {
  it("tells each structure once, and where it applies", () => {
    const text = explainSpec("models/repvgg.repq", "RepVGG_A0");
    expect(text.match(/^\S.* => .*$/gm)).toEqual([
      "RepVGG => conv(3x3, stride: 2), at stem.0, s1.0, s2.0, s3.0, s4.0",
      "RepVGG => conv(3x3), at s1.1, s2.1 to s2.3, s3.1 to s3.13",
      "dense => conv(1x1), at output.1",
    ]);
    expect(text.match(/^where$/gm)).toHaveLength(1);
    expect(text).toContain("  K = W_dense\n  b = b_dense\n");
  });
});

describe("LaTeX", () => {
  it("is what a paper would have", () => {
    const text = explainSpec("blocks/mobileone.repq", "MobileOne(16, k: 1)", shape, "latex");
    expect(text).toBe(String.raw`% MobileOne(16, k: 1) => conv(1x1)
\begin{aligned}
  K &= \sum_{k=1}^{4} a_{\mathrm{dense},k} \odot W_{\mathrm{dense},k} \\
  &\quad + a_{\mathrm{skip}} \odot I \\
  b &= \sum_{k=1}^{4} c_{\mathrm{dense},k} + c_{\mathrm{skip}} \\
  a_{n} &= \frac{\gamma_{n}}{\sqrt{\sigma^2_{n} + \varepsilon}} \\
  c_{n} &= \beta_{n} - a_{n} \odot \mu_{n} \\
  &\quad \text{for } n = \mathrm{dense},k;\ \mathrm{skip} \\
  \varepsilon &= 10^{-5}
\end{aligned}

\begin{aligned}
  y_{pqo} &= b_o + \sum_{h,w,i} K_{hwio}\, x_{p+h,q+w,i} && \text{(S2)} \\
  (v \odot A)_{hwio} &= v_o A_{hwio} && \text{(C1)} \\
  (v \odot u)_o &= v_o u_o && \text{(C1)} \\
  I_{00io} &= [\,o \text{ meets input } i \text{ of its group}\,] && \text{(C5)}
\end{aligned}
`);
  });
});

it("as many branches as a model may have are no trouble", () => {
  const copies = Math.min(1000, limits.repeats);
  const branches = Array.from(
    { length: 5 },
    (_, index) => `  branch b${index}[${copies}] = conv(1x1)`,
  );
  const text = `block Wide => conv(1x1) {\n${branches.join("\n")}\n}`;
  const formulas = formulasOf(explainText(text, "Wide(1)", [2, 2, 1]));
  expect(formulas).toContain("K = Σₖ₌₁¹⁰⁰⁰ W_b0,k + Σₖ₌₁¹⁰⁰⁰ W_b1,k");
});
