import type { Formula } from "../../algebra/formula.ts";

/** What a sign of the formulas means, and the rule or law of `specs/language.md` that it comes from. */
export interface Explained {
  readonly text: string;
  readonly latex: string;
  readonly law: string;
}

interface Entry extends Explained {
  /** Kinds of formulas, or letters of symbols, that use the sign. */
  readonly uses: readonly (Formula["kind"] | (string & {}))[];
}

/** The use of a join of kernels that read inputs of their own, as a split makes it: no kind of its own, but written otherwise. */
export const sideBySide = "sideBySide";

/** In the order of the laws. */
const entries: readonly Entry[] = [
  {
    uses: ["scaleOut"],
    text: "(v ⊙ A)[h,w,i,o] = v[o] · A[h,w,i,o]",
    latex: "(v \\odot A)_{hwio} &= v_o A_{hwio}",
    law: "C1",
  },
  {
    uses: ["multiply"],
    text: "(v ⊙ u)[o] = v[o] · u[o]",
    latex: "(v \\odot u)_o &= v_o u_o",
    law: "C1",
  },
  {
    uses: ["embed"],
    text: "pad(A): zeros around A, as far as K reaches",
    latex: "\\operatorname{pad}(A)_{hwio} &= A_{h-t,w-l,i,o}",
    law: "C2",
  },
  {
    uses: ["compose", "spread"],
    text: "(A ∗ B)[u,v,i,o] = Σ A[u−h,v−w,i,t] · B[h,w,t,o] over h, w, t: first A, then B",
    latex: "(A * B)_{uvio} &= \\sum_{h,w,t} A_{u-h,v-w,i,t} B_{hwto}",
    law: "C3",
  },
  {
    uses: ["carry"],
    text: "(v ∗ A)[o] = Σ v[i] · A[h,w,i,o] over h, w, i",
    latex: "(v * A)_o &= \\sum_{h,w,i} v_i A_{hwio}",
    law: "C3",
  },
  {
    uses: ["flip"],
    text: "flip(A)[h,w,i,o] = A[H−1−h,W−1−w,i,o]",
    latex: "\\operatorname{flip}(A)_{hwio} &= A_{H-1-h,W-1-w,i,o}",
    law: "S8",
  },
  {
    uses: ["scaleIn"],
    text: "(A diag(v))[h,w,i,o] = A[h,w,i,o] · v[i]",
    latex: "(A \\operatorname{diag}(v))_{hwio} &= A_{hwio} v_i",
    law: "C4",
  },
  {
    uses: ["identity"],
    text: "I[0,0,i,o] = 1 where output o meets input i of its group, else 0",
    latex: "I_{00io} &= [\\,o \\text{ meets input } i \\text{ of its group}\\,]",
    law: "C5",
  },
  {
    uses: ["dilate"],
    text: "dilate(A, d)[d·h,d·w,i,o] = A[h,w,i,o], zeros between the taps",
    latex: "\\operatorname{dilate}(A, d)_{dh,dw,i,o} &= A_{hwio}",
    law: "C6",
  },
  {
    uses: ["regroup"],
    text: "blkdiag(A): A with fewer groups, zeros outside its blocks",
    latex: "\\operatorname{blkdiag}(A) &\\;\\text{has fewer groups, zeros outside its blocks}",
    law: "C6",
  },
  {
    uses: ["select"],
    text: "I[f:e][0,0,i,o] = 1 where i = f + o, else 0: inputs f to e − 1",
    latex: "(I_{f:e})_{00io} &= [\\,i = f + o\\,]",
    law: "C7",
  },
  {
    uses: ["joinKernels", "joinVectors"],
    text: "[A | B]: the outputs of A, then those of B",
    latex: "[A \\mid B] &\\;\\text{has the outputs of } A\\text{, then those of } B",
    law: "C7",
  },
  {
    uses: [sideBySide],
    text: "[A ⊕ B]: the outputs of A, then those of B, each of inputs of its own",
    latex:
      "[A \\oplus B] &\\;\\text{has the outputs of } A\\text{, then those of } B\\text{, each of inputs of its own}",
    law: "C7",
  },
];

/** What convolutions of a model may have. */
interface Features {
  readonly hasStride: boolean;
  readonly hasDilation: boolean;
  readonly hasGroups: boolean;
}

/** The block as one convolution (rules S1, S2); `s` is its stride and `d` its dilation where it has one. */
function convolution({ hasStride, hasDilation }: Features): Explained {
  const times = (factor: string, place: string, has: boolean) =>
    has ? `${factor}·${place}` : place;
  const seen = (place: string, tap: string) =>
    `${times("s", place, hasStride)}+${times("d", tap, hasDilation)}`;
  const [p, q] = [seen("p", "h"), seen("q", "w")];
  return {
    text: `y[p,q,o] = b[o] + Σ K[h,w,i,o] · x[${p},${q},i] over h, w, i; x is padded once`,
    latex: `y_{pqo} &= b_o + \\sum_{h,w,i} K_{hwio}\\, x_{${p.replaceAll("·", "")},${q.replaceAll("·", "")},i}`,
    law: "S2",
  };
}

const grouped: Explained = {
  text: "i and t run over the group of output o; of a depthwise kernel that is o itself",
  latex: "i &\\;\\text{runs over the inputs of the group of output } o",
  law: "C6",
};

/** Explains the signs that are used, and no others. */
export function legend(uses: ReadonlySet<string>, features: Features): readonly Explained[] {
  return [
    convolution(features),
    ...(features.hasGroups ? [grouped] : []),
    ...entries.filter((entry) => entry.uses.some((one) => uses.has(one))),
  ];
}
